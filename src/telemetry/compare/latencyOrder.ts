import type { LatencySum } from '../latencySum';
import type { Stratum } from './compareArms';

/** Latencies of both arms in one window that ended at `end` (epoch ms); null where an arm had no calls. */
export interface LatencyWindow {
  readonly end: number;
  readonly treatment: LatencySum | null;
  readonly control: LatencySum | null;
}

/**
 * What "slow" may mean: powers of two from about a millisecond to 32 seconds. They are fixed before anything is seen, which
 * the test rests on, and are edges of every base-2 exponential histogram, so that counts above them are exact. In
 * histograms of other bounds each stands for the next edge, the same for both arms.
 */
const smallest = 2 ** -10;
const ladder: readonly number[] = Array.from({ length: 15 }, (_, index) => smallest * 2 ** (index + 1));

/**
 * Stochastic order from buckets alone (delivery.md A4, after Lindon et al., KDD 2022): calls slower than each bound, for
 * the same test that errors get. An average over the bounds of their e-values is one again, so that looking at sixteen
 * bounds costs no false alarms. Bounds that no call or every call exceeds say nothing and stay in the average.
 */
export function slowCalls(windows: readonly LatencyWindow[]): [Stratum, ...Stratum[]] {
  const at = (bound: number): Stratum => ({
    thresholdSeconds: edgeAbove(bound, windows),
    windows: windows.map(({ end, treatment, control }) => ({
      end,
      n1: treatment?.count ?? 0,
      e1: treatment?.countAbove(bound) ?? 0,
      n0: control?.count ?? 0,
      e0: control?.countAbove(bound) ?? 0,
    })),
  });
  return [at(smallest), ...ladder.map(at)];
}

/** From which edge on calls were counted as slower than `bound`. */
function edgeAbove(bound: number, windows: readonly LatencyWindow[]): number {
  let edge = bound;
  for (const { treatment, control } of windows)
    edge = Math.max(edge, treatment?.edgeFrom(bound) ?? bound, control?.edgeFrom(bound) ?? bound);
  return Number.isFinite(edge) ? edge : bound;
}
