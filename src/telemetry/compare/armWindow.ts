/**
 * Counts of one window of time (a minute): `n1` calls and `e1` bad ones of the treatment, `n0` and `e0` of the control.
 * `end` (epoch ms) is when the counts were all known.
 */
export interface ArmWindow {
  readonly end: number;
  readonly n1: number;
  readonly e1: number;
  readonly n0: number;
  readonly e0: number;
}

/** Only a window in which both arms had calls says anything about their difference. */
export const isComparable = ({ n1, n0 }: ArmWindow): boolean => n1 > 0 && n0 > 0;
