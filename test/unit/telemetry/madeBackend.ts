import type { ArmSeries, Coverage, Operation, Point } from '../../../src/model/signal';
import type { EvaluationCount, SeriesQuery, SignalBackend } from '../../../src/telemetry/backend';
import { ExponentialHistogram } from '../../../src/telemetry/histogram';

export const minute = 60_000;
/** 14:00 of some day, on the minute. */
export const start = Date.UTC(2026, 10, 22, 14);

/** `seconds` of every call, `errors` of them failed. */
export function point(at: number, calls: number, errors: number, seconds = 0.1): Point {
  const histogram = new ExponentialHistogram();
  for (let call = 0; call < calls; call += 1) histogram.add(seconds * (1 + (call % 20) / 100));
  return { at, calls, errors, refused: 0, histogram: histogram.toModel() };
}

export const named = (
  service: string,
  httpMethod: string,
  httpRoute: string,
  environment = 'production',
): Operation => ({
  id: `${environment}/${service} ${httpMethod} ${httpRoute}`,
  service,
  environment,
  kind: 'server',
  name: `${httpMethod} ${httpRoute}`,
  httpMethod,
  httpRoute,
  scope: null,
  codeFunction: null,
  codeFile: null,
  codeLine: null,
});

export interface Made {
  readonly operation: Operation;
  readonly all: readonly Point[];
  /** By flag and variant; `mixed` for calls that saw several. */
  readonly flags: Readonly<Record<string, Readonly<Record<string, readonly Point[]>>>>;
}

/** A backend that answers from made series and keeps what it was asked. */
export class MadeBackend implements SignalBackend {
  readonly id = 'made';
  readonly name = 'made backend';
  readonly queries: SeriesQuery[] = [];
  coverage: Coverage = { sampled: false, approximate: false, partial: false, joinedShare: 0.99, newestSample: start };
  evaluated: readonly EvaluationCount[] = [];
  readonly #made: readonly Made[];

  constructor(made: readonly Made[]) {
    this.#made = made;
  }

  async discover(environment: string) {
    const here = this.#made.filter(({ operation }) => operation.environment === environment);
    const flags: Record<string, string[]> = {};
    for (const { operation, flags: seen } of here)
      for (const key of Object.keys(seen)) flags[key] = [...new Set([...(flags[key] ?? []), operation.service])];
    return {
      services: [...new Set(here.map(({ operation }) => operation.service))],
      environments: [...new Set(this.#made.map(({ operation }) => operation.environment))],
      flags,
    };
  }

  /** As the built-in store does it, those that name no environment come along. */
  async operations(environment: string) {
    return this.#made
      .map(({ operation }) => operation)
      .filter((operation) => operation.environment === environment || operation.environment === '');
  }

  async series(query: SeriesQuery) {
    this.queries.push(query);
    const wanted = new Set(query.operations);
    const { from, to } = query.window;
    const within = (points: readonly Point[]): Point[] => points.filter(({ at }) => from <= at && at < to);
    const series = this.#made
      .filter(({ operation }) => wanted.size === 0 || wanted.has(operation.id))
      .map(({ operation, all, flags }) => {
        if (query.split.by !== 'flag')
          return { operation, arms: [{ arm: { kind: 'all' as const }, points: within(all), exemplars: [] }] };
        const flag = query.split.key;
        const arms = Object.entries(flags[flag] ?? {}).map(([variant, points]): ArmSeries => ({
          arm: variant === 'mixed' ? { kind: 'mixed', flag } : { kind: 'variant', flag, variant },
          points: within(points),
          exemplars: points.slice(-1).map(({ at }) => ({ traceId: 'ab', at, seconds: 1, error: true })),
        }));
        return { operation, arms };
      });
    return { series, coverage: this.coverage };
  }

  async evaluations() {
    return this.evaluated;
  }
}
