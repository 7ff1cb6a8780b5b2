import type { Comparison, Verdict } from '../../model/comparison';
import type { ArmWindow } from './armWindow';
import { gridProcess, type Evidence } from './gridProcess';
import { riskRatio } from './mantelHaenszel';

/** Below these nothing is said (telemetry.md 7.2 C). */
const fewestTreatmentCalls = 30;
const fewestBadCalls = 5;
/** Above this share of traces that saw several variants the arms no longer tell them apart. */
const mostMixedShare = 0.1;
const alpha = 0.05;

export interface ArmsToCompare {
  readonly metric: Comparison['metric'];
  readonly treatment: string;
  readonly control: string;
  /** From the flag's definition: only a percentage split that alone decides allows a verdict. */
  readonly randomised: Comparison['randomised'];
  /** Why assignment is not random, where more is known than `randomised` says. */
  readonly notRandomBecause?: string;
  /** Why nothing can be said, where the counts alone do not tell. */
  readonly tooLittleBecause?: string;
  /** In order of time. */
  readonly windows: readonly ArmWindow[];
  /** Calls in which several variants were seen, excluded from both arms. */
  readonly mixedCalls: number;
  /** What "slow" means for `latency`, in seconds; null for `errors`. */
  readonly thresholdSeconds: number | null;
}

/**
 * One arm against the other, in the words of telemetry.md 7.2 D. The ratio describes and is always given where it can
 * be; evidence (`p`, `logE`, `since`) is given only where assignment was random. `because` is one of a few fixed
 * phrases, so that it can be translated where it is shown.
 */
export function compareArms(arms: ArmsToCompare): Comparison {
  const { metric, treatment, control, randomised, windows, thresholdSeconds } = arms;
  const sums = sumOf(windows);
  const ratio = riskRatio(windows);
  const counts = {
    metric,
    treatment,
    control,
    randomised,
    thresholdSeconds,
    ...sums,
    ratio: ratio && { value: ratio.value, low: ratio.low, high: ratio.high },
    windows: windows.filter(({ n1, n0 }) => n1 > 0 && n0 > 0).length,
  };
  const silent = (verdict: Verdict, because: string): Comparison => ({
    ...counts,
    verdict,
    because,
    p: null,
    logE: null,
    phi: 1,
    since: null,
  });

  const tooLittle = whyTooLittle(arms, sums);
  if (tooLittle !== null) return silent('insufficient', tooLittle);
  const calls = sums.n1 + sums.n0 + arms.mixedCalls;
  if (arms.mixedCalls > mostMixedShare * calls)
    return silent('unhealthy', 'many traces saw several variants, so the sides cannot be told apart');
  if (randomised !== 'yes') return silent('association', arms.notRandomBecause ?? notRandomWords[randomised]);

  const worse = gridProcess(windows, 'worse');
  const better = gridProcess(windows, 'better');
  const regression = crossing(worse);
  const improvement = crossing(better);
  const verdict = decide(regression !== null, improvement !== null, final(worse) >= final(better));
  const shown =
    verdict === 'improvement' || (verdict === 'noEvidence' && final(better) > final(worse)) ? better : worse;
  const last = shown.at(-1);
  return {
    ...counts,
    verdict,
    because: becauseOf(verdict, last),
    p: last?.p ?? null,
    logE: last?.tempered ?? null,
    phi: last?.phi ?? 1,
    since: verdict === 'regression' ? regression : verdict === 'improvement' ? improvement : null,
  };
}

const notRandomWords = {
  partly: 'rules decide beside the split, so the difference may be due to who is targeted',
  no: 'not randomised: the difference may be due to who is targeted',
  unknown: 'the definition of the flag is not known, so the difference may be due to who is targeted',
} as const;

const final = (steps: readonly Evidence[]): number => steps.at(-1)?.tempered ?? 0;

/** When the evidence first reached 1 / alpha; null when it never did. */
const crossing = (steps: readonly Evidence[]): number | null => steps.find(({ p }) => p <= alpha)?.end ?? null;

function decide(worse: boolean, better: boolean, worseWeighsMore: boolean): Verdict {
  if (worse && better) return worseWeighsMore ? 'regression' : 'improvement';
  if (worse) return 'regression';
  return better ? 'improvement' : 'noEvidence';
}

function becauseOf(verdict: Verdict, last: Evidence | undefined): string {
  if (verdict !== 'noEvidence' || last === undefined) return '';
  return last.phiEstimated
    ? 'the difference is within what chance gives'
    : 'in so few minutes only a gross difference can be told';
}

function sumOf(windows: readonly ArmWindow[]): Pick<Comparison, 'n1' | 'bad1' | 'n0' | 'bad0'> {
  const sums = { n1: 0, bad1: 0, n0: 0, bad0: 0 };
  for (const { n1, e1, n0, e0 } of windows) {
    sums.n1 += n1;
    sums.bad1 += e1;
    sums.n0 += n0;
    sums.bad0 += e0;
  }
  return sums;
}

function whyTooLittle({ metric, tooLittleBecause }: ArmsToCompare, sums: ReturnType<typeof sumOf>): string | null {
  if (sums.n1 === 0) return 'no calls on the treatment side';
  if (sums.n0 === 0) return 'no calls on the control side';
  if (tooLittleBecause !== undefined) return tooLittleBecause;
  if (sums.n1 < fewestTreatmentCalls) return 'too few calls on the treatment side';
  if (sums.bad1 + sums.bad0 < fewestBadCalls)
    return metric === 'errors' ? 'too few errors on both sides together' : 'too few slow calls on both sides together';
  return null;
}
