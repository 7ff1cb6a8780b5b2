import type { Histogram } from '../model/signal';

/** (lower, upper] in seconds; the overflow's upper edge is Infinity. */
interface Bucket {
  lower: number;
  readonly upper: number;
  count: number;
}

/**
 * Histograms of any bounds added up. Buckets with equal edges add exactly, which is all there is to it as long as the
 * histograms come from one source; where buckets of different sources overlap they are joined into one that covers
 * both, so that nothing is invented. Quantiles are taken of the sum, never averaged.
 */
export class LatencySum {
  /** By upper edge, each once. */
  readonly #buckets: Bucket[] = [];
  #joined: readonly Bucket[] | null = null;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add({ bounds, counts }: Histogram): void {
    let place = 0;
    for (let index = 0; index < counts.length; index += 1) {
      const count = counts[index] ?? 0;
      if (count <= 0) continue;
      const lower = index === 0 ? 0 : (bounds[index - 1] ?? 0);
      place = this.#addBucket(lower, bounds[index] ?? Number.POSITIVE_INFINITY, count, place);
      this.#count += count;
    }
    this.#joined = null;
  }

  /** Adds what another sum holds. */
  merge(other: LatencySum): void {
    let place = 0;
    for (const { lower, upper, count } of other.#buckets) place = this.#addBucket(lower, upper, count, place);
    this.#count += other.#count;
    this.#joined = null;
  }

  /** How many lie above `bound` seconds: exact on a bucket's edge, else those that share its bucket count as not above. */
  countAbove(bound: number): number {
    let above = 0;
    for (const { lower, count } of this.#ascending()) if (lower >= bound) above += count;
    return above;
  }

  /** From which edge on `countAbove(bound)` counts: the upper one of the bucket that `bound` lies inside, else `bound`. */
  edgeFrom(bound: number): number {
    for (const { lower, upper } of this.#ascending()) if (lower < bound && bound < upper) return upper;
    return bound;
  }

  /**
   * The value of rank q * count, linear inside its bucket as Prometheus' histogram_quantile does it: off by at most
   * the bucket's width (2.2 % for our own receiver's scale 5). Null without data; the highest finite edge when the
   * rank lies in the overflow, and null where that has no lower edge: one bucket for everything says nothing.
   */
  quantile(q: number): number | null {
    const found = this.#find(q);
    if (!found) return null;
    const { bucket, below } = found;
    if (bucket.upper === Number.POSITIVE_INFINITY) return bucket.lower || null;
    const part = Math.max(0, Math.min(1, (q * this.#count - below) / bucket.count));
    return bucket.lower + (bucket.upper - bucket.lower) * part;
  }

  /** The edge that q lies beyond, in the overflow of the histogram; null where its value is known. */
  edgeBelow(q: number): number | null {
    const bucket = this.#find(q)?.bucket;
    return bucket?.upper === Number.POSITIVE_INFINITY ? bucket.lower || null : null;
  }

  /** As the model's record: only buckets in use and the gaps between them. */
  toModel(): Histogram {
    const bounds: number[] = [];
    const counts: number[] = [];
    for (const { lower, upper, count } of this.#ascending()) {
      if (lower > (bounds.at(-1) ?? 0)) {
        bounds.push(lower);
        counts.push(0);
      }
      counts.push(count);
      if (upper === Number.POSITIVE_INFINITY) return { bounds, counts };
      bounds.push(upper);
    }
    return { bounds, counts: [...counts, 0] };
  }

  /** Adds to the bucket that ends at `upper`, which is looked for from `from` on. Answers where the next may be. */
  #addBucket(lower: number, upper: number, count: number, from: number): number {
    const buckets = this.#buckets;
    const place = placeOf(buckets, upper, from);
    const known = buckets[place];
    if (known?.upper !== upper) buckets.splice(place, 0, { lower, upper, count });
    else {
      known.count += count;
      if (lower < known.lower) known.lower = lower;
    }
    return place + 1;
  }

  #find(q: number): { readonly bucket: Bucket; readonly below: number } | null {
    const rank = q * this.#count;
    let below = 0;
    let last: { readonly bucket: Bucket; readonly below: number } | null = null;
    for (const bucket of this.#ascending()) {
      last = { bucket, below };
      if (below + bucket.count >= rank - 1e-9 * this.#count) return last;
      below += bucket.count;
    }
    return last;
  }

  #ascending(): readonly Bucket[] {
    if (this.#joined) return this.#joined;
    let isApart = true;
    for (let at = 1; at < this.#buckets.length && isApart; at += 1)
      isApart = (this.#buckets[at - 1]?.upper ?? 0) <= (this.#buckets[at]?.lower ?? 0);
    this.#joined = isApart ? this.#buckets : joined(this.#buckets);
    return this.#joined;
  }
}

/** The first place at or after `from` whose bucket ends at `upper` or later. Neighbours mostly follow each other. */
function placeOf(buckets: readonly Bucket[], upper: number, from: number): number {
  if ((buckets[from]?.upper ?? Number.POSITIVE_INFINITY) >= upper) {
    if (from === 0 || (buckets[from - 1]?.upper ?? 0) < upper) return from;
    from = 0;
  }
  let low = from;
  let high = buckets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((buckets[middle]?.upper ?? 0) < upper) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Buckets that overlap, joined into one that covers both. */
function joined(buckets: readonly Bucket[]): readonly Bucket[] {
  const apart: Bucket[] = [];
  for (const bucket of buckets) {
    let { lower, count } = bucket;
    for (let before = apart.at(-1); before && before.upper > lower; before = apart.at(-1)) {
      lower = Math.min(lower, before.lower);
      count += before.count;
      apart.pop();
    }
    apart.push({ lower, upper: bucket.upper, count });
  }
  return apart;
}
