import type { Effective, Rule, Serve, Shares } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import { short } from '../boundedWords';
import { OFF, ON, serveOf, type Reading } from './strategies';

export interface EnvironmentReading {
  readonly enabled: boolean;
  readonly strategyCount: number;
  readonly unreadable: number;
  /** The strategies that count, in order. */
  readonly active: readonly Reading[];
  readonly prerequisites: number;
  /** All variants of the flag, {@link ON} and {@link OFF} among them. */
  readonly variants: readonly string[];
}

export interface EffectiveState {
  readonly defaultRule: Serve;
  readonly rules: readonly Rule[];
  readonly effective: Effective;
}

/**
 * What a flag really does in one environment. Strategies are OR-ed: whoever one of them lets in has the flag, with the
 * variant of the first that does (https://docs.getunleash.io/concepts/activation-strategies). Those about everyone
 * make the default rule, the others are rules beside it.
 */
export function effectiveOf(reading: EnvironmentReading, l10n: L10n): EffectiveState {
  const { enabled, active, variants, strategyCount } = reading;
  const open = active.filter(({ condition }) => condition === null);
  const conditional = active.filter(({ condition }) => condition !== null);
  const rules = conditional.map((item) => ruleOf(item, active.length > 1, l10n));
  if (!enabled) return { ...everyone(OFF, reading), rules };
  if (reading.unreadable > 0) return { ...unknown(l10n.t('strategies that this version cannot read')), rules };
  // SDKs take no strategies at all for a yes; Unleash itself switches a flag off when the last one goes.
  if (active.length === 0) {
    if (strategyCount > 0) return unknown(l10n.t('no strategy that is active'));
    return reading.prerequisites > 0 ? behindPrerequisites(everyone(ON, reading), reading) : everyone(ON, reading);
  }
  const union = unionOf(open, variants, l10n);
  const plain = active.every(({ arms }) => arms.every(({ variant }) => variant === ON));
  const onForAll = plain && (union.shares?.[ON] ?? 0) >= 1;
  const alone = onForAll
    ? everyone(ON, reading)
    : rules.length === 0
      ? splitAlone(union, reading)
      : besideRules(union, rules, reading);
  const state = reading.prerequisites > 0 ? behindPrerequisites(alone, reading) : alone;
  return { ...state, rules };
}

interface Union {
  readonly serve: Serve;
  readonly shares: Shares | null;
}

/** What those get whom no condition matches. */
function unionOf(open: readonly Reading[], variants: readonly string[], l10n: L10n): Union {
  const [first] = open;
  if (!first)
    return { serve: { kind: 'variant', variant: OFF }, shares: sharesOf({ kind: 'variant', variant: OFF }, variants) };
  const decides = first.rollout?.share === 1 || open.length === 1;
  if (decides) {
    const serve = serveOf(first, l10n);
    return { serve, shares: sharesOf(serve, variants) };
  }
  const { t, locale } = l10n;
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  const words = open
    .map(({ rollout, strategy }) =>
      rollout ? t('{0} by {1}', percent.format(rollout.share), rollout.by) : `"${short(strategy.name)}"`,
    )
    .join(t(' or '));
  const dynamic: Serve = { kind: 'dynamic', words: t('in when one of these lets in: {0}', words) };
  const plain = open.every(({ arms }) => arms.every(({ variant }) => variant === ON));
  const share = plain ? unionShare(open) : null;
  if (share === null) return { serve: dynamic, shares: null };
  return {
    serve: share >= 1 ? { kind: 'variant', variant: ON } : dynamic,
    shares: blank(variants, { [ON]: share, [OFF]: 1 - share }),
  };
}

/**
 * How many at least one of several splits lets in: splits by the same hash let in the same people first (the widest
 * counts), others are independent of each other. Null where a part is not known, or one split takes userId, else
 * sessionId and another of its group one of the two: how many have a userId, and so hash alike, nobody can tell.
 */
function unionShare(open: readonly Reading[]): number | null {
  const widest = new Map<string, number>();
  for (const [index, { rollout }] of open.entries()) {
    if (!rollout) return null;
    const hash = rollout.hashedBy ?? `chance ${index}`;
    widest.set(hash, Math.max(widest.get(hash) ?? 0, rollout.share));
  }
  if ([...widest.values()].some((share) => share >= 1)) return 1;
  for (const hash of widest.keys()) {
    const group = /^default(:.*)$/s.exec(hash)?.[1];
    if (group !== undefined && (widest.has(`userId${group}`) || widest.has(`sessionId${group}`))) return null;
  }
  return 1 - [...widest.values()].reduce((left, share) => left * (1 - share), 1);
}

function splitAlone({ serve, shares }: Union, reading: EnvironmentReading): EffectiveState {
  if (shares === null) return { ...unknown(''), defaultRule: serve };
  const served = Object.values(shares).filter((share) => share > 0).length;
  return {
    defaultRule: serve,
    rules: [],
    effective: {
      kind: served > 1 ? 'split' : 'everyone',
      shares,
      defaultShares: shares,
      ruleCount: 0,
      randomised: served > 1 ? 'yes' : 'no',
      unreachable: unreachableOf(shares, reading),
    },
  };
}

function besideRules({ serve, shares }: Union, rules: readonly Rule[], reading: EnvironmentReading): EffectiveState {
  const parts = [...rules.map((rule) => rule.serve), serve];
  const given = new Map(Object.entries(shares ?? {}));
  for (const part of parts)
    for (const [variant, share] of Object.entries(sharesOf(part, reading.variants) ?? {}))
      given.set(variant, Math.max(given.get(variant) ?? 0, share));
  const readable = parts.every((part) => part.kind !== 'dynamic');
  return {
    defaultRule: serve,
    rules,
    effective: {
      kind: 'rules',
      shares: null,
      defaultShares: shares,
      ruleCount: rules.length,
      randomised: parts.some((part) => part.kind === 'split' || part.kind === 'dynamic') ? 'partly' : 'no',
      unreachable: readable ? unreachableOf(Object.fromEntries(given), reading) : [],
    },
  };
}

/** Another flag decides first: how many it lets through is not known here. */
function behindPrerequisites(state: EffectiveState, { prerequisites }: EnvironmentReading): EffectiveState {
  const { effective } = state;
  const { randomised } = effective;
  return {
    ...state,
    effective: {
      ...effective,
      kind: 'rules',
      shares: null,
      ruleCount: effective.ruleCount + prerequisites,
      randomised: randomised === 'yes' ? 'partly' : randomised,
    },
  };
}

function everyone(variant: string, reading: EnvironmentReading): EffectiveState {
  const shares = blank(reading.variants, { [variant]: 1 });
  return {
    defaultRule: { kind: 'variant', variant },
    rules: [],
    effective: {
      kind: 'everyone',
      shares,
      defaultShares: shares,
      ruleCount: 0,
      randomised: 'no',
      unreachable: unreachableOf(shares, reading),
    },
  };
}

function unknown(words: string): EffectiveState {
  return {
    defaultRule: { kind: 'dynamic', words },
    rules: [],
    effective: {
      kind: 'unknown',
      shares: null,
      defaultShares: null,
      ruleCount: 0,
      randomised: 'partly',
      unreachable: [],
    },
  };
}

/**
 * Off is always within reach: an SDK that has not heard from its server yet, or is given no id to hash, says off. Of a
 * flag with named variants nothing is said: code asks both whether it is on and what it is called.
 */
function unreachableOf(shares: Shares, { variants }: EnvironmentReading): string[] {
  if (variants.some((name) => name !== ON && name !== OFF)) return [];
  return variants.filter((name) => name !== OFF && (shares[name] ?? 0) <= 0);
}

function ruleOf(reading: Reading, others: boolean, l10n: L10n): Rule {
  const { strategy, condition } = reading;
  const serve = serveOf(reading, l10n);
  const title = strategy.title ?? '';
  return {
    id: strategy.id,
    words: title === '' ? (condition ?? '') : l10n.t('{0} ({1})', short(title), condition ?? ''),
    serve: others ? passingOn(serve, reading, l10n) : serve,
  };
}

/** Whoever one strategy turns away, the others are still asked about. */
function passingOn(serve: Serve, { rollout }: Reading, l10n: L10n): Serve {
  if (serve.kind !== 'split' || !rollout || rollout.share >= 1) return serve;
  const { t, locale } = l10n;
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  return {
    kind: 'dynamic',
    words: t(
      '{0} are let in, split by {1}; the other strategies decide about the rest',
      percent.format(rollout.share),
      rollout.by,
    ),
  };
}

/** Shares 0..1 of what a rule hands out; null for what cannot be read without a context. */
export function sharesOf(serve: Serve, variants: readonly string[]): Shares | null {
  if (serve.kind === 'codeDefault' || serve.kind === 'dynamic') return null;
  if (serve.kind === 'variant') return blank(variants, { [serve.variant]: 1 });
  const total = serve.weights.reduce((sum, { weight }) => sum + weight, 0);
  if (total <= 0) return null;
  return blank(variants, Object.fromEntries(serve.weights.map(({ variant, weight }) => [variant, weight / total])));
}

function blank(variants: readonly string[], shares: Shares): Shares {
  return { ...Object.fromEntries(variants.map((name) => [name, 0])), ...shares };
}
