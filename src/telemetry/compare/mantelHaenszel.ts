import { isComparable, type ArmWindow } from './armWindow';
import { z95 } from './wilson';

/** `value` null: control had no bad call, so only a lower bound can be given; `high` null: unbounded. */
export interface RiskRatio {
  readonly value: number | null;
  readonly low: number;
  readonly high: number | null;
  /** Variance of the logarithm; null where only a one-sided bound is given. */
  readonly varianceOfLog: number | null;
}

/**
 * How many times likelier a bad call is under the treatment, each window compared with itself (Mantel-Haenszel), with
 * the 95 % interval of Greenland and Robins (1985). When only one side has bad calls there is no such interval: the
 * one-sided 95 % bound of the exact conditional distribution stands in (given who was served in each window, an error
 * falls to the treatment with q(r) = r n1 / (r n1 + n0)), never infinity. Null when neither side has a bad call.
 */
export function riskRatio(windows: readonly ArmWindow[]): RiskRatio | null {
  const comparable = windows.filter(isComparable);
  let above = 0;
  let below = 0;
  let spread = 0;
  for (const { n1, e1, n0, e0 } of comparable) {
    const n = n1 + n0;
    above += (e1 * n0) / n;
    below += (e0 * n1) / n;
    // Never negative, but for rounding where nearly every call was bad.
    spread += Math.max(0, ((e1 + e0) * n1 * n0) / (n * n) - (e1 * e0) / n);
  }
  if (above === 0 && below === 0) return null;
  if (below === 0) return { value: null, low: boundary(comparable, 'treatment'), high: null, varianceOfLog: null };
  if (above === 0) return { value: 0, low: 0, high: boundary(comparable, 'control'), varianceOfLog: null };
  const value = above / below;
  const varianceOfLog = spread / (above * below);
  const factor = Math.exp(z95 * Math.sqrt(varianceOfLog));
  return { value, low: value / factor, high: value * factor, varianceOfLog };
}

/** The ratio at which "every bad call fell to `side`" has a chance of 5 %, by bisection of its logarithm. */
function boundary(windows: readonly ArmWindow[], side: 'treatment' | 'control'): number {
  const logChance = (ratio: number): number => {
    let sum = 0;
    for (const { n1, e1, n0, e0 } of windows) {
      const all = ratio * n1 + n0;
      if (e1 > 0) sum += e1 * Math.log((ratio * n1) / all);
      if (e0 > 0) sum += e0 * Math.log(n0 / all);
    }
    return sum;
  };
  const rising = side === 'treatment';
  let low = Math.log(1e-9);
  let high = Math.log(1e9);
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (logChance(Math.exp(middle)) < Math.log(0.05) === rising) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
