import * as z from 'zod';
import { canonical, isSame } from '../canonical';
import {
  prerequisiteSchema,
  ruleSchema,
  servedSchema,
  targetSchema,
  type LdConfig,
  type LdRule,
  type Rollout,
  type Served,
  type Target,
} from './schema';

/** All of a flag in one environment that a change could touch. `targets` are those of kind user, as LaunchDarkly keeps them. */
export interface RawState {
  readonly on: boolean;
  readonly offVariation: number | null;
  readonly fallthrough: Served;
  readonly targets: readonly Target[];
  readonly contextTargets: readonly Target[];
  readonly rules: readonly LdRule[];
  readonly prerequisites: readonly { readonly key: string; readonly variation: number }[];
}

/** Null where the answer left something out: what is not known is not changed. */
export function rawStateOf(config: LdConfig): RawState | null {
  const { on, offVariation, fallthrough, targets, contextTargets, rules, prerequisites } = filled(config);
  if (!fallthrough || !targets || !rules || !prerequisites) return null;
  return {
    on,
    offVariation: offVariation ?? null,
    fallthrough,
    targets,
    // Accounts without custom contexts, and answers of before them, have none.
    contextTargets: contextTargets ?? [],
    rules,
    prerequisites,
  };
}

/** JSON with sorted keys: equal exactly when the states are. */
export const textOf = (raw: RawState): string => canonical(raw, 2);

/** The text of a state that is known in part. */
export const partText = (on: boolean): string => JSON.stringify({ on, rules: null });

/** A listing without `summary=0` counts instead of listing: where it counts none, there are none. */
function filled(config: LdConfig): LdConfig {
  const { _summary: summary } = config;
  if (config.rules || config.fallthrough || !summary) return config;
  const parts = Object.entries(summary.variations).map(([at, part]) => ({ variation: Number(at), ...part }));
  if (summary.prerequisites > 0 || parts.some((part) => part.rules + part.targets + part.contextTargets > 0))
    return config;
  const rolled = parts.filter(({ rollout }) => typeof rollout === 'number');
  const only = parts.find(({ isFallthrough }) => isFallthrough);
  const rollout: Rollout = {
    variations: rolled.map(({ variation, rollout: weight }) => ({ variation, weight: weight ?? 0 })),
    bucketBy: rolled[0]?.bucketBy ?? null,
    contextKind: null,
  };
  return {
    ...config,
    offVariation: parts.find(({ isOff }) => isOff)?.variation ?? null,
    fallthrough: only ? { variation: only.variation } : rolled.length > 0 ? { rollout } : null,
    targets: [],
    contextTargets: [],
    rules: [],
    prerequisites: [],
  };
}

/**
 * Whether two states do the same. LaunchDarkly fills in what a roll-out was not given (a seed, the kind of context) and
 * keeps targets of nobody.
 */
export function isSameState(a: RawState, b: RawState): boolean {
  return (
    a.on === b.on &&
    a.offVariation === b.offVariation &&
    isSame(plainServed(a.fallthrough), plainServed(b.fallthrough)) &&
    isSame(plainTargets(a), plainTargets(b)) &&
    isSame(a.rules, b.rules) &&
    isSame(a.prerequisites, b.prerequisites)
  );
}

/** What decides who gets what; weights of nothing say nothing. */
function plainServed({ variation, rollout }: Served): unknown {
  if (!rollout) return { variation };
  const weights = rollout.variations.filter(({ weight }) => weight > 0);
  return {
    by: [kindOf(rollout), bucketOf(rollout)],
    weights: weights.map((each) => [each.variation, each.weight]).sort(([a = 0], [b = 0]) => a - b),
    experiment: rollout.experimentAllocation !== undefined && rollout.experimentAllocation !== null,
  };
}

function plainTargets({ targets, contextTargets }: RawState): string[] {
  return [...targets, ...contextTargets]
    .flatMap((target) => target.values.map((value) => JSON.stringify([kindOf(target), value, target.variation])))
    .sort();
}

const given = (text: string | null | undefined): string | null => (text === '' ? null : (text ?? null));

/** `user` unless said otherwise (https://launchdarkly.com/docs/home/flags/contexts). */
export const kindOf = ({ contextKind }: { readonly contextKind?: string | null | undefined }): string =>
  given(contextKind) ?? 'user';

/** The attribute that is hashed; `key` unless said otherwise. */
export const bucketOf = ({ bucketBy }: Pick<Rollout, 'bucketBy'>): string => given(bucketBy) ?? 'key';

const rawSchema = z.object({
  on: z.boolean(),
  offVariation: z.number().int().nullable(),
  fallthrough: servedSchema,
  targets: z.array(targetSchema),
  contextTargets: z.array(targetSchema),
  rules: z.array(ruleSchema),
  prerequisites: z.array(prerequisiteSchema),
});

/** Null for the text of a state that is known in part, or a damaged one. */
export function parseRaw(text: string): RawState | null {
  try {
    return rawSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
