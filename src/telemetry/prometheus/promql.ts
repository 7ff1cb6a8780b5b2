/** How far back a value is still a series' latest one. Prometheus' own default; said in the query, as VictoriaMetrics' differs. */
const lookback = '5m';

export interface Matcher {
  readonly label: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** A string literal of PromQL (Go's escapes, of which JSON's are a part). */
export function quoted(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\u{fffd}'));
}

/** Matches `text` and nothing else in an RE2 pattern. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Matches any of `values`; an empty one stands for series without the label. */
export function anyOf(label: string, values: readonly string[]): Matcher {
  const [only, another] = values;
  if (only !== undefined && another === undefined) return { label, op: '=', value: only };
  return { label, op: '=~', value: values.map(literally).join('|') };
}

/** A label's name; one with dots and the like needs quotes, which Prometheus understands from 3.0 on. */
export function labelName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : quoted(name);
}

/** `metric{a="b"}`, or `{"metric.with.dots", a="b"}`. */
export function selector(metric: string, matchers: readonly Matcher[]): string {
  const parts = matchers.map(({ label, op, value }) => `${labelName(label)}${op}${quoted(value)}`);
  if (/^[A-Za-z_:][A-Za-z0-9_:]*$/.test(metric)) return parts.length === 0 ? metric : `${metric}{${parts.join(',')}}`;
  return `{${[quoted(metric), ...parts].join(',')}}`;
}

export const labelList = (names: readonly string[]): string => [...new Set(names)].map(labelName).join(',');

/** Keeps the series whose target is (or, `not`, is not) one of those described by `described`. */
export interface TargetRestriction {
  readonly on: readonly string[];
  readonly described: string;
  readonly not: boolean;
}

export function restricted(expression: string, only: TargetRestriction | null): string {
  if (!only) return expression;
  const on = labelList(only.on);
  return `(${expression}) ${only.not ? 'unless' : 'and'} on (${on}) group by (${on}) (last_over_time(${only.described}[${lookback}]))`;
}

export interface IncrementsOf {
  /** Selector of counters. */
  readonly counters: string;
  readonly stepSeconds: number;
  readonly by: readonly string[];
  /** Labels that tell one service from another. */
  readonly service: readonly string[];
  readonly only: TargetRestriction | null;
}

/**
 * What counters grew by in each step, added up over their instances: the difference of the latest values at the step's
 * two ends, so whole numbers stay whole (`increase` extrapolates, and ignores a counter's first value). Per series:
 * - a counter that fell was reset: it has grown by all it holds now, and by what it had still gained before (its highest
 *   value within the step); one reset twice within a step, or that has overtaken itself in it, is
 *   short of what it gained in between;
 * - a counter that was not there before began at nought (a first error, a new instance), but only where the service was
 *   measured at all then: after a silence nobody knows since when it counts, and nothing is counted;
 * - one that has gone keeps its last value for five minutes, so what it counted last is not lost.
 */
export function increments({ counters, stepSeconds, by, service, only }: IncrementsOf): string {
  const now = `last_over_time(${counters}[${lookback}])`;
  const before = `last_over_time(${counters}[${lookback}] offset ${stepSeconds}s)`;
  const on = labelList(service);
  const highest = `max_over_time(${counters}[${stepSeconds}s])`;
  const reset = `${now} + clamp_min(${highest} - ${before}, 0)`;
  const begun = `${now} and on (${on}) group by (${on}) (${before})`;
  const grown = `((${now} - ${before}) >= 0) or (${reset}) or (${begun})`;
  return `sum by (${labelList(by)}) (${restricted(grown, only)})`;
}

/** Label sets seen in the last `seconds`, one series each. */
export function seen(
  series: string,
  by: readonly string[],
  seconds: number,
  only: TargetRestriction | null = null,
): string {
  return `group by (${labelList(by)}) (${restricted(`present_over_time(${series}[${seconds}s])`, only)})`;
}
