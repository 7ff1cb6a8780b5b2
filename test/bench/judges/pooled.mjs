// Judges that hold pooled counts against each other, as others do: peers of `npm run bench -- compare`, each written from its
// published formula. `n1`, `e1` are calls and bad calls of the treatment so far, `n0`, `e0` of the control.

/** The one-sided 5 % point of the normal distribution, and the two-sided one. */
const z90 = 1.6448536269514722;
const z95 = 1.959963984540054;

/**
 * Somebody who looks at a two-sample z-test every minute and stops at 5 %.
 * @param {{ n1: number, e1: number, n0: number, e0: number }} so
 */
export function naiveAlarms({ n1, e1, n0, e0 }) {
  const [q1, q0] = [smoothed(e1, n1), smoothed(e0, n0)];
  const deviation = Math.sqrt((q1 * (1 - q1)) / n1 + (q0 * (1 - q0)) / n0);
  return (e1 / n1 - e0 / n0) / deviation > z90;
}

/**
 * The width of an asymptotic confidence sequence (Waudby-Smith et al., arXiv:2103.06476v7), as GrowthBook's gbstats uses it
 * (`SequentialConfig`, `sequential_tuning_parameter` 5,000).
 * @param {number} deviation standard error of the estimate @param {number} n units of both arms
 * @param {{ alpha?: number, tuning?: number, sides?: 1 | 2 }} [options]
 */
export function asymptoticHalfWidth(deviation, n, { alpha = 0.05, tuning = 5000, sides = 2 } = {}) {
  const rho = asymptoticRho(alpha, tuning, sides);
  const inner = n * rho ** 2 + 1;
  const tail = sides === 2 ? Math.log(Math.sqrt(inner) / alpha) : Math.log(1 + Math.sqrt(inner) / (2 * alpha));
  return deviation * Math.sqrt(n) * Math.sqrt(((2 * inner) / (n * rho) ** 2) * tail);
}

/** @param {number} alpha @param {number} tuning @param {1 | 2} sides */
export function asymptoticRho(alpha, tuning, sides) {
  const own = sides === 2 ? alpha : 2 * alpha;
  return Math.sqrt((-2 * Math.log(own) + Math.log(-2 * Math.log(own) + 1)) / tuning);
}

/** @param {number} difference @param {number} deviation @param {number} n @param {number} rho */
export function asymptoticP(difference, deviation, n, rho) {
  const inner = n * rho ** 2 + 1;
  const squared = (difference ** 2 * n) / deviation ** 2;
  return Math.min(1, Math.sqrt(inner) * Math.exp((-(rho ** 2) * squared) / (2 * inner)));
}

/** An experiment of GrowthBook's. @param {{ n1: number, e1: number, n0: number, e0: number }} so */
export const growthBookAlarms = (so) => clears(so, 2);

/** One of its Safe Rollouts. @param {{ n1: number, e1: number, n0: number, e0: number }} so */
export const growthBookOneSidedAlarms = (so) => clears(so, 1);

/** @param {{ n1: number, e1: number, n0: number, e0: number }} so @param {1 | 2} sides */
function clears({ n1, e1, n0, e0 }, sides) {
  const [q1, q0] = [smoothed(e1, n1), smoothed(e0, n0)];
  const deviation = Math.sqrt((q1 * (1 - q1)) / n1 + (q0 * (1 - q0)) / n0);
  return e1 / n1 - e0 / n0 > asymptoticHalfWidth(deviation, n1 + n0, { sides });
}

/**
 * Statsig's mixture sequential probability ratio test ("Sequential Testing on Statsig"): the factor that stands in for z.
 * @param {{ v1: number, n1: number, v0: number, n0: number }} of variances of single values, and how many
 */
export function statsigFactor({ v1, n1, v0, n0 }, alpha = 0.05) {
  const variance = v1 / n1 + v0 / n0;
  const tau = (z95 ** 2 * (v1 + v0)) / (n1 + n0);
  const factor = Math.sqrt(
    ((variance + tau) / tau) * (-2 * Math.log(alpha / 2) - Math.log(variance / (variance + tau))),
  );
  return { variance, tau, factor };
}

/** @param {{ n1: number, e1: number, n0: number, e0: number }} so */
export function statsigAlarms({ n1, e1, n0, e0 }) {
  const [q1, q0] = [smoothed(e1, n1), smoothed(e0, n0)];
  const { variance, factor } = statsigFactor({ v1: q1 * (1 - q1), n1, v0: q0 * (1 - q0), n0 });
  return e1 / n1 - e0 / n0 > factor * Math.sqrt(variance);
}

/** Never 0 or 1, as those would have no variance. @param {number} e @param {number} n */
const smoothed = (e, n) => (e + 1) / (n + 2);
