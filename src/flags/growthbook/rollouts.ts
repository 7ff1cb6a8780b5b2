/** A step of a chain of rules: who is let in by the hash gets one of the portions, all others go on to the next step. */
export interface Step {
  /** Steps with the same hash let in the same people first; different ones are independent of each other. */
  readonly hash: string;
  /** 0..1 of those who come to it. */
  readonly coverage: number;
  /** Weights of any sum above 0. */
  readonly portions: readonly { readonly variant: string; readonly weight: number }[];
}

/**
 * What of everyone each variant is given, 0..1, by steps from the top and `otherwise` after them; sums to 1. A step lets
 * in those whose hash is below its coverage: of those that steps with the same hash let in before, nobody comes to it.
 */
export function stacked(steps: readonly Step[], otherwise: string): Map<string, number> {
  const shares = new Map<string, number>();
  const give = (variant: string, share: number): void => {
    shares.set(variant, (shares.get(variant) ?? 0) + share);
  };
  const covered = new Map<string, number>();
  for (const { hash, coverage, portions } of steps) {
    const before = covered.get(hash) ?? 0;
    const among = leftOf(covered, hash);
    const entering = Math.max(0, coverage - before) * among;
    const total = portions.reduce((sum, { weight }) => sum + weight, 0);
    for (const { variant, weight } of portions) give(variant, (entering * weight) / total);
    covered.set(hash, Math.max(before, coverage));
  }
  give(otherwise, leftOf(covered, null));
  return shares;
}

/** The share that no hash but this one let in. */
const leftOf = (covered: ReadonlyMap<string, number>, but: string | null): number =>
  [...covered].reduce((left, [hash, share]) => (hash === but ? left : left * (1 - share)), 1);
