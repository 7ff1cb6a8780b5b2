import { SeededDraws } from '../unit/telemetry/seededDraws';

/**
 * A made-up history of calls, told twice: as what truly happened, call by call, and as the counters that instances with
 * restarts, late starts and early ends would have shown to a scraper.
 */

/** One call. `variant` is null where the flag was not evaluated. */
export interface Call {
  readonly at: number;
  readonly operation: string;
  readonly variant: string | null;
  readonly error: boolean;
  readonly refused: boolean;
  readonly seconds: number;
}

/** What calls of one kind (as this one, whatever they took) add to, by the metrics a service exposes. */
export type Exposition = (call: Call) => {
  readonly counters: readonly (readonly [metric: string, labels: Readonly<Record<string, string>>])[];
  readonly histograms: readonly (readonly [
    metric: string,
    labels: Readonly<Record<string, string>>,
    /** The metric's units in a second. */
    perSecond: number,
    bounds: readonly number[],
  ])[];
};

export interface InstanceLife {
  /** Epoch ms. Scraped from then on, at every multiple of `scrapeMs` plus `phaseMs`. */
  readonly from: number;
  readonly to: number;
  /** Just after the scrape at these times all counters begin at nought again. */
  readonly restarts: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface MadeService {
  readonly exposition: Exposition;
  readonly instances: readonly InstanceLife[];
  readonly scrapeMs: number;
  readonly phaseMs: number;
  /** Calls a second and instance. */
  readonly perSecond: number;
  readonly operations: readonly {
    readonly name: string;
    readonly weight: number;
    readonly errorRate: Readonly<Record<string, number>>;
    /** Median seconds by variant, `''` for none. */
    readonly median: Readonly<Record<string, number>>;
  }[];
  /** Share of calls that evaluate the flag, and of them who gets `on`. */
  readonly evaluates: number;
  readonly on: number;
}

export interface Sample {
  readonly metric: string;
  /** `{a="b"}` */
  readonly labels: string;
  readonly at: number;
  readonly value: number;
}

/** Runs a service: its calls, and the samples a scraper would have taken of each instance. */
export function run(
  service: MadeService,
  seed: number,
): { readonly calls: readonly Call[]; readonly samples: readonly Sample[] } {
  const draws = new SeededDraws(seed);
  const calls: Call[] = [];
  const samples: Sample[] = [];
  const { scrapeMs, phaseMs } = service;
  for (const { from, to, restarts, labels } of service.instances) {
    let kinds = new Map<string, Kind>();
    const first = Math.ceil((from - phaseMs) / scrapeMs) * scrapeMs + phaseMs;
    for (let scrape = first; scrape <= to; scrape += scrapeMs) {
      const before = scrape - scrapeMs;
      const count = Math.round(service.perSecond * (scrapeMs / 1_000) * (0.5 + draws.uniform()));
      for (let index = 0; index < count; index += 1) {
        const at = Math.floor(before + 1 + draws.uniform() * (scrapeMs - 1));
        const call = draw(service, at, draws);
        calls.push(call);
        const key = `${call.operation} ${String(call.variant)} ${String(call.error)} ${String(call.refused)}`;
        let kind = kinds.get(key);
        if (!kind) kinds.set(key, (kind = new Kind(service.exposition(call), labels)));
        kind.add(call.seconds);
      }
      const sums = new Map<string, Sample>();
      for (const kind of kinds.values()) kind.scrape(scrape, sums);
      samples.push(...sums.values());
      if (restarts.includes(scrape)) kinds = new Map();
    }
  }
  return { calls, samples };
}

function draw(service: MadeService, at: number, draws: SeededDraws): Call {
  const total = service.operations.reduce((sum, { weight }) => sum + weight, 0);
  let left = draws.uniform() * total;
  const operation = service.operations.find(({ weight }) => (left -= weight) < 0) ?? service.operations[0]!;
  const variant = draws.uniform() < service.evaluates ? (draws.uniform() < service.on ? 'on' : 'off') : null;
  const of = (table: Readonly<Record<string, number>>): number => table[variant ?? ''] ?? table[''] ?? 0;
  // Log-normal by Box and Muller, with a long tail as latencies have it.
  const normal = Math.sqrt(-2 * Math.log(1 - draws.uniform())) * Math.cos(2 * Math.PI * draws.uniform());
  const error = draws.uniform() < of(operation.errorRate);
  return {
    at,
    operation: operation.name,
    variant,
    error,
    refused: !error && draws.uniform() < 0.05,
    seconds: of(operation.median) * Math.exp(0.5 * normal),
  };
}

/** Calls that add to the same series. */
class Kind {
  readonly #counters: readonly Series[];
  readonly #histograms: readonly {
    readonly bounds: readonly number[];
    readonly perSecond: number;
    readonly inside: number[];
    readonly buckets: readonly Series[];
    readonly count: Series;
    readonly sum: Series;
  }[];
  #calls = 0;
  #seconds = 0;

  constructor({ counters, histograms }: ReturnType<Exposition>, instance: Readonly<Record<string, string>>) {
    const series = (metric: string, labels: Readonly<Record<string, string>>): Series => ({
      metric,
      labels: labelText({ ...labels, ...instance }),
    });
    this.#counters = counters.map(([metric, labels]) => series(metric, labels));
    this.#histograms = histograms.map(([metric, labels, perSecond, bounds]) => ({
      bounds,
      perSecond,
      inside: [...bounds, 0].fill(0),
      buckets: [...bounds.map(String), '+Inf'].map((le) => series(`${metric}_bucket`, { ...labels, le })),
      count: series(`${metric}_count`, labels),
      sum: series(`${metric}_sum`, labels),
    }));
  }

  add(seconds: number): void {
    this.#calls += 1;
    this.#seconds += seconds;
    for (const { bounds, perSecond, inside } of this.#histograms) {
      const at = bounds.findIndex((bound) => seconds * perSecond <= bound);
      inside[at < 0 ? bounds.length : at]! += 1;
    }
  }

  /** Kinds whose labels are the same add up. */
  scrape(at: number, into: Map<string, Sample>): void {
    const put = ({ metric, labels }: Series, value: number): void => {
      const key = metric + labels;
      into.set(key, { metric, labels, at, value: value + (into.get(key)?.value ?? 0) });
    };
    for (const counter of this.#counters) put(counter, this.#calls);
    for (const { perSecond, inside, buckets, count, sum } of this.#histograms) {
      let below = 0;
      for (const [index, bucket] of buckets.entries()) put(bucket, (below += inside[index]!));
      put(count, this.#calls);
      put(sum, this.#seconds * perSecond);
    }
  }
}

type Series = Pick<Sample, 'metric' | 'labels'>;

export const labelText = (labels: Readonly<Record<string, string>>): string =>
  `{${Object.entries(labels)
    .map(([name, text]) => `${name}=${JSON.stringify(text)}`)
    .join(',')}}`;

const line = ({ metric, labels, value }: Sample, time: string): string => `${metric}${labels} ${value} ${time}`;

/** For promtool: series by series, seconds, the end marked. */
export function openMetrics(samples: readonly Sample[]): string {
  const bySeries = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = sample.metric + sample.labels;
    const held = bySeries.get(key);
    if (held) held.push(sample);
    else bySeries.set(key, [sample]);
  }
  const sorted = [...bySeries.values()].sort(([a], [b]) =>
    a!.metric < b!.metric ? -1 : a!.metric > b!.metric ? 1 : 0,
  );
  const lines = sorted.flatMap((series) => series.map((sample) => line(sample, (sample.at / 1_000).toFixed(3))));
  return `${lines.join('\n')}\n# EOF\n`;
}

/** For VictoriaMetrics' import: milliseconds. */
export const prometheusText = (samples: readonly Sample[]): string =>
  `${samples.map((sample) => line(sample, String(sample.at))).join('\n')}\n`;
