import type { FlagSnapshot, FlagState, FlagType, Serve, Variant, Writable } from '../../model/flag';
import type { Environment } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { Json } from '../../model/json';
import type { Hash } from '../../platform/hash';
import type { L10n } from '../../platform/l10n';
import { absentState } from '../absentState';
import { effectiveOf, type EffectiveState } from './effective';
import { dependencyWords, environmentState, readings, type EnvironmentState } from './environmentState';
import type { Detail, Segment, Summary, UnleashVariant } from './schema';
import { OFF, ON } from './strategies';

/** What a flag is described with. `detail` null: not asked for yet. */
export interface FlagSources {
  readonly ref: FlagRef;
  readonly summary: Summary;
  readonly detail: Detail | null;
  readonly changed: FlagSnapshot['changed'];
  readonly archived: boolean;
}

export interface SnapshotDeps {
  readonly l10n: L10n;
  readonly hash: Hash;
  readonly environments: readonly Environment[];
  readonly segments: ReadonlyMap<number, Segment>;
  writable(environment: Environment): Writable;
}

const OFF_SERVES: Serve = { kind: 'variant', variant: OFF };

export function flagSnapshot(of: FlagSources, deps: SnapshotDeps): FlagSnapshot {
  const { summary, detail, ref } = of;
  const states = (detail?.environments ?? []).map(environmentState);
  const variants = variantsOf(states);
  const type = flagType(states);
  return {
    ref,
    name: null,
    description: (detail ?? summary).description,
    type,
    variants,
    owner: detail?.createdBy?.name ?? null,
    tags: tagsOf(of, deps.l10n),
    changed: of.changed,
    archived: of.archived,
    ...((detail ?? summary).stale === true && { deprecated: true }),
    unreadable: null,
    states: deps.environments.map((environment) => stateOf(environment, of, states, variants, deps)),
  };
}

function stateOf(
  environment: Environment,
  of: FlagSources,
  states: readonly EnvironmentState[],
  variants: readonly Variant[],
  deps: SnapshotDeps,
): FlagState {
  const { name } = environment.ref;
  const { l10n } = deps;
  const state = states.find((each) => each.name === name);
  const summary = of.summary.environments.find((each) => each.name === name);
  if (of.detail ? !state : !summary) return absentState(environment.ref, l10n.t('It does not exist in {0}.', name));
  const names = variants.map((variant) => variant.name);
  const dependencies = of.detail?.dependencies ?? [];
  const { effective, defaultRule, rules } = state
    ? readState(state, dependencies.length, names, deps)
    : unaskedState(summary?.enabled === true, names, l10n);
  const raw = state?.raw ?? summaryRaw(summary?.enabled === true);
  const prerequisites = dependencies.map((dependency) => dependencyWords(dependency, l10n));
  return {
    environment: environment.ref,
    switch: (state?.enabled ?? summary?.enabled) === true ? 'on' : 'off',
    writable: of.archived ? { kind: 'no', reason: l10n.t('It is archived.') } : deps.writable(environment),
    offServes: OFF_SERVES,
    offVariant: OFF,
    offVariantReason: l10n.t('Whoever Unleash does not let in gets "{0}".', OFF),
    defaultRule,
    rules: [...rules],
    prerequisites,
    effective,
    version: deps.hash.sha256(JSON.stringify([raw, prerequisites, rules, names])).slice(0, 20),
    raw,
    location: null,
  };
}

/** The effective state of one environment of a flag with these variants. */
export function readState(
  state: EnvironmentState,
  prerequisites: number,
  variants: readonly string[],
  deps: { readonly l10n: L10n; readonly segments: ReadonlyMap<number, Segment> },
): EffectiveState {
  return effectiveOf(
    {
      enabled: state.enabled,
      strategyCount: state.strategies.length + state.unreadable,
      unreadable: state.unreadable,
      active: readings(state, deps.segments, deps.l10n),
      prerequisites,
      variants,
    },
    deps.l10n,
  );
}

/** What the list says of a flag whose strategies were not asked for: only off is certain. */
function unaskedState(enabled: boolean, variants: readonly string[], l10n: L10n): EffectiveState {
  if (!enabled)
    return effectiveOf({ enabled, strategyCount: 0, unreadable: 0, active: [], prerequisites: 0, variants }, l10n);
  return {
    defaultRule: { kind: 'dynamic', words: l10n.t('strategies that were not asked for yet') },
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

/** The raw state of a flag known from the list alone. */
export const summaryRaw = (enabled: boolean): string => JSON.stringify({ enabled, strategies: null });

/** Named ones in the order met; "enabled" where somebody may be let in without a name; "disabled" last. */
export function variantsOf(states: readonly EnvironmentState[]): Variant[] {
  const named = new Map<string, Variant>();
  let nameless = false;
  for (const { strategies, variants } of states)
    for (const strategy of strategies) {
      const arms = strategy.variants.length > 0 ? strategy.variants : variants;
      if (arms.every(({ weight }) => weight <= 0)) nameless = true;
      for (const arm of arms) if (!named.has(arm.name)) named.set(arm.name, { name: arm.name, value: payloadOf(arm) });
    }
  named.delete(OFF);
  if ((nameless || named.size === 0) && !named.has(ON)) named.set(ON, { name: ON, value: true });
  return [...named.values(), { name: OFF, value: false }];
}

/** The payload as its type says; true without one, since `isEnabled` is. */
export function payloadOf({ payload }: Pick<UnleashVariant, 'payload'>): Json {
  if (!payload) return true;
  if (payload.type === 'number') {
    const number = Number(payload.value);
    return Number.isFinite(number) ? number : payload.value;
  }
  if (payload.type !== 'json' || payload.value.length > 100_000) return payload.value;
  try {
    return JSON.parse(payload.value) as Json;
  } catch {
    return payload.value;
  }
}

function flagType(states: readonly EnvironmentState[]): FlagType {
  const arms = states.flatMap(({ strategies, variants }) => [
    ...strategies.flatMap((each) => each.variants),
    ...variants,
  ]);
  if (arms.length === 0) return 'boolean';
  const types = new Set(arms.flatMap(({ payload }) => (payload ? [payload.type] : [])));
  if (types.size !== 1) return types.size === 0 ? 'boolean' : 'unknown';
  return types.has('number') ? 'number' : types.has('json') ? 'object' : 'string';
}

/** Tags as `type:value` (bare where the type is "simple"), then the flag's type and what Unleash marks. */
function tagsOf({ summary, detail }: FlagSources, { t }: L10n): string[] {
  const marks = detail ?? summary;
  return [
    ...summary.tags.map(({ type, value }) => (type === 'simple' ? value : `${type}:${value}`)),
    ...(marks.type === null ? [] : [marks.type]),
    ...(marks.stale === true ? [t('stale')] : []),
    ...(marks.impressionData === true ? [t('impression data')] : []),
  ].slice(0, 50);
}
