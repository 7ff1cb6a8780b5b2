import type { Comparison } from '../../model/comparison';
import { isComparable, type ArmWindow } from './armWindow';
import { locationShift } from './mannWhitney';

/** The 99 % point of the normal distribution: Kayenta's interval is of 98 %. */
const z98 = 2.3263478740408408;
/** The interval has to clear this part of the estimated shift; it scales the estimate and is no margin of the control. */
const partOfEstimate = 0.25;
/** Fewer minutes than these cannot be told apart by their ranks. */
const fewestMinutes = 8;

/**
 * What Kayenta's judge (Netflix, `NetflixACAJudge` with its defaults; delivery.md A7) would call the treatment: the share of bad
 * calls of each minute is one value, and minutes of both arms are ranked against each other. A test for one look at
 * the end of a canary, so it is shown beside the verdict, which may be looked at all day, and never decides.
 */
export function secondOpinion(windows: readonly ArmWindow[]): NonNullable<Comparison['secondOpinion']> {
  const comparable = windows.filter(isComparable);
  const treatment = comparable.map(({ n1, e1 }) => e1 / n1);
  const control = comparable.map(({ n0, e0 }) => e0 / n0);
  if (comparable.length < fewestMinutes) return 'nodata';
  if (treatment.every((value, index) => value === control[index])) return 'pass';
  const shift = locationShift(treatment, control, z98);
  if (!shift) return 'pass';
  const least = partOfEstimate * Math.abs(shift.estimate);
  if (shift.low > least) return 'high';
  return shift.high < -least ? 'low' : 'pass';
}
