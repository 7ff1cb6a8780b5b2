import type { Histogram } from '../../model/signal';
import { edge, type NativeHistogram } from './response';

/**
 * Classic buckets, cumulative by `le` in the metric's own unit, as the model's histogram in seconds. Buckets that were
 * not all read at one moment may fall where they must rise: they count nothing then. Null when an `le` is no number.
 */
export function classicHistogram(buckets: ReadonlyMap<string, number>, perSecond: number): Histogram | null {
  const rising = [...buckets].map(([le, count]) => ({ le: edge(le), count })).sort((a, b) => a.le - b.le);
  if (rising.some(({ le }) => Number.isNaN(le))) return null;
  const bounds: number[] = [];
  const counts: number[] = [];
  let below = 0;
  for (const { le, count } of rising) {
    const inside = Math.max(0, count - below);
    below = Math.max(below, count);
    if (le === Number.POSITIVE_INFINITY) {
      counts.push(inside);
      return { bounds, counts };
    }
    // Two spellings of one bound (`5` and `5.0`) are one bucket.
    if (bounds.at(-1) === le / perSecond) counts.push((counts.pop() ?? 0) + inside);
    else {
      bounds.push(le / perSecond);
      counts.push(inside);
    }
  }
  return { bounds, counts: [...counts, 0] };
}

/** A native histogram as the model's, in seconds: gaps between its buckets become buckets that count nothing. */
export function nativeHistogram({ buckets }: NativeHistogram, perSecond: number): Histogram {
  const bounds: number[] = [];
  const counts: number[] = [];
  for (const { left, right, count } of buckets) {
    if (!(right > 0)) continue;
    const lower = left / perSecond;
    if (lower > (bounds.at(-1) ?? 0)) {
      bounds.push(lower);
      counts.push(0);
    }
    counts.push(count);
    if (right === Number.POSITIVE_INFINITY) return { bounds, counts };
    bounds.push(right / perSecond);
  }
  return { bounds, counts: [...counts, 0] };
}
