import type { Histogram } from '../../model/signal';
import { bucketBounds, bucketIndex, defaultScale, zeroThreshold } from '../histogram';

const perOctave = 2 ** defaultScale;
export const lowestBucket = -20 * perOctave;
export const highestBucket = 17 * perOctave - 1;
/** Stands for the zero bucket, below every real index. */
export const zeroBucket = lowestBucket - 1;
/** Upper edge of each bucket from the zero bucket on: a power each is what an answer would mostly spend its time on. */
const edges = Float64Array.from({ length: highestBucket - zeroBucket + 1 }, (_, at) =>
  at === 0 ? zeroThreshold : bucketBounds(zeroBucket + at).upper,
);
const lowerEdge = (index: number): number => edges[index - lowestBucket] ?? zeroThreshold;

/** The bucket of a duration: an index of ExponentialHistogram, clamped as it clamps. Computed once a span. */
export function latencyBucket(seconds: number): number {
  return seconds <= zeroThreshold ? zeroBucket : Math.max(Math.min(bucketIndex(seconds), highestBucket), lowestBucket);
}

/** Buckets `from` to `to` (excluded) of two lists, indexes ascending, as ExponentialHistogram.toModel gives them. */
export function modelOf(indexes: Int16Array, counts: Uint32Array, from: number, to: number): Histogram {
  const model: { bounds: number[]; counts: number[] } = { bounds: [], counts: [] };
  let previous = Number.NaN;
  for (let at = from; at < to; at++) previous = push(model, indexes[at] ?? 0, counts[at] ?? 0, previous);
  model.counts.push(0);
  return model;
}

/** The same buckets as ExponentialHistogram.serialise writes them. */
export function serialised(indexes: Int16Array, counts: Uint32Array, from: number, to: number): number[] {
  const zero = from < to && indexes[from] === zeroBucket ? (counts[from] ?? 0) : 0;
  const out = [defaultScale, zero];
  let previous = 0;
  for (let at = zero > 0 ? from + 1 : from; at < to; at++) {
    const index = indexes[at] ?? 0;
    out.push(index - previous, counts[at] ?? 0);
    previous = index;
  }
  return out;
}

function push(model: { bounds: number[]; counts: number[] }, index: number, count: number, previous: number): number {
  if (index !== zeroBucket && index !== previous + 1) {
    model.bounds.push(lowerEdge(index));
    model.counts.push(0);
  }
  model.bounds.push(edges[index - zeroBucket] ?? zeroThreshold);
  model.counts.push(count);
  return index;
}

/** Latencies of many cells together, one count for every bucket there is: adding to it looks nothing up. */
export class LatencyTotals {
  readonly #counts = new Float64Array(edges.length);
  #first = edges.length;
  #last = -1;

  add(bucket: number, count: number): void {
    const at = bucket - zeroBucket;
    this.#counts[at] = (this.#counts[at] ?? 0) + count;
    if (at < this.#first) this.#first = at;
    if (at > this.#last) this.#last = at;
  }

  toModel(): Histogram {
    const model: { bounds: number[]; counts: number[] } = { bounds: [], counts: [] };
    let previous = Number.NaN;
    for (let at = this.#first; at <= this.#last; at++) {
      const count = this.#counts[at] ?? 0;
      if (count > 0) previous = push(model, zeroBucket + at, count, previous);
    }
    model.counts.push(0);
    return model;
  }
}
