import type { Histogram } from '../model/signal';

/**
 * The base-2 exponential histogram of OpenTelemetry (data-model.md): at scale s the base is 2^(2^-s), the index of a
 * value x is ceil(log_base x) - 1, and bucket i holds (base^i, base^(i+1)]. Merging is adding counts, exactly.
 */
export const defaultScale = 5;

/** Scale 5 keeps a quantile within 1.1 %; nothing below a microsecond or above 36 hours is told apart. */
const smallestExponent = -20;
const largestExponent = 17;

/** Values up to this many seconds (2^-20, about a microsecond) count as nought; negative ones are clock skew and do too. */
export const zeroThreshold = 2 ** smallestExponent;

/** Index of the bucket that holds `value` (> 0). An edge belongs to the bucket below it, rounding of the logarithm allowed for. */
export function bucketIndex(value: number, scale = defaultScale): number {
  const position = Math.log2(value) * 2 ** scale;
  const nearest = Math.round(position);
  return Math.abs(position - nearest) < 1e-9 ? nearest - 1 : Math.ceil(position) - 1;
}

/** Edges of bucket `index`: lower excluded, upper included. Equal indexes give bit-equal edges. */
export function bucketBounds(index: number, scale = defaultScale): { readonly lower: number; readonly upper: number } {
  return { lower: 2 ** (index / 2 ** scale), upper: 2 ** ((index + 1) / 2 ** scale) };
}

/**
 * Latencies in seconds. Sparse, and bounded whatever arrives: at most 37 * 2^scale buckets, since values outside
 * (2^-20, 2^17] s fall into the zero bucket and the last one. Counts may be any non-negative numbers (sampled spans
 * may weigh more than one).
 */
export class ExponentialHistogram {
  #scale: number;
  #zero = 0;
  #count = 0;
  #buckets = new Map<number, number>();

  constructor(scale = defaultScale) {
    if (!Number.isInteger(scale) || scale < 0 || scale > 8)
      throw new RangeError(`Histogram scale ${scale} is not within 0 to 8`);
    this.#scale = scale;
  }

  get scale(): number {
    return this.#scale;
  }

  get count(): number {
    return this.#count;
  }

  get zeroCount(): number {
    return this.#zero;
  }

  /** Buckets in use, the zero bucket not counted. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Not a number is no latency and is not counted. */
  add(seconds: number, count = 1): void {
    if (Number.isNaN(seconds) || !(count > 0)) return;
    this.#count += count;
    if (seconds <= zeroThreshold) {
      this.#zero += count;
      return;
    }
    const perOctave = 2 ** this.#scale;
    const wanted = bucketIndex(seconds, this.#scale);
    const index = Math.max(Math.min(wanted, largestExponent * perOctave - 1), smallestExponent * perOctave);
    this.#buckets.set(index, (this.#buckets.get(index) ?? 0) + count);
  }

  /** Adds the other's counts; where the scales differ, the result has the coarser one. The other is left as it was. */
  merge(other: ExponentialHistogram): void {
    if (other.#scale < this.#scale) this.downscale(this.#scale - other.#scale);
    const shift = other.#scale - this.#scale;
    for (const [index, count] of other.#buckets) {
      const own = index >> shift;
      this.#buckets.set(own, (this.#buckets.get(own) ?? 0) + count);
    }
    this.#zero += other.#zero;
    this.#count += other.#count;
  }

  /** Joins neighbours: each step halves the resolution and moves no count across an edge that remains. */
  downscale(steps: number): void {
    if (!Number.isInteger(steps) || steps < 0 || steps > this.#scale)
      throw new RangeError(`Histogram of scale ${this.#scale} cannot be coarsened by ${steps}`);
    if (steps === 0) return;
    const coarser = new Map<number, number>();
    for (const [index, count] of this.#buckets) {
      const joined = index >> steps;
      coarser.set(joined, (coarser.get(joined) ?? 0) + count);
    }
    this.#buckets = coarser;
    this.#scale -= steps;
  }

  /**
   * The value of rank ceil(q * count), as the geometric middle of its bucket; null without data. It is within a
   * factor 2^(2^-scale / 2) of that sample: 1.1 % at scale 5, except for values clamped at either end (see the class).
   */
  quantile(q: number): number | null {
    if (this.#count === 0) return null;
    let left = Math.max(Math.min(q, 1) * this.#count, Number.MIN_VALUE) - this.#zero;
    if (left <= 0) return 0;
    let last = 0;
    for (const [index, count] of this.#ascending()) {
      last = index;
      left -= count;
      if (left <= 1e-9 * this.#count) break;
    }
    const { lower, upper } = bucketBounds(last, this.#scale);
    return Math.sqrt(lower * upper);
  }

  /**
   * How many values lie above `bound` seconds. Exact when `bound` is a bucket's edge; else values that share its
   * bucket count as not above, so take `bucketBounds(bucketIndex(bound)).upper` for a threshold that is compared.
   */
  countAbove(bound: number): number {
    if (bound < zeroThreshold) return this.#count - this.#zero;
    const within = bucketIndex(bound, this.#scale);
    let above = 0;
    for (const [index, count] of this.#buckets) if (index > within) above += count;
    return above;
  }

  /** As the model's record: only buckets in use and the gaps between them, each bucket with its own two edges. */
  toModel(): Histogram {
    const bounds: number[] = [];
    const counts: number[] = [];
    if (this.#zero > 0) {
      bounds.push(zeroThreshold);
      counts.push(this.#zero);
    }
    for (const [index, count] of this.#ascending()) {
      const { lower, upper } = bucketBounds(index, this.#scale);
      if (bounds.at(-1) !== lower) {
        bounds.push(lower);
        counts.push(0);
      }
      bounds.push(upper);
      counts.push(count);
    }
    counts.push(0);
    return { bounds, counts };
  }

  /** `[scale, zero, index, count, step to the next index, count, ...]`: numbers only, short as JSON or varints. */
  serialise(): number[] {
    const out = [this.#scale, this.#zero];
    let previous = 0;
    for (const [index, count] of this.#ascending()) {
      out.push(index - previous, count);
      previous = index;
    }
    return out;
  }

  /** Reads what `serialise` wrote; throws RangeError on anything else (a damaged file must not become numbers). */
  static deserialise(data: readonly number[]): ExponentialHistogram {
    const [scale, zero] = data;
    if (scale === undefined || zero === undefined || data.length % 2 !== 0)
      throw new RangeError('Histogram data is cut short');
    const read = new ExponentialHistogram(scale);
    read.#zero = checkedCount(zero, true);
    read.#count = zero;
    let index = 0;
    for (let at = 2; at < data.length; at += 2) {
      const step = data[at] ?? Number.NaN;
      const count = checkedCount(data[at + 1], false);
      index += step;
      if (!Number.isInteger(step) || (at > 2 && step <= 0) || !isIndex(index, scale))
        throw new RangeError(`Histogram data holds no bucket index at ${at}`);
      read.#buckets.set(index, count);
      read.#count += count;
    }
    return read;
  }

  #ascending(): [number, number][] {
    return [...this.#buckets].sort((a, b) => a[0] - b[0]);
  }
}

const isIndex = (index: number, scale: number): boolean =>
  index >= smallestExponent * 2 ** scale && index < largestExponent * 2 ** scale;

function checkedCount(count: number | undefined, mayBeZero: boolean): number {
  if (count === undefined || !Number.isFinite(count) || count < 0 || (count === 0 && !mayBeZero))
    throw new RangeError(`Histogram count ${String(count)} is not a number of calls`);
  return count;
}
