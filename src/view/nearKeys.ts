import { slips } from './slips';

const longestKey = 200;
/** A swap of neighbours changes three pairs of signs, every other slip fewer. */
const pairsASlip = 3;

/**
 * Known keys, laid out to be asked for the nearest one again and again: by the pairs of neighbouring signs that they
 * hold, since a key with few slips still has most of its pairs. Of thousands a few dozen are weighed.
 */
export class NearKeys {
  readonly #texts: readonly string[];
  readonly #plain: readonly string[];
  /** Which keys hold a pair. */
  readonly #holding = new Map<number, number[]>();
  readonly #shared: Uint8Array;

  constructor(known: readonly string[]) {
    this.#texts = known.filter(({ length }) => length <= longestKey);
    this.#plain = this.#texts.map(plainOf);
    this.#shared = new Uint8Array(this.#texts.length);
    this.#plain.forEach((plain, at) => {
      for (const pair of pairsOf(plain)) {
        const holding = this.#holding.get(pair);
        if (holding) holding.push(at);
        else this.#holding.set(pair, [at]);
      }
    });
  }

  /**
   * The known key with the fewest slips (insertions, deletions, substitutions, swaps of neighbours; case and the choice
   * of `-_.` cost nothing), at most a third of the key's length and never more than four; of several the one that has
   * most in common with it. Null when none is that near.
   */
  nearest(key: string): string | null {
    if (key.length > longestKey) return null;
    const wanted = plainOf(key);
    const most = Math.min(4, Math.floor(wanted.length / 3));
    const pairs = pairsOf(wanted);
    const byShared = this.#byShared(pairs, Math.max(1, pairs.size - pairsASlip * most));
    let best: string | null = null;
    let bestCost = most + 1;
    for (let shared = byShared.length - 1; shared >= pairs.size - pairsASlip * (bestCost - 1); shared--)
      for (const at of byShared[shared] ?? []) {
        const plain = this.#plain[at] ?? '';
        if (Math.abs(plain.length - wanted.length) >= bestCost || this.#texts[at] === key) continue;
        const cost = slips(wanted, plain, bestCost);
        if (cost >= bestCost) continue;
        best = this.#texts[at] ?? null;
        bestCost = cost;
        if (cost === 0) return best;
      }
    return best;
  }

  /** Keys by how many of the pairs they hold, from `least` on. */
  #byShared(pairs: ReadonlySet<number>, least: number): (readonly number[] | undefined)[] {
    const counts = this.#shared.fill(0);
    for (const pair of pairs) for (const at of this.#holding.get(pair) ?? []) counts[at] = (counts[at] ?? 0) + 1;
    const byShared: number[][] = [];
    for (let at = 0; at < counts.length; at++) {
      const count = counts[at] ?? 0;
      if (count >= least) (byShared[count] ??= []).push(at);
    }
    return byShared;
  }
}

const plainOf = (key: string): string => key.toLowerCase().replace(/[_.]/g, '-');

/** Pairs of neighbouring signs, those with the beginning and the end among them, as numbers. */
function pairsOf(plain: string): ReadonlySet<number> {
  const pairs = new Set<number>();
  let before = 0;
  for (let i = 0; i <= plain.length; i++) {
    const sign = i === plain.length ? 0 : plain.charCodeAt(i);
    pairs.add(before * 65_536 + sign);
    before = sign;
  }
  return pairs;
}
