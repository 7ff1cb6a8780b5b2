/** Of Stirling's series: B(2k) / (2k (2k - 1)), from k = 1 on. */
const series = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];
/** From here on seven terms are exact to the last digit of a double. */
const seriesFrom = 15;

/** The natural logarithm of the gamma function of `x` > 0, by Stirling's series above 15 and the recurrence below it. */
export function logGamma(x: number): number {
  let at = x;
  let below = 1;
  while (at < seriesFrom) {
    below *= at;
    at += 1;
  }
  const squared = at * at;
  let power = at;
  let correction = 0;
  for (const factor of series) {
    correction += factor / power;
    power *= squared;
  }
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + correction - Math.log(below);
}
