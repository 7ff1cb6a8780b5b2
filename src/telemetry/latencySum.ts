import type { Histogram } from '../model/signal';

/** (lower, upper] in seconds; the overflow's upper edge is Infinity. */
interface Bucket {
  readonly lower: number;
  readonly upper: number;
  count: number;
}

/**
 * Histograms of any bounds added up. Buckets with equal edges add exactly, which is all there is to it as long as the
 * histograms come from one source; where buckets of different sources overlap they are joined into one that covers
 * both, so that nothing is invented. Quantiles are taken of the sum, never averaged.
 */
export class LatencySum {
  readonly #buckets = new Map<number, Bucket>();
  #sorted: readonly Bucket[] | null = null;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add({ bounds, counts }: Histogram): void {
    for (let index = 0; index < counts.length; index += 1) {
      const count = counts[index] ?? 0;
      if (count <= 0) continue;
      this.#addBucket(index === 0 ? 0 : (bounds[index - 1] ?? 0), bounds[index] ?? Number.POSITIVE_INFINITY, count);
      this.#count += count;
    }
    this.#sorted = null;
  }

  /** Adds what another sum holds. */
  merge(other: LatencySum): void {
    for (const { lower, upper, count } of other.#buckets.values()) this.#addBucket(lower, upper, count);
    this.#count += other.#count;
    this.#sorted = null;
  }

  /** How many lie above `bound` seconds: exact on a bucket's edge, else those that share its bucket count as not above. */
  countAbove(bound: number): number {
    let above = 0;
    for (const { lower, count } of this.#ascending()) if (lower >= bound) above += count;
    return above;
  }

  /**
   * The value of rank q * count, linear inside its bucket as Prometheus' histogram_quantile does it: off by at most
   * the bucket's width (2.2 % for our own receiver's scale 5). Null without data; the highest finite edge when the
   * rank lies in the overflow.
   */
  quantile(q: number): number | null {
    const found = this.#find(q);
    if (!found) return null;
    const { bucket, below } = found;
    if (bucket.upper === Number.POSITIVE_INFINITY) return bucket.lower;
    const part = Math.max(0, Math.min(1, (q * this.#count - below) / bucket.count));
    return bucket.lower + (bucket.upper - bucket.lower) * part;
  }

  /** Upper edge of the bucket that holds the quantile (lower edge of the overflow); null without data. */
  quantileEdge(q: number): number | null {
    const found = this.#find(q);
    if (!found) return null;
    return found.bucket.upper === Number.POSITIVE_INFINITY ? found.bucket.lower : found.bucket.upper;
  }

  #addBucket(lower: number, upper: number, count: number): void {
    const known = this.#buckets.get(upper);
    if (known?.lower === lower) known.count += count;
    else if (known)
      this.#buckets.set(upper, { lower: Math.min(known.lower, lower), upper, count: known.count + count });
    else this.#buckets.set(upper, { lower, upper, count });
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
    if (this.#sorted) return this.#sorted;
    const joined: Bucket[] = [];
    for (const bucket of [...this.#buckets.values()].sort((a, b) => a.upper - b.upper)) {
      let { lower, count } = bucket;
      for (let before = joined.at(-1); before && before.upper > lower; before = joined.at(-1)) {
        lower = Math.min(lower, before.lower);
        count += before.count;
        joined.pop();
      }
      joined.push({ lower, upper: bucket.upper, count });
    }
    this.#sorted = joined;
    return joined;
  }
}
