import type { Histogram } from '../../model/signal';
import { defaultScale } from '../histogram';
import { highestBucket, lowestBucket, modelOf, serialised, zeroBucket, type LatencyTotals } from './latencyBuckets';

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
    return serialised(this.#indexes, this.#counts, 0, this.#used);
  }

  /** As ExponentialHistogram.toModel. */
  toModel(): Histogram {
    return modelOf(this.#indexes, this.#counts, 0, this.#used);
  }

  addTo(totals: LatencyTotals): void {
    for (let at = 0; at < this.#used; at++) totals.add(this.#indexes[at] ?? 0, this.#counts[at] ?? 0);
  }

  /** Buckets in use. */
  get size(): number {
    return this.#used;
  }

  /** Writes the buckets into two lists from `at` on, which have room for `size` more. */
  copyTo(indexes: Int16Array, counts: Uint32Array, at: number): void {
    indexes.set(this.#indexes.subarray(0, this.#used), at);
    counts.set(this.#counts.subarray(0, this.#used), at);
  }

  /** Takes over buckets `from` to `to` (excluded) of two such lists. */
  static copyOf(indexes: Int16Array, counts: Uint32Array, from: number, to: number): LatencyCounts {
    const copy = new LatencyCounts();
    copy.#indexes = new Int16Array(Math.max(to - from, 1));
    copy.#counts = new Uint32Array(Math.max(to - from, 1));
    copy.#indexes.set(indexes.subarray(from, to));
    copy.#counts.set(counts.subarray(from, to));
    copy.#used = to - from;
    return copy;
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
      if (!Number.isInteger(step) || (at > 2 && step <= 0) || index < lowestBucket || index > highestBucket)
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
