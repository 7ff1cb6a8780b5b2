import { LatencySum } from '../latencySum';
import type { ArmWindow } from './armWindow';

/** Fewer calls than this do not tell where the control's p95 is. */
const callsForThreshold = 100;

/** Latencies of both arms in one window that ended at `end` (epoch ms); null where an arm had no calls. */
export interface LatencyWindow {
  readonly end: number;
  readonly treatment: LatencySum | null;
  readonly control: LatencySum | null;
}

/**
 * Calls slower than T by arm and window, for the same test that errors get. T is the control's p95 over the first
 * windows, as many as it takes to see 100 calls of it, rounded up to its bucket's edge so that counts are exact. It is
 * frozen before it is used: those first windows are not counted. Null when the control had too few calls, or none
 * of the windows is left.
 */
export function slowWindows(
  windows: readonly LatencyWindow[],
): { readonly thresholdSeconds: number; readonly windows: readonly ArmWindow[] } | null {
  const first = new LatencySum();
  let used = 0;
  while (used < windows.length && first.count < callsForThreshold) {
    const control = windows[used]?.control;
    if (control) first.merge(control);
    used += 1;
  }
  const thresholdSeconds = first.count < callsForThreshold ? null : first.quantileEdge(0.95);
  if (thresholdSeconds === null || used === windows.length) return null;
  return {
    thresholdSeconds,
    windows: windows.slice(used).map(({ end, treatment, control }) => ({
      end,
      n1: treatment?.count ?? 0,
      e1: treatment?.countAbove(thresholdSeconds) ?? 0,
      n0: control?.count ?? 0,
      e0: control?.countAbove(thresholdSeconds) ?? 0,
    })),
  };
}
