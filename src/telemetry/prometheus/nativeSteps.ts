import type { NativeHistogram, Row } from './response';
import type { LabelSet } from './labels';

/** What one series of a native histogram grew by in one step. `at`: the step's start. */
export interface Growth {
  readonly at: number;
  readonly histogram: NativeHistogram;
}

/** How long a series that has gone is still the latest one of its kind. */
const lookbackMs = 5 * 60_000;

/**
 * Differences of cumulative native histograms, series by series, by the rules of `increments` (promql.ts): a fallen one
 * was reset; one that was not there before began at nought if its service was measured then. `rows` are values at every
 * step, the first of them at the start of the first step.
 */
export function growths(
  rows: readonly Row[],
  stepMs: number,
  serviceOf: (series: LabelSet) => string,
): readonly { readonly metric: LabelSet; readonly steps: readonly Growth[] }[] {
  const measured = new Map<string, number[]>();
  for (const { metric, histograms } of rows) {
    const times = measured.get(serviceOf(metric)) ?? [];
    for (const [at] of histograms) times.push(at);
    measured.set(serviceOf(metric), times);
  }
  const wasMeasured = new Map(
    [...measured].map(([service, times]) => {
      const known = new Set(times);
      return [service, (at: number): boolean => known.has(at)] as const;
    }),
  );
  return rows.map(({ metric, histograms }) => {
    const steps: Growth[] = [];
    let last: readonly [at: number, value: NativeHistogram] | null = null;
    for (const [at, value] of histograms) {
      const before = last && at - last[0] <= lookbackMs + stepMs ? last[1] : null;
      const began = before === null && wasMeasured.get(serviceOf(metric))?.(at - stepMs) === true;
      const grown = before ? difference(value, before) : began ? value : null;
      if (grown && grown.count > 0) steps.push({ at: at - stepMs, histogram: grown });
      last = [at, value];
    }
    return { metric, steps };
  });
}

/**
 * `later - earlier`, or all of `later` after a reset: any part that fell tells of one. A histogram that has become
 * coarser in between holds the earlier buckets within its own.
 */
export function difference(later: NativeHistogram, earlier: NativeHistogram): NativeHistogram {
  if (later.count < earlier.count) return later;
  const left = later.buckets.map((bucket) => ({ ...bucket }));
  let at = 0;
  for (const { left: low, right: high, count } of earlier.buckets) {
    while ((left[at]?.right ?? Number.POSITIVE_INFINITY) < high) at += 1;
    const holder = left[at];
    if (!holder || holder.left > low || holder.count < count) return later;
    holder.count -= count;
  }
  return { count: later.count - earlier.count, buckets: left.filter(({ count }) => count > 0) };
}
