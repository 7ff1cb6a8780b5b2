/** A bucket of a split, as flagd's `fractional` and GO Feature Flag's `percentage` have them. */
export type Bucket = readonly [variant: string, weight: number];

/**
 * Weights that give `share` (0..1) to `variant`, keep the share of every other bucket, and give the rest to `rest`.
 * The sum stays what it was where that comes out even, else 100, 1,000 or 10,000: older flagd wants 100, and finer
 * than 0.01 % is rounded. Null when the others leave no room.
 */
export function newWeights(
  current: readonly Bucket[],
  variant: string,
  share: number,
  rest: string,
): readonly Bucket[] | null {
  const before = current.reduce((sum, [, weight]) => sum + weight, 0);
  const others = current.filter(([name]) => name !== variant && name !== rest);
  const kept = others.reduce((sum, [, weight]) => sum + weight, 0) / Math.max(before, 1);
  if (kept + share > 1 + 1e-9) return null;
  // Where all weigh nothing, so do the others afterwards.
  const of = (total: number, weight: number): number => (weight * total) / Math.max(before, 1);
  const isEven = (total: number): boolean =>
    isWhole(share * total) && others.every(([, weight]) => isWhole(of(total, weight)));
  const total = [before, 100, 1_000, 10_000].find((sum) => sum > 1 && isEven(sum)) ?? 10_000;
  const weights = new Map(others.map(([name, weight]) => [name, Math.round(of(total, weight))]));
  const own = Math.min(
    Math.round(share * total),
    total - [...weights.values()].reduce((sum, weight) => sum + weight, 0),
  );
  weights.set(variant, own);
  weights.set(rest, total - [...weights.values()].reduce((sum, weight) => sum + weight, 0));
  const order = [...new Set([...current.map(([name]) => name), variant, rest])];
  return order.map((name) => [name, weights.get(name) ?? 0] as const);
}

const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-9;
