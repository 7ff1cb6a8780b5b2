// DDSketch (Masson, Rim, Lee, PVLDB 12(12), 2019), as far as its error goes: the peer of the exponential histograms that
// latencies are kept in here (`npm run bench -- compare`).

/** @param {number} accuracy relative, 0..1 */
export const gammaOf = (accuracy) => (1 + accuracy) / (1 - accuracy);

/** @param {number} value above 0 @param {number} accuracy */
export const sketchIndex = (value, accuracy) => Math.ceil(Math.log(value) / Math.log(gammaOf(accuracy)));

/** What stands for all values of a bucket. @param {number} index @param {number} accuracy */
export const sketchValue = (index, accuracy) => (2 * gammaOf(accuracy) ** index) / (gammaOf(accuracy) + 1);

/** @param {readonly number[]} values @param {number} q @param {number} accuracy */
export function sketchQuantile(values, q, accuracy) {
  const counts = new Map();
  for (const value of values) {
    const index = sketchIndex(value, accuracy);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  let seen = 0;
  for (const index of [...counts.keys()].sort((a, b) => a - b)) {
    seen += counts.get(index);
    if (seen >= q * values.length) return sketchValue(index, accuracy);
  }
  return Number.NaN;
}
