import type { Json } from '../model/json';
import type { Rule } from '../model/flag';
import type { L10n } from '../platform/l10n';
import { ruleInWords } from './shareWords';
import { dotted, oneLine, quoted } from './text';

/** What somebody is given, as a flag system says it. All text in it comes from outside. */
export interface Evaluated {
  readonly variant: string | null;
  readonly value: Json;
  readonly reason: string;
  readonly rule: Rule | null;
  readonly by: string;
  readonly remarks: readonly string[];
}

/** `"on"  true`: the variant, and its value where that says more. */
export function givenWords({ variant, value }: Evaluated, l10n: L10n): string {
  const name = variant === null ? l10n.t('the default in the code') : quoted(variant);
  const text = oneLine(JSON.stringify(value), 500);
  return variant === null || text === JSON.stringify(variant) ? name : dotted(name, text);
}

/** The rule that decided, in words. */
export function decidedWords({ rule }: Evaluated, l10n: L10n): string {
  return rule ? oneLine(ruleInWords(rule, l10n), 300) : l10n.t('no rule: what everyone else gets');
}
