import { bucketIndex, defaultScale, ExponentialHistogram, zeroThreshold } from '../histogram';

const perOctave = 2 ** defaultScale;
const lowest = -20 * perOctave;
const highest = 17 * perOctave - 1;
/** Stands for the zero bucket, below every real index. */
const zeroBucket = lowest - 1;

/** The bucket of a duration: an index of {@link ExponentialHistogram}, clamped as it clamps. Computed once a span. */
export function latencyBucket(seconds: number): number {
  return seconds <= zeroThreshold ? zeroBucket : Math.max(Math.min(bucketIndex(seconds), highest), lowest);
}

/**
 * The counts of an {@link ExponentialHistogram} in a few hundred bytes, as one is held for every operation, arm and
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

  /** As {@link ExponentialHistogram.serialise}. */
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

  /** Reads what `serialise` wrote; throws RangeError on anything else. */
  static deserialise(data: readonly number[]): LatencyCounts {
    // Checked by the class whose format it is.
    ExponentialHistogram.deserialise(data);
    const read = new LatencyCounts();
    const [scale, zero = 0] = data;
    if (scale !== defaultScale) throw new RangeError(`Histogram scale ${String(scale)} is not ${defaultScale}`);
    if (zero > 0) read.add(zeroBucket, zero);
    let index = 0;
    for (let at = 2; at < data.length; at += 2) {
      index += data[at] ?? 0;
      read.add(index, data[at + 1] ?? 0);
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
