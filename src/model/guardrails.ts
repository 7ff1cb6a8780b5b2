import type { Config } from './config';

/** What may go wrong at most: error rate 0..1, p95 in seconds. */
export type Budget = Config['guardrails'][string];

/** What a budget is looked up for. `environment`: its name in the flag system, or telemetry's; several names are all asked. */
export interface BudgetOf {
  readonly operation: string;
  readonly flags?: readonly string[];
  readonly environments?: readonly string[];
}

/**
 * The budget of `.sightglass.json` for an operation, the flags that decide there and the environment it runs in: of those
 * set, by the keys `POST /checkout`, `flag:new-checkout` and `environment:production`, the strictest of each number, as a
 * repository may only tighten. Null where none is set.
 */
export function budgetFor(
  guardrails: Config['guardrails'],
  { operation, flags = [], environments = [] }: BudgetOf,
): Budget | null {
  const keys = [operation, ...flags.map((key) => `flag:${key}`), ...environments.map((name) => `environment:${name}`)];
  const set = keys.flatMap((key) => (Object.hasOwn(guardrails, key) ? (guardrails[key] ?? []) : []));
  if (set.length === 0) return null;
  const least = (values: readonly (number | undefined)[]): number | undefined => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  };
  return { errorRate: least(set.map((one) => one.errorRate)), p95Seconds: least(set.map((one) => one.p95Seconds)) };
}
