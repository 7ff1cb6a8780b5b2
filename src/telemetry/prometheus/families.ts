import { underscored } from './labels';

/** Metrics that count the same calls: a counter (or a histogram's count) and how long the calls took. */
export interface Family {
  readonly shape: 'spans' | 'http' | 'rpc' | 'messaging';
  /** Counter of calls; null where the native histogram alone counts them. */
  readonly calls: string | null;
  readonly latency: Latency | null;
}

export interface Latency {
  /** Of buckets (`..._bucket`), or the native histogram itself. */
  readonly metric: string;
  readonly isNative: boolean;
  /** Its units in a second: 1 or 1000. */
  readonly perSecond: number;
}

const separator = '[._]';

/** What to ask for the names of: counters of span metrics, semantic-convention histograms, flag evaluations, `target_info`. */
export const namePattern = [
  `(.+${separator})?calls(_total)?`,
  `(.+${separator})?(http[._]server[._](request[._])?duration|rpc[._]server[._](call[._])?duration|messaging[._]process[._]duration)(_seconds|_milliseconds)?(_bucket|_count)?`,
  `(.+${separator})?feature_flag[._]evaluation_success(_total)?`,
  'target_info',
].join('|');

/** Durations that may go with a counter of span metrics, by what follows their common beginning. */
const durations = [
  ['duration_seconds', 1],
  ['duration_milliseconds', 1000],
  ['duration', 1000],
  ['latency', 1000],
] as const;
/** Tempo and Alloy write seconds without saying so. */
const tempo = 'traces_spanmetrics_';

/** Anything may be counted in a metric that ends in `calls`; of so many most are no spans. */
const mostCounters = 100;

const beginningOf = (calls: string): string => calls.replace(/calls(?:_total)?$/, '');

/** Names of the durations that may stand beside these counters, to ask for in a second look. */
export function durationNames(names: readonly string[]): readonly string[] {
  const isUsual = (name: string): number => Number(/span|trace|^calls/.test(name));
  return names
    .filter(isSpanCounter)
    .sort((a, b) => isUsual(b) - isUsual(a))
    .slice(0, mostCounters)
    .flatMap((name) => durations.flatMap(([end]) => [beginningOf(name) + end, `${beginningOf(name)}${end}_bucket`]));
}

/** Autometrics' function_calls_total counts functions, which telemetry's entry spans do not name. */
const isSpanCounter = (name: string): boolean =>
  /(?:^|[._])calls(?:_total)?$/.test(name) && !/function[._]calls(?:_total)?$/.test(name);

/** Newer conventions first: where a service has both, one is read, never their sum. Units where a name says none. */
const conventions = [
  { shape: 'http', base: 'http_server_request_duration', perSecond: 1 },
  { shape: 'http', base: 'http_server_duration', perSecond: 1000 },
  { shape: 'rpc', base: 'rpc_server_call_duration', perSecond: 1 },
  { shape: 'rpc', base: 'rpc_server_duration', perSecond: 1000 },
  { shape: 'messaging', base: 'messaging_process_duration', perSecond: 1 },
] as const;

/** Recognises families among metric names, those to prefer first. */
export function familiesAmong(names: readonly string[]): readonly Family[] {
  const known = new Set(names);
  const spans = names.filter(isSpanCounter).map((calls): Family => {
    const beginning = beginningOf(calls);
    for (const [end, unit] of durations) {
      const perSecond = underscored(beginning) === tempo && end === 'latency' ? 1 : unit;
      const latency = latencyNamed(beginning + end, known, perSecond);
      if (latency) return { shape: 'spans', calls, latency };
    }
    return { shape: 'spans', calls, latency: null };
  });
  const others = conventions.flatMap(({ shape, base, perSecond }) =>
    basesOf(names, base).flatMap((name): Family[] => {
      const unit = name.endsWith('_milliseconds') ? 1000 : name.endsWith('_seconds') ? 1 : perSecond;
      const latency = latencyNamed(name, known, unit);
      if (!latency) return [];
      return [{ shape, calls: known.has(`${name}_count`) ? `${name}_count` : null, latency }];
    }),
  );
  // Without durations, `x_calls_total` is hardly a span's.
  return [...spans.filter(({ latency, calls }) => latency !== null || calls === 'calls_total'), ...others].filter(
    ({ calls, latency }) => calls !== null || latency?.isNative === true,
  );
}

function latencyNamed(name: string, known: ReadonlySet<string>, perSecond: number): Latency | null {
  if (known.has(`${name}_bucket`)) return { metric: `${name}_bucket`, isNative: false, perSecond };
  return known.has(name) ? { metric: name, isNative: true, perSecond } : null;
}

/** Full names, without `_bucket` and `_count`, of the convention's histograms: with a namespace before and a unit behind or not. */
function basesOf(names: readonly string[], base: string): readonly string[] {
  const pattern = new RegExp(`^(?:.+_)?${base}(?:_seconds|_milliseconds)?$`);
  const bases = names.map((name) => name.replace(/_(?:bucket|count)$/, ''));
  return [...new Set(bases.filter((name) => pattern.test(underscored(name))))];
}

/** The counter of OpenFeature's metrics hook, if any. */
export const evaluationsAmong = (names: readonly string[]): string | null =>
  names.find((name) => /(?:^|_)feature_flag_evaluation_success(?:_total)?$/.test(underscored(name))) ?? null;
