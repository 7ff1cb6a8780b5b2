/** The 97.5 % point of the normal distribution. */
export const z95 = 1.959963984540054;

/**
 * Wilson's 95 % score interval (1927) of the share `bad` / `n`, both ends within 0..1; null when nothing was counted.
 */
export function wilson95(
  bad: number,
  n: number,
): { readonly value: number; readonly low: number; readonly high: number } | null {
  if (!(n > 0)) return null;
  const value = bad / n;
  const squared = z95 * z95;
  const middle = value + squared / (2 * n);
  const half = z95 * Math.sqrt((value * (1 - value)) / n + squared / (4 * n * n));
  const scale = 1 + squared / n;
  return {
    value,
    low: bad <= 0 ? 0 : Math.max(0, (middle - half) / scale),
    high: bad >= n ? 1 : Math.min(1, (middle + half) / scale),
  };
}
