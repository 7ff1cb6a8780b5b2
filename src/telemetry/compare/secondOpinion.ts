import type { Comparison } from '../../model/comparison';
import { isComparable, type ArmWindow } from './armWindow';
import { locationShift } from './mannWhitney';

/** The 99 % point of the normal distribution: Kayenta's interval is of 98 %. */
const z98 = 2.3263478740408408;
/** Fewer minutes than these cannot be told apart by their ranks. */
const fewestMinutes = 8;

type Opinion = NonNullable<Comparison['secondOpinion']>;

/** `MannWhitneyClassifier`'s parameters. */
export interface RankThresholds {
  /** Quantile of the normal distribution for the interval. */
  readonly z: number;
  /** The interval has to clear this part of the estimated shift; it scales the estimate and is no margin of the control. */
  readonly tolerance: number;
  /** Low only where the ratio of means is at most the first, high only where it is at least the second. */
  readonly ratios: readonly [low: number, high: number];
}

/** As `NetflixACAJudge` calls it where a canary's configuration names none. */
const netflixDefaults: RankThresholds = { z: z98, tolerance: 0.25, ratios: [1, 1] };

/**
 * What Kayenta's judge (Netflix, `NetflixACAJudge` with its defaults; delivery.md A7) would call the treatment: the share of bad
 * calls of each minute is one value, and minutes of both arms are ranked against each other. A test for one look at
 * the end of a canary, so it is shown beside the verdict, which may be looked at all day, and never decides.
 */
export function secondOpinion(windows: readonly ArmWindow[]): Opinion {
  const comparable = windows.filter(isComparable);
  if (comparable.length < fewestMinutes) return 'nodata';
  return judgeByRank(
    comparable.map(({ n1, e1 }) => e1 / n1),
    comparable.map(({ n0, e0 }) => e0 / n0),
  );
}

/** One metric as Kayenta's `MannWhitneyClassifier` judges it, in both directions. No value on a side is no data. */
export function judgeByRank(
  treatment: readonly number[],
  control: readonly number[],
  { z, tolerance, ratios }: RankThresholds = netflixDefaults,
): Opinion {
  if (treatment.length === 0 || control.length === 0) return 'nodata';
  const ascending = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);
  const other = ascending(control);
  const isSame = treatment.length === control.length && ascending(treatment).every((value, at) => value === other[at]);
  const shift = isSame ? null : locationShift(treatment, control, z);
  if (!shift) return 'pass';
  const least = tolerance * Math.abs(shift.estimate);
  const ratio = meanRatio(treatment, control);
  if (shift.low > least && (ratio === null || ratio >= ratios[1])) return 'high';
  return shift.high < -least && (ratio === null || ratio <= ratios[0]) ? 'low' : 'pass';
}

/** Null where either mean is 0: then the size of the effect is not asked about. */
function meanRatio(treatment: readonly number[], control: readonly number[]): number | null {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [one, other] = [mean(treatment), mean(control)];
  return one === 0 || other === 0 ? null : one / other;
}
