import type { L10n } from '../../platform/l10n';
import { canonical } from '../canonical';
import {
  strategySchema,
  unleashVariantSchema,
  type Dependency,
  type DetailEnvironment,
  type Segment,
  type Strategy,
  type UnleashVariant,
} from './schema';
import { readStrategy, type Reading } from './strategies';

/** A flag in one environment, as Unleash holds it. */
export interface EnvironmentState {
  readonly name: string;
  readonly enabled: boolean;
  /** In the order in which they are asked. */
  readonly strategies: readonly Strategy[];
  /** The old kind, for all strategies without variants of their own. */
  readonly variants: readonly UnleashVariant[];
  /** Strategies or variants that this version cannot read: what they do is not known. */
  readonly unreadable: number;
  /** Everything that can be changed, as JSON with sorted keys: equal exactly when the state is. */
  readonly raw: string;
}

export function environmentState(environment: DetailEnvironment): EnvironmentState {
  const strategies = environment.strategies.map((item) => strategySchema.safeParse(item));
  const variants = environment.variants.map((item) => unleashVariantSchema.safeParse(item));
  const failed = [...strategies, ...variants].filter(({ success }) => !success).length;
  return {
    name: environment.name,
    enabled: environment.enabled,
    strategies: strategies.flatMap(({ data }) => data ?? []),
    variants: variants.flatMap(({ data }) => data ?? []),
    unreadable: failed,
    raw: rawState(environment.enabled, environment.strategies, environment.variants),
  };
}

/** What a plan compares and a diff shows. When somebody was last seen is no part of it. */
export function rawState(enabled: boolean, strategies: readonly unknown[], variants: readonly unknown[]): string {
  return canonical({ enabled, strategies, ...(variants.length > 0 && { variants }) }, 2);
}

/** The strategies that count, read. Those that are disabled are skipped by SDKs. */
export function readings(state: EnvironmentState, segments: ReadonlyMap<number, Segment>, l10n: L10n): Reading[] {
  return state.strategies
    .filter(({ disabled }) => !disabled)
    .map((strategy) => readStrategy(strategy, state.variants, segments, l10n));
}

/** `new-cart is on`, `new-cart is off`, `new-cart to give "blue"`. */
export function dependencyWords({ feature, enabled, variants }: Dependency, { t }: L10n): string {
  if (enabled === false) return t('{0} to be off', feature);
  if (variants.length === 0) return t('{0} to be on', feature);
  return t('{0} to give {1}', feature, variants.map((name) => `"${name}"`).join(t(' or ')));
}
