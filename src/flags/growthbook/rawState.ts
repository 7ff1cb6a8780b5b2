import * as z from 'zod';
import { canonical, isSame } from '../canonical';
import { ruleSchema, type GbFeature, type GbRule, type Revision, type ScopedRule } from './schema';

/** All of a flag in one environment that a change could touch, or that decides what it does. */
export interface RawState {
  readonly enabled: boolean;
  /** For all environments, as GrowthBook keeps them. */
  readonly defaultValue: string;
  readonly defaultConfig: string | null;
  readonly prerequisites: readonly string[];
  readonly holdout: { readonly id: string; readonly value: string } | null;
  /** Of this environment, from the top; what a rule is for besides does not count. */
  readonly rules: readonly GbRule[];
}

/** Null where the flag says nothing of the environment. */
export function rawStateOf(feature: GbFeature, environment: string): RawState | null {
  const there = Object.hasOwn(feature.environments, environment) ? feature.environments[environment] : undefined;
  if (!there) return null;
  return {
    enabled: there.enabled,
    defaultValue: feature.defaultValue,
    defaultConfig: feature.defaultValueConfig,
    prerequisites: feature.prerequisites ?? [],
    holdout: feature.holdout ?? null,
    rules: feature.rules.filter((rule) => isFor(rule, environment)).map(withoutScope),
  };
}

/** What a flag would do in an environment with a draft made live; null where the draft does not say. */
export function rawStateWith(live: RawState, draft: Revision, environment: string): RawState | null {
  const { rules, environmentsEnabled, defaultValue } = draft;
  if (!rules) return null;
  const enabled = Object.hasOwn(environmentsEnabled ?? {}, environment)
    ? environmentsEnabled?.[environment]
    : undefined;
  return {
    ...live,
    enabled: enabled ?? live.enabled,
    defaultValue: defaultValue ?? live.defaultValue,
    rules: rules.filter((rule) => isFor(rule, environment)).map(withoutScope),
  };
}

/** A rule without a scope is one of before there were any: it is for all. */
export const isFor = (rule: ScopedRule, environment: string): boolean =>
  isForAll(rule) || (rule.environments ?? []).includes(environment);

export const isForAll = ({ allEnvironments, environments }: ScopedRule): boolean => allEnvironments ?? !environments;

export const withoutScope = <Rule extends object>(rule: Rule): Omit<Rule, 'allEnvironments' | 'environments'> => ({
  ...rule,
  allEnvironments: undefined,
  environments: undefined,
});

/** JSON with sorted keys: equal exactly when the states are. */
export const textOf = (raw: RawState): string =>
  canonical({ ...raw, rules: raw.rules.map((rule) => bare(rule, true)) }, 2);

/** Whether two states do the same. The id `''` is of a rule that is to be made, and is as good as any. */
export function isSameState(a: RawState, b: RawState): boolean {
  return (
    a.enabled === b.enabled &&
    a.defaultValue === b.defaultValue &&
    a.defaultConfig === b.defaultConfig &&
    isSame(a.prerequisites, b.prerequisites) &&
    isSame(a.holdout, b.holdout) &&
    a.rules.length === b.rules.length &&
    a.rules.every((rule, at) => {
      const other = b.rules[at];
      return other !== undefined && isSameRule(rule, other);
    })
  );
}

/** Whether two rules do the same; which environments they are for is not looked at. */
export function isSameRule(a: GbRule, b: GbRule): boolean {
  if (a.id !== b.id && a.id !== '' && b.id !== '') return false;
  return isSame({ ...bare(a, false), id: '' }, { ...bare(b, false), id: '' });
}

/** What of a rule says something: GrowthBook fills in what it was not given. */
function bare(rule: GbRule, titled: boolean): Record<string, unknown> {
  const { description, seed, hashVersion, condition, ...rest } = rule;
  const all = {
    ...rest,
    condition: condition !== null && /^\s*\{\s*\}\s*$/.test(condition) ? null : condition,
    seed: seed === rule.id ? null : seed,
    hashVersion: hashVersion === 2 ? null : hashVersion,
    ...(titled && { description }),
  };
  const says = (name: string, value: unknown): boolean => {
    if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return false;
    if (name === 'scheduleType') return value !== 'none';
    if (name === 'sparse') return value !== false;
    return name === 'allProjects' ? value !== true : true;
  };
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => says(name, value)));
}

const rawSchema = z.object({
  enabled: z.boolean(),
  defaultValue: z.string(),
  defaultConfig: z.string().nullable(),
  prerequisites: z.array(z.string()),
  holdout: z.object({ id: z.string(), value: z.string() }).nullable(),
  rules: z.array(ruleSchema),
});

/** Null for a damaged text. */
export function parseRaw(text: string): RawState | null {
  try {
    return rawSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
