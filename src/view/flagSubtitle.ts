import type { FlagSnapshot } from '../model/flag';
import type { ViewContext } from './input';
import { numbersFor } from './numbers';
import { dotted, oneLine } from './text';

/** `New checkout flow · boolean · owner checkout-team · changed 12 min ago by Ana (10% → 25%)`. */
export function subtitleOf({ l10n, now }: ViewContext, flag: FlagSnapshot): string {
  const { changed } = flag;
  const when = changed ? numbersFor(l10n).ago(changed.at, now) : '';
  const by = changed?.by ? l10n.t('changed {0} by {1}', when, oneLine(changed.by, 60)) : l10n.t('changed {0}', when);
  const words = changed && changed.words !== '' ? `${by} (${oneLine(changed.words, 100)})` : by;
  return dotted(
    flag.description === null ? (flag.name === null ? null : oneLine(flag.name)) : oneLine(flag.description),
    typeWord(flag, l10n),
    flag.owner === null ? null : l10n.t('owner {0}', oneLine(flag.owner, 60)),
    flag.archived && l10n.t('archived'),
    changed && words,
  );
}

function typeWord({ type }: FlagSnapshot, l10n: ViewContext['l10n']): string | null {
  switch (type) {
    case 'boolean':
      return l10n.t('boolean');
    case 'string':
      return l10n.t('string');
    case 'number':
      return l10n.t('number');
    case 'object':
      return l10n.t('object');
    case 'unknown':
      return null;
  }
}
