import type { ArmSeries, Window } from '../../model/signal';
import type { SeriesQuery } from '../backend';
import type { BackendConfig } from '../../model/config';
import type { KnownFamily } from './catalogue';
import { fresh, type PromClient } from './client';
import { PromError } from './failure';
import type { Gathered } from './gathered';
import { classicHistogram, nativeHistogram } from './histograms';
import { labelOfFlag, serviceOf, underscored, type LabelSet } from './labels';
import { growths } from './nativeSteps';
import { namingLabels, operationOf, outcomeLabels, outcomeOfSeries } from './operations';
import { anyOf, increments, restricted, selector, type Matcher } from './promql';
import type { Served } from './services';

export interface Asking {
  readonly client: PromClient;
  readonly config: BackendConfig;
  readonly query: SeriesQuery;
  readonly signal: AbortSignal;
  readonly into: Gathered;
}

export interface AskedOf {
  /** Something of the answer is missing. */
  readonly partial: boolean;
  /** Epoch ms; null where nothing was measured of late. */
  readonly newest: number | null;
}

/** How to ask for the arms of a split, and which arm a series is of; null where the family does not carry them. */
export interface SplitBy {
  readonly labels: readonly string[];
  readonly matchers: readonly Matcher[];
  readonly arm: (series: LabelSet) => ArmSeries['arm'] | null;
}

/** Calls that others make or take in turn are theirs to count. */
const callers = { label: '', op: '!~', value: '(?i)(SPAN_KIND_)?(CLIENT|PRODUCER)' } as const;

export function splitBy({ split }: SeriesQuery, family: KnownFamily, config: BackendConfig): SplitBy | null {
  switch (split.by) {
    case 'none':
      return { labels: [], matchers: [], arm: () => ({ kind: 'all' }) };
    case 'version':
      return byLabel(family.labels.version[0], (version) => ({ kind: 'version', version }));
    case 'attribute': {
      const { name } = split;
      const label = family.names.find((one) => underscored(one) === underscored(name));
      return byLabel(label, (value) => ({ kind: 'attribute', name, value }));
    }
    case 'flag': {
      const flag = split.key;
      const arm = (variant: string): ArmSeries['arm'] => ({ kind: 'variant', flag, variant });
      const own = labelOfFlag(flag, family.variants, config.flagLabels);
      if (own !== null) return byLabel(own, arm);
      const { pair } = family.variants;
      const of = byLabel(pair?.variant, arm);
      return of && pair && { ...of, matchers: [...of.matchers, anyOf(pair.key, [flag])] };
    }
  }
}

/** Series without the label, or with an empty one, are of no arm. */
function byLabel(label: string | undefined, arm: (value: string) => ArmSeries['arm']): SplitBy | null {
  if (label === undefined) return null;
  return {
    labels: [label],
    matchers: [{ label, op: '!=', value: '' }],
    arm: (series) => arm(series[label] ?? ''),
  };
}

/** Entry spans and inner ones, of this service in this environment. */
export function matchersOf({ labels }: KnownFamily, { matchers }: Served): readonly Matcher[] {
  return [...matchers, ...labels.kind.map((label): Matcher => ({ ...callers, label }))];
}

/**
 * One service's calls and latencies, of all its operations at once: what was wanted of them is picked afterwards. The
 * steps lie on the grid of their length, as the window's ends do.
 */
export async function askService(asking: Asking, family: KnownFamily, served: Served): Promise<AskedOf> {
  const { client, config, query, signal } = asking;
  const split = splitBy(query, family, config);
  if (!split) return { partial: false, newest: null };
  const matchers = [...matchersOf(family, served), ...split.matchers];
  const grid: Window = {
    from: Math.floor(query.window.from / query.step) * query.step,
    to: Math.ceil(query.window.to / query.step) * query.step,
  };
  const parts = await Promise.all([
    family.calls === null ? null : askCalls(asking, family, served, { split, matchers, grid }),
    family.latency?.isNative === true
      ? askNative(asking, family, served, { split, matchers, grid })
      : askClassic(asking, family, served, { split, matchers, grid }),
    newestOf(client, family, served, query.window.to, signal),
    askExemplars(asking, family, served, { split, matchers, grid }),
  ]);
  const [calls, latency, newest] = parts;
  return { partial: calls === true || latency, newest };
}

interface Part {
  readonly split: SplitBy;
  readonly matchers: readonly Matcher[];
  readonly grid: Window;
}

async function askCalls(
  asking: Asking,
  family: KnownFamily,
  served: Served,
  { split, matchers, grid }: Part,
): Promise<boolean> {
  const { client, query, signal, into } = asking;
  const { labels, shape } = family;
  const by = [...namingLabels(shape, labels), ...outcomeLabels(labels), ...split.labels];
  const counters = selector(family.calls ?? '', matchers);
  const expression = increments({
    counters,
    stepSeconds: query.step / 1_000,
    by,
    service: labels.service,
    only: served.only,
  });
  const { rows, partial } = await client.range(expression, afterFirst(grid, query.step), query.step, signal);
  for (const { metric, samples } of rows) {
    const operation = operationOf(shape, labels, metric, served.environment);
    const arm = split.arm(metric);
    if (!operation || !arm) continue;
    const outcome = outcomeOfSeries(labels, metric);
    for (const [at, calls] of samples) into.addCalls(operation, arm, at - query.step, calls, outcome);
  }
  return partial;
}

/** Buckets by operation, arm and step: cumulative by `le`. */
async function askClassic(
  asking: Asking,
  family: KnownFamily,
  served: Served,
  { split, matchers, grid }: Part,
): Promise<boolean> {
  const { client, query, signal, into } = asking;
  const { labels, shape, latency } = family;
  if (!latency) return false;
  const by = [...namingLabels(shape, labels), ...split.labels, 'le'];
  const counters = selector(latency.metric, matchers);
  const expression = increments({
    counters,
    stepSeconds: query.step / 1_000,
    by,
    service: labels.service,
    only: served.only,
  });
  const { rows, partial } = await client.range(expression, afterFirst(grid, query.step), query.step, signal);
  const groups = new Map<string, { readonly metric: LabelSet; readonly steps: Map<number, Map<string, number>> }>();
  for (const { metric, samples } of rows) {
    const { le = '', ...rest } = metric;
    const key = JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
    const group = groups.get(key) ?? { metric: rest, steps: new Map<number, Map<string, number>>() };
    groups.set(key, group);
    for (const [at, count] of samples) {
      const step = group.steps.get(at) ?? new Map<string, number>();
      group.steps.set(at, step.set(le, count));
    }
  }
  let isUnread = false;
  for (const { metric, steps } of groups.values()) {
    const operation = operationOf(shape, labels, metric, served.environment);
    const arm = split.arm(metric);
    if (!operation || !arm) continue;
    for (const [at, buckets] of steps) {
      const histogram = classicHistogram(buckets, latency.perSecond);
      if (histogram) into.addLatency(operation, arm, at - query.step, histogram);
      else isUnread = true;
    }
  }
  return partial || isUnread;
}

/** Native histograms are asked for as they are, by instance, and differenced here; where no counter goes with them they count the calls too. */
async function askNative(
  asking: Asking,
  family: KnownFamily,
  served: Served,
  { split, matchers, grid }: Part,
): Promise<boolean> {
  const { client, query, signal, into } = asking;
  const { labels, shape, latency, calls } = family;
  if (!latency) return false;
  const expression = restricted(selector(latency.metric, matchers), served.only);
  const { rows, partial } = await client.range(expression, grid, query.step, signal);
  for (const { metric, steps } of growths(rows, query.step, (series) => serviceOf(labels, series))) {
    const operation = operationOf(shape, labels, metric, served.environment);
    const arm = split.arm(metric);
    if (!operation || !arm) continue;
    const outcome = outcomeOfSeries(labels, metric);
    for (const { at, histogram } of steps) {
      if (calls === null) into.addCalls(operation, arm, at, histogram.count, outcome);
      into.addLatency(operation, arm, at, nativeHistogram(histogram, latency.perSecond));
    }
  }
  return partial;
}

/** The first value tells what grew in the first step, which ends there. */
const afterFirst = ({ from, to }: Window, step: number): Window => ({ from: from + step, to });

/** How far back the newest sample is looked for when none is recent, to the minute: older still, telemetry is silent, not slow. */
const newestWithin = '20m:1m';

async function newestOf(
  client: PromClient,
  family: KnownFamily,
  served: Served,
  now: number,
  signal: AbortSignal,
): Promise<number | null> {
  const series = restricted(`timestamp(${selector(family.whole, matchersOf(family, served))})`, served.only);
  const { rows } = await client.instant(
    `max(${series}) or max(max_over_time((${series})[${newestWithin}]))`,
    now,
    fresh.series,
    signal,
  );
  const seconds = rows[0]?.samples[0]?.[1];
  return seconds === undefined ? null : Math.min(Math.round(seconds * 1_000), now);
}

/** Exemplars are a help: a server that has none, or does not know the question, loses nothing by it. */
async function askExemplars(
  asking: Asking,
  family: KnownFamily,
  served: Served,
  { split, matchers, grid }: Part,
): Promise<void> {
  const { client, signal, into } = asking;
  // Their question is of one metric alone: whose target it is of cannot be asked with it.
  if (served.only || !family.latency) return;
  const found = await client
    // On the grid, as the window's end slides with every question and none would be told again.
    .exemplars(selector(family.latency.metric, matchers), grid, signal)
    .catch((error: unknown) => {
      if (error instanceof PromError) return [];
      throw error;
    });
  for (const { metric, traceId, value, at } of found) {
    const operation = operationOf(family.shape, family.labels, metric, served.environment);
    const arm = split.arm(metric);
    if (!operation || !arm) continue;
    const { error } = outcomeOfSeries(family.labels, metric);
    into.addExemplar(operation, arm, { traceId, at, seconds: value / family.latency.perSecond, error });
  }
}
