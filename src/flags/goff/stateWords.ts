import type { L10n } from '../../platform/l10n';
import { serveWords } from '../serveWords';
import type { Definition } from './definition';

/** What a flag does, in one sentence part: `25% "on", 75% "off"`. Variant names come from outside. */
export function stateWords({ disabled, out, rules, defaultRule }: Definition, l10n: L10n): string {
  const { t } = l10n;
  if (disabled) return t('disabled: everyone gets the default in the code');
  if (out) return t('outside its experiment: everyone gets the default in the code');
  const rest = serveWords(defaultRule, l10n);
  if (rules.length === 0) return rest;
  return rules.length === 1 ? t('1 rule, else {0}', rest) : t('{0} rules, else {1}', rules.length, rest);
}
