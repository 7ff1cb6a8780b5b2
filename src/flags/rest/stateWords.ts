import type { Effective, Serve } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import { serveWords } from '../serveWords';

/** What a flag does, in one sentence part: `2 rules, else 25% "on", 75% "off"`. */
export function stateWords(
  { effective, defaultRule }: { readonly effective: Effective; readonly defaultRule: Serve },
  l10n: L10n,
): string {
  const { t } = l10n;
  const serve = defaultRule.kind === 'dynamic' ? defaultRule.words : serveWords(defaultRule, l10n);
  if (effective.kind !== 'rules') return serve;
  return effective.ruleCount === 1
    ? t('1 rule, else {0}', serve)
    : t('{0} rules, else {1}', effective.ruleCount, serve);
}
