import type { L10n } from '../../platform/l10n';
import { serveWords } from '../serveWords';
import type { Definition } from './definition';

/** What a flag does, in one sentence part: `25% "on", 75% "off"`. Variant names come from outside. */
export function stateWords(definition: Definition, l10n: L10n): string {
  const { t } = l10n;
  if (definition.disabled) return t('disabled: everyone gets the default in the code');
  const { kind, ruleCount } = definition.effective;
  if (kind !== 'rules') return serveWords(definition.defaultRule, l10n);
  const rest = serveWords(definition.defaultRule, l10n);
  return ruleCount === 1 ? t('1 rule, else {0}', rest) : t('{0} rules, else {1}', ruleCount, rest);
}
