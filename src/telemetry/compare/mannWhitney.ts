/** A point estimate of how far the treatment's minutes lie above the control's, with its interval. */
export interface Shift {
  readonly low: number;
  readonly high: number;
  readonly estimate: number;
}

/** R's `uniroot` as `wilcox.test` calls it. */
const tolerance = 1e-4;
const mostSteps = 1000;

/**
 * The location shift of two samples by the rank sum of Mann and Whitney, as R's `wilcox.test(conf.int = TRUE, exact = FALSE)`
 * finds it and Kayenta took it over (with the correction for continuity in the estimate too): the shift at which the
 * standardised rank sum is 0 (estimate, Hodges-Lehmann) and -z and +z (interval), by Brent's root on a step function, to 1e-4. `z` is the quantile of the normal distribution for the confidence wanted.
 * Null where either sample is empty, or all values of both are equal.
 */
export function locationShift(treatment: readonly number[], control: readonly number[], z: number): Shift | null {
  if (treatment.length === 0 || control.length === 0) return null;
  const lowest = Math.min(...treatment) - Math.max(...control);
  const highest = Math.max(...treatment) - Math.min(...control);
  if (lowest === highest) return lowest === 0 ? null : { low: lowest, high: lowest, estimate: lowest };
  const at = (quantile: number): number => {
    const f = (shift: number): number => standardisedRankSum(treatment, control, shift) - quantile;
    const [below, above] = [f(lowest), f(highest)];
    if (below <= 0) return lowest;
    if (above >= 0) return highest;
    return brentRoot(f, lowest, highest, below, above);
  };
  return { low: at(z), high: at(-z), estimate: at(0) };
}

/**
 * How many standard deviations the rank sum of `treatment - shift` among both samples is above what equal samples give: ties
 * share their mean rank and narrow the deviation, and it is moved by half a rank towards nought (continuity).
 */
export function standardisedRankSum(treatment: readonly number[], control: readonly number[], shift: number): number {
  const [m, n] = [treatment.length, control.length];
  const { rankSum, ties } = ranked(
    treatment.map((value) => value - shift),
    control,
  );
  const above = rankSum - (m * (m + 1)) / 2 - (m * n) / 2;
  const all = m + n;
  const deviation = Math.sqrt(((m * n) / 12) * (all + 1 - ties / (all * (all - 1))));
  // All values equal: nothing is above anything.
  return deviation > 0 ? (above - Math.sign(above) / 2) / deviation : 0;
}

/** The sum of the ranks of `own` among both, and the sum of t^3 - t over groups of t equal values. */
function ranked(own: readonly number[], other: readonly number[]): { readonly rankSum: number; readonly ties: number } {
  const all = [
    ...own.map((value) => ({ value, isOwn: true })),
    ...other.map((value) => ({ value, isOwn: false })),
  ].sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let start = 0; start < all.length;) {
    let end = start;
    let ours = 0;
    while (end < all.length && all[end]?.value === all[start]?.value) {
      if (all[end]?.isOwn) ours += 1;
      end += 1;
    }
    rankSum += (ours * (start + 1 + end)) / 2;
    const tied = end - start;
    ties += tied ** 3 - tied;
    start = end;
  }
  return { rankSum, ties };
}

/** Brent's method (1973) as in Netlib's zeroin: bisection, secant or inverse quadratic step, whichever is trusted. */
function brentRoot(f: (x: number) => number, from: number, to: number, atFrom: number, atTo: number): number {
  let [a, fa, b, fb] = [from, atFrom, to, atTo];
  let [c, fc] = [a, fa];
  for (let step = 0; step < mostSteps; step += 1) {
    const previous = b - a;
    if (Math.abs(fc) < Math.abs(fb)) [a, fa, b, fb, c, fc] = [b, fb, c, fc, b, fb];
    const near = 2 * Number.EPSILON * Math.abs(b) + tolerance / 2;
    const half = (c - b) / 2;
    if (Math.abs(half) <= near || fb === 0) return b;
    let next = half;
    if (Math.abs(previous) >= near && Math.abs(fa) > Math.abs(fb)) {
      const t = fb / fa;
      let [p, q] =
        a === c
          ? [2 * half * t, 1 - t]
          : ((u: number, v: number): [number, number] => [
              t * (2 * half * u * (u - v) - (b - a) * (v - 1)),
              (u - 1) * (v - 1) * (t - 1),
            ])(fa / fc, fb / fc);
      if (p > 0) q = -q;
      else p = -p;
      if (p < 1.5 * half * q - Math.abs(near * q) / 2 && p < Math.abs((previous * q) / 2)) next = p / q;
    }
    if (Math.abs(next) < near) next = next > 0 ? near : -near;
    [a, fa] = [b, fb];
    b += next;
    fb = f(b);
    if (fb * fc > 0) [c, fc] = [a, fa];
  }
  return b;
}
