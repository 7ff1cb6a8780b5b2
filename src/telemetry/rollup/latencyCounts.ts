import type { Histogram } from '../../model/signal';
import { bucketBounds, bucketIndex, defaultScale, zeroThreshold } from '../histogram';

const perOctave = 2 ** defaultScale;
const lowest = -20 * perOctave;
const highest = 17 * perOctave - 1;
/** Stands for the zero bucket, below every real index. */
const zeroBucket = lowest - 1;
/** Upper edge of each bucket from the zero bucket on: a power each is what an answer would mostly spend its time on. */
const edges = Float64Array.from({ length: highest - zeroBucket + 1 }, (_, at) =>
  at === 0 ? zeroThreshold : bucketBounds(zeroBucket + at).upper,
);
const lowerEdge = (index: number): number => edges[index - lowest] ?? zeroThreshold;

/** The bucket of a duration: an index of ExponentialHistogram, clamped as it clamps. Computed once a span. */
export function latencyBucket(seconds: number): number {
  return seconds <= zeroThreshold ? zeroBucket : Math.max(Math.min(bucketIndex(seconds), highest), lowest);
}

/**
 * The counts of an ExponentialHistogram in a few hundred bytes, as one is held for every operation, arm and
 * minute, and with subtraction: a call whose arm turns out to be another one is moved. Sorted, so that it serialises as is.
 */
export class LatencyCounts {
  #indexes = new Int16Array(8);
  #counts = new Uint32Array(8);
  #used = 0;

  add(bucket: number, count = 1): void {
    const at = this.#find(bucket);
    if (at < this.#used && this.#indexes[at] === bucket) {
      this.#counts[at] = (this.#counts[at] ?? 0) + count;
      return;
    }
    if (this.#used === this.#indexes.length) this.#grow();
    this.#indexes.copyWithin(at + 1, at, this.#used);
    this.#counts.copyWithin(at + 1, at, this.#used);
    this.#indexes[at] = bucket;
    this.#counts[at] = count;
    this.#used++;
  }

  /** Takes one value out that was added before. */
  remove(bucket: number): void {
    const at = this.#find(bucket);
    if (at >= this.#used || this.#indexes[at] !== bucket) return;
    const left = (this.#counts[at] ?? 0) - 1;
    if (left > 0) {
      this.#counts[at] = left;
      return;
    }
    this.#indexes.copyWithin(at, at + 1, this.#used);
    this.#counts.copyWithin(at, at + 1, this.#used);
    this.#used--;
  }

  /** As ExponentialHistogram.serialise. */
  serialise(): number[] {
    const zero = this.#used > 0 && this.#indexes[0] === zeroBucket ? (this.#counts[0] ?? 0) : 0;
    const out = [defaultScale, zero];
    let previous = 0;
    for (let at = zero > 0 ? 1 : 0; at < this.#used; at++) {
      const index = this.#indexes[at] ?? 0;
      out.push(index - previous, this.#counts[at] ?? 0);
      previous = index;
    }
    return out;
  }

  /** As ExponentialHistogram.toModel. */
  toModel(): Histogram {
    const bounds: number[] = [];
    const counts: number[] = [];
    let previous = Number.NaN;
    for (let at = 0; at < this.#used; at++) {
      const index = this.#indexes[at] ?? 0;
      if (index !== zeroBucket && index !== previous + 1) {
        bounds.push(lowerEdge(index));
        counts.push(0);
      }
      bounds.push(edges[index - zeroBucket] ?? zeroThreshold);
      counts.push(this.#counts[at] ?? 0);
      previous = index;
    }
    counts.push(0);
    return { bounds, counts };
  }

  /** The counts of both; neither is changed. */
  plus(other: LatencyCounts): LatencyCounts {
    const sum = new LatencyCounts();
    for (const part of [this, other])
      for (let at = 0; at < part.#used; at++) sum.add(part.#indexes[at] ?? 0, part.#counts[at] ?? 0);
    return sum;
  }

  /** Reads what `serialise` wrote; throws RangeError on anything else (a damaged file must not become numbers). */
  static deserialise(data: readonly number[]): LatencyCounts {
    const read = new LatencyCounts();
    const [scale, zero = Number.NaN] = data;
    if (scale !== defaultScale) throw new RangeError(`Histogram scale ${String(scale)} is not ${defaultScale}`);
    if (data.length % 2 !== 0) throw new RangeError('Histogram data is cut short');
    if (zero !== 0) read.add(zeroBucket, checkedCount(zero));
    let index = 0;
    for (let at = 2; at < data.length; at += 2) {
      const step = data[at] ?? Number.NaN;
      index += step;
      if (!Number.isInteger(step) || (at > 2 && step <= 0) || index < lowest || index > highest)
        throw new RangeError(`Histogram data holds no bucket index at ${at}`);
      read.add(index, checkedCount(data[at + 1]));
    }
    return read;
  }

  /** Position of `bucket`, or where it belongs. */
  #find(bucket: number): number {
    let low = 0;
    let high = this.#used;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#indexes[middle] ?? 0) < bucket) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const indexes = new Int16Array(this.#used * 2);
    const counts = new Uint32Array(this.#used * 2);
    indexes.set(this.#indexes);
    counts.set(this.#counts);
    this.#indexes = indexes;
    this.#counts = counts;
  }
}

function checkedCount(count: number | undefined): number {
  if (count === undefined || !Number.isInteger(count) || count <= 0 || count > 0xffffffff)
    throw new RangeError(`Histogram count ${String(count)} is not a number of calls`);
  return count;
}
