import type { Effective, Rule, Serve, Shares } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import { ruleWords, targetWords } from './clauseWords';
import { bucketOf, kindOf, type RawState } from './rawState';
import type { LdRule, Served } from './schema';

/** A flag in one environment as readers meet it. */
export interface Reading {
  readonly defaultRule: Serve;
  readonly rules: readonly Rule[];
  readonly offServes: Serve;
  readonly effective: Effective;
}

/**
 * What a flag does. Off hands the off variation to all. On: whose prerequisites fail get the off variation too, then
 * targets, then rules from the top, then the fallthrough decide
 * (https://launchdarkly.com/docs/sdk/concepts/flag-evaluation-rules). `variants`: names by place.
 */
export function readState(raw: RawState, variants: readonly string[], l10n: L10n): Reading {
  const rules = rulesOf(raw, variants, l10n);
  const offServes = offOf(raw.offVariation, variants, l10n);
  const defaultRule = serveOf(raw.fallthrough, variants, l10n);
  const off = offServes.kind === 'variant' ? offServes.variant : null;
  if (!raw.on) return { offServes, rules, defaultRule: offServes, effective: alone(offServes, off, variants) };
  const before = alone(defaultRule, off, variants);
  const counted = rules.length + raw.prerequisites.length;
  if (counted === 0) return { offServes, rules, defaultRule, effective: before };
  const parts = [defaultRule, ...rules.map(({ serve }) => serve), ...(raw.prerequisites.length > 0 ? [offServes] : [])];
  const reached = new Set(parts.flatMap((part) => givenBy(part)));
  return {
    offServes,
    rules,
    defaultRule,
    effective: {
      kind: 'rules',
      shares: null,
      defaultShares: before.defaultShares,
      ruleCount: counted,
      randomised: parts.some(({ kind }) => kind === 'split' || kind === 'dynamic') ? 'partly' : 'no',
      unreachable: parts.some(({ kind }) => kind === 'dynamic')
        ? []
        : variants.filter((name) => name !== off && !reached.has(name)),
    },
  };
}

/** Of a state that is known in part: only whether it is switched on. */
export function unknownReading(offServes: Serve, l10n: L10n): Reading {
  return {
    offServes,
    rules: [],
    defaultRule: { kind: 'dynamic', words: l10n.t('rules that were not asked for yet') },
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

/** Targets stand before rules; those that are disabled, and targets of nobody, do not count. */
function rulesOf(raw: RawState, variants: readonly string[], l10n: L10n): Rule[] {
  const named = [...raw.targets, ...raw.contextTargets].filter(({ values }) => values.length > 0);
  return [
    ...named.map((target): Rule => ({
      id: `target:${kindOf(target)}:${String(target.variation)}`,
      words: targetWords(target, l10n),
      serve: serveOf({ variation: target.variation }, variants, l10n),
    })),
    ...raw.rules
      .filter(({ disabled }) => disabled !== true)
      .map((rule: LdRule, at): Rule => ({
        id: rule._id ?? `rule:${String(at)}`,
        words: ruleWords(rule, l10n),
        serve: serveOf(rule, variants, l10n),
      })),
  ];
}

export function serveOf({ variation, rollout }: Served, variants: readonly string[], { t }: L10n): Serve {
  if (rollout) {
    const weights = rollout.variations.flatMap(({ variation: at, weight }) => {
      const variant = variants[at];
      return variant === undefined ? [] : [{ variant, weight }];
    });
    if (weights.length !== rollout.variations.length || weights.every(({ weight }) => weight <= 0))
      return { kind: 'dynamic', words: t('a roll-out that cannot be read') };
    const given = weights.filter(({ weight }) => weight > 0);
    const [only] = given;
    if (only && given.length === 1) return { kind: 'variant', variant: only.variant };
    return { kind: 'split', by: `${kindOf(rollout)} ${bucketOf(rollout)}`, weights };
  }
  const variant = typeof variation === 'number' ? variants[variation] : undefined;
  return variant === undefined
    ? { kind: 'dynamic', words: t('a variation that the flag does not have') }
    : { kind: 'variant', variant };
}

/** Without an off variation SDKs give the default that stands at the call. */
function offOf(at: number | null, variants: readonly string[], l10n: L10n): Serve {
  return at === null ? { kind: 'codeDefault' } : serveOf({ variation: at }, variants, l10n);
}

function alone(serve: Serve, off: string | null, variants: readonly string[]): Effective {
  const shares = sharesOf(serve, variants);
  const base = { shares, defaultShares: shares, ruleCount: 0 };
  if (serve.kind === 'codeDefault')
    return { ...base, kind: 'codeDefault', randomised: 'no', unreachable: [...variants] };
  if (shares === null) return { ...base, kind: 'unknown', randomised: 'partly', unreachable: [] };
  // Off is always within reach: until an SDK has heard of its flags, calls get their own default, which is mostly off.
  const unreachable = variants.filter((name) => name !== off && (shares[name] ?? 0) <= 0);
  const split = serve.kind === 'split';
  return { ...base, kind: split ? 'split' : 'everyone', randomised: split ? 'yes' : 'no', unreachable };
}

/** Shares 0..1; null for what is not known. */
function sharesOf(serve: Serve, variants: readonly string[]): Shares | null {
  const none = Object.fromEntries(variants.map((name) => [name, 0]));
  if (serve.kind === 'variant') return { ...none, [serve.variant]: 1 };
  if (serve.kind !== 'split') return null;
  const total = serve.weights.reduce((sum, { weight }) => sum + weight, 0);
  return serve.weights.reduce<Shares>(
    (shares, { variant, weight }) => ({ ...shares, [variant]: (shares[variant] ?? 0) + weight / total }),
    none,
  );
}

function givenBy(serve: Serve): string[] {
  if (serve.kind === 'variant') return [serve.variant];
  return serve.kind === 'split' ? serve.weights.filter(({ weight }) => weight > 0).map(({ variant }) => variant) : [];
}
