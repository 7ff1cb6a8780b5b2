import type { Effective, FlagType, Rule, Serve, Variant } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import { effectiveOf } from '../effective';
import { serveWords } from '../serveWords';
import { holdsEveryone, type FliptFlag, type Segments } from './flagModel';
import { choiceWords } from './segmentWords';

/** Boolean flags have no variants of their own: these are what Flipt's OFREP names them. */
export const booleanVariants: readonly Variant[] = [
  { name: 'true', value: true },
  { name: 'false', value: false },
];
/** What people are told apart by. */
const BY = 'entityId';

/** A flag as readers meet it. */
export interface Reading {
  readonly type: FlagType;
  readonly variants: readonly Variant[];
  /** Of a boolean flag `enabled` is a value; of a variant flag it is a switch. */
  readonly hasSwitch: boolean;
  /** A variant flag that is not enabled: no match, and the code's default. */
  readonly disabled: boolean;
  readonly rules: readonly Rule[];
  readonly defaultRule: Serve;
  readonly effective: Effective;
}

export const isDisabled = ({ disabled }: Reading): boolean => disabled;

/** What a flag does, as Flipt evaluates it (internal/server/evaluation/evaluation.go of 2.9). */
export function readState(flag: FliptFlag, segments: Segments, l10n: L10n): Reading {
  return flag.type === 'boolean' ? booleanReading(flag, segments, l10n) : variantReading(flag, segments, l10n);
}

export const variantsOf = ({ type, variants }: Pick<FliptFlag, 'type' | 'variants'>): readonly Variant[] =>
  type === 'boolean'
    ? booleanVariants
    : // Code gets the key; what is attached goes with it.
      variants.map((each): Variant => ({ name: each.key, value: each.attachment ?? each.key }));

/**
 * Rollouts are looked at from the top, whatever `enabled` says; that is what all others get. Everybody has one number of
 * 0..99 in a flag, and a threshold takes those below its percentage: of several only what the earlier ones left.
 */
function booleanReading(flag: FliptFlag, segments: Segments, l10n: L10n): Reading {
  const variants = variantsOf(flag);
  const named = (value: boolean): Serve => ({ kind: 'variant', variant: String(value) });
  const rules: Rule[] = [];
  const last = flag.rollouts.findLastIndex(({ kind }) => kind === 'segment');
  let taken = 0;
  let otherwise: Serve | null = null;
  const weights = new Map<string, number>();
  for (const [index, rollout] of flag.rollouts.entries()) {
    if (rollout.kind === 'segment') {
      if (holdsEveryone(rollout, segments)) {
        otherwise = named(rollout.value);
        break;
      }
      rules.push({ id: String(index), words: choiceWords(rollout, segments, l10n), serve: named(rollout.value) });
      continue;
    }
    const reach = Math.min(100, Math.max(0, Math.ceil(rollout.percentage)));
    if (reach <= taken) continue;
    if (index < last) {
      const words = l10n.t('the first {0}% by id', reach);
      rules.push({ id: String(index), words, serve: named(rollout.value) });
    } else weights.set(String(rollout.value), (weights.get(String(rollout.value)) ?? 0) + reach - taken);
    taken = reach;
  }
  if (taken < 100) weights.set(String(flag.enabled), (weights.get(String(flag.enabled)) ?? 0) + 100 - taken);
  otherwise ??= splitOf([...weights].map(([variant, weight]) => ({ variant, weight })));
  const effective = effectiveOf(
    false,
    variants.map(({ name }) => name),
    otherwise,
    { rules, otherwise, also: [] },
  );
  return { type: 'boolean', variants, hasSwitch: false, disabled: false, rules, defaultRule: otherwise, effective };
}

function variantReading(flag: FliptFlag, segments: Segments, l10n: L10n): Reading {
  const variants = variantsOf(flag);
  const fallback: Serve =
    flag.defaultVariant === null ? { kind: 'codeDefault' } : { kind: 'variant', variant: flag.defaultVariant };
  const rules: Rule[] = [];
  let otherwise: Serve = fallback;
  for (const [index, rule] of flag.rules.entries()) {
    const given = rule.distributions.filter(({ rollout }) => rollout > 0);
    const total = given.reduce((sum, { rollout }) => sum + rollout, 0);
    const serve: Serve =
      given.length === 0
        ? fallback
        : Math.abs(total - 100) > 0.1
          ? { kind: 'dynamic', words: l10n.t('shares that are not 100% together') }
          : splitOf(rule.distributions.map(({ variant, rollout }) => ({ variant, weight: rollout })));
    if (holdsEveryone(rule, segments)) {
      otherwise = serve;
      break;
    }
    rules.push({ id: String(index), words: choiceWords(rule, segments, l10n), serve });
  }
  const effective = effectiveOf(
    !flag.enabled,
    variants.map(({ name }) => name),
    otherwise,
    { rules, otherwise, also: [] },
  );
  const isOff = !flag.enabled;
  return {
    type: typeOf(variants),
    variants,
    hasSwitch: true,
    disabled: isOff,
    rules: isOff ? [] : rules,
    defaultRule: isOff ? { kind: 'codeDefault' } : otherwise,
    effective,
  };
}

function splitOf(weights: readonly { readonly variant: string; readonly weight: number }[]): Serve {
  const given = weights.filter(({ weight }) => weight > 0);
  const [only] = given;
  if (only && given.length === 1) return { kind: 'variant', variant: only.variant };
  return { kind: 'split', by: BY, weights: [...weights] };
}

/**
 * Code is given the key of a variant as a text, as a number where it reads so, or what is attached to it: where more than
 * the first may be meant there is no one type.
 */
function typeOf(variants: readonly Variant[]): FlagType {
  const isText = ({ name, value }: Variant): boolean => name === value && !/^-?[\d.]+$/.test(name);
  return variants.length > 0 && variants.every(isText) ? 'string' : 'unknown';
}

/** What a flag does, in one sentence part: `25% "true", 75% "false"`. Names come from outside. */
export function stateWords({ disabled, rules, defaultRule }: Reading, l10n: L10n): string {
  const { t } = l10n;
  if (disabled) return t('not enabled: everyone gets the default in the code');
  const rest = serveWords(defaultRule, l10n);
  if (rules.length === 0) return rest;
  return rules.length === 1 ? t('1 rule, else {0}', rest) : t('{0} rules, else {1}', rules.length, rest);
}
