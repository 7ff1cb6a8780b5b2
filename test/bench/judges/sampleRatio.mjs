// Pearson's chi-squared test of a sample ratio, as experiment platforms show it (GrowthBook's SRM check among them): for one
// look, so a peer of `npm run bench -- compare` that is looked at every minute there.

/**
 * @param {readonly number[]} observed @param {readonly number[]} shares expected, summing to 1
 * @returns {{ chiSquared: number, degrees: number }}
 */
export function sampleRatioChiSquared(observed, shares) {
  const all = observed.reduce((sum, count) => sum + count, 0);
  const chiSquared = observed.reduce((sum, count, at) => sum + (count - all * shares[at]) ** 2 / (all * shares[at]), 0);
  return { chiSquared, degrees: observed.length - 1 };
}

/** The upper 1 % point of chi-squared with one degree of freedom: what GrowthBook's default of 0.001 is stricter than. */
const upper1Percent = 6.6348966010212145;

/** @param {readonly [number, number]} observed @param {number} share of the first */
export const chiSquaredAlarms = (observed, share) =>
  sampleRatioChiSquared(observed, [share, 1 - share]).chiSquared > upper1Percent;
