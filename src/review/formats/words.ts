import type { L10n } from '../../platform/l10n';
import { dotted } from '../../view/text';
import type { FlagImpact, Place } from '../report';

/** `src/shop.ts:14`. */
export const placeWords = ({ path, line }: Pick<Place, 'path' | 'line'>): string => `${path}:${String(line)}`;

/** What a change does to a flag: `2 references added · default changed`. */
export function changeWords(
  { change, added, removed, moved, edited, guarded, defaults, flags }: FlagImpact,
  l10n: L10n,
): string {
  const redefined = flags.some(({ environments }) => environments.some(({ becomes }) => becomes !== null));
  return dotted(
    change === 'extinct' && l10n.t('extinct'),
    added.length > 0 &&
      (added.length === 1 ? l10n.t('1 reference added') : l10n.t('{0} references added', added.length)),
    removed.length > 0 &&
      (removed.length === 1 ? l10n.t('1 reference removed') : l10n.t('{0} references removed', removed.length)),
    moved.length > 0 &&
      (moved.length === 1 ? l10n.t('1 reference moved') : l10n.t('{0} references moved', moved.length)),
    edited.length > 0 &&
      (edited.length === 1 ? l10n.t('1 reference edited') : l10n.t('{0} references edited', edited.length)),
    guarded.length > 0 &&
      (guarded.length === 1
        ? l10n.t('code under it changed')
        : l10n.t('code under it changed in {0} places', guarded.length)),
    defaults.length > 0 && l10n.t('default changed'),
    redefined && l10n.t('definition changed'),
  );
}
