/** Repeatable random draws for simulations (mulberry32). */
export class SeededDraws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Successes of `n` tries, by skipping from one success to the next. */
  binomial(n: number, chance: number): number {
    if (chance <= 0) return 0;
    if (chance > 0.5) return n - this.binomial(n, 1 - chance);
    let successes = 0;
    let at = 0;
    for (;;) {
      at += Math.floor(Math.log(1 - this.uniform()) / Math.log1p(-chance)) + 1;
      if (at > n) return successes;
      successes += 1;
    }
  }

  /** Of mean `mean` (>= 1): how many calls one bad session fails. */
  geometric(mean: number): number {
    return mean <= 1 ? 1 : Math.floor(Math.log(1 - this.uniform()) / Math.log1p(-1 / mean)) + 1;
  }
}
