import type { Comparison, Verdict } from '../../model/comparison';
import type { ComparisonReason } from '../../model/phrases';
import { isComparable, type ArmWindow } from './armWindow';
import { endlessLook, startsFor } from './endlessLook';
import { averaged, gridProcess, notWorseProcess, type Evidence } from './gridProcess';
import { leaningSince, leans, type Direction } from './leaning';
import { riskRatio } from './mantelHaenszel';
import { difference95 } from './newcombe';
import { isSplitOtherwise } from './sampleRatio';
import { secondOpinion } from './secondOpinion';

/** Below these nothing is said (telemetry.md 7.2 C). */
const fewestTreatmentCalls = 30;
const fewestBadCalls = 5;
/** Below these nothing is certified (delivery.md A6). */
const fewestCertifiedCalls = 100;
const fewestCertifiedBad = 10;
/** Above this share of traces that saw several variants the arms no longer tell them apart. */
const mostMixedShare = 0.1;
const alpha = 0.05;

/** Bad calls of one meaning: errors (`thresholdSeconds` null), or calls slower than so many seconds. */
export interface Stratum {
  readonly thresholdSeconds: number | null;
  /** In order of time, from before what is shown on; of every stratum the same ones, with the same calls. */
  readonly windows: readonly ArmWindow[];
}

export interface ArmsToCompare {
  readonly metric: Comparison['metric'];
  readonly treatment: string;
  readonly control: string;
  /** From the flag's definition: only a percentage split that alone decides allows a verdict. */
  readonly randomised: Comparison['randomised'];
  /** Why assignment is not random, where more is known than `randomised` says. */
  readonly notRandomBecause?: ComparisonReason;
  /** At least one; of several the evidence is averaged, and the one that weighs most is told of. */
  readonly strata: readonly [Stratum, ...Stratum[]];
  /** Calls in which several variants were seen, excluded from both arms. */
  readonly mixedCalls: number;
  /**
   * The treatment's share of both sides' calls (0..1) as configured, and since when (epoch ms). Absent where either is not
   * known: then it is not tested whether calls are divided so.
   */
  readonly split?: { readonly share: number; readonly since: number };
  /** What is on the screen is what ended after this (epoch ms), `shownMs` long: counts, ratio and floors are of that. */
  readonly shownFrom: number;
  readonly shownMs: number;
  /** What was asked for begins here (epoch ms); calls before it are not known. */
  readonly seriesFrom: number;
}

/**
 * One arm against the other, in the words of telemetry.md 7.2 D. The ratio describes and is always given where it can
 * be; evidence (`p`, `logE`, `since`) is given only where assignment was random. `because` is one of a few fixed
 * phrases, so that it can be translated where it is shown.
 */
export function compareArms(arms: ArmsToCompare): Comparison {
  const { metric, treatment, control, randomised } = arms;
  const { verdict, because, stratum, evidence, ...since } = judgeArms(arms);
  const windows = shown(arms, stratum);
  const sums = sumOf(windows);
  const ratio = riskRatio(windows);
  return {
    metric,
    treatment,
    control,
    randomised,
    thresholdSeconds: stratum.thresholdSeconds,
    ...sums,
    difference: difference95(sums.bad1, sums.n1, sums.bad0, sums.n0),
    ratio: ratio && { value: ratio.value, low: ratio.low, high: ratio.high },
    windows: windows.filter(isComparable).length,
    verdict,
    because,
    ...(evidence && { secondOpinion: secondOpinion(windows) }),
    p: evidence?.p ?? null,
    logE: evidence?.tempered ?? null,
    phi: evidence?.phi ?? 1,
    ...since,
  };
}

interface Judgement extends Pick<Comparison, 'verdict' | 'since' | 'sinceAtLeast'> {
  readonly because: ComparisonReason | '';
  /** What it is told of. */
  readonly stratum: Stratum;
  /** Null where no verdict may be given. */
  readonly evidence: Evidence | null;
}

function judgeArms(arms: ArmsToCompare): Judgement {
  const silent = (verdict: Verdict, because: ComparisonReason): Judgement => ({
    verdict,
    because,
    since: null,
    stratum: usual(arms),
    evidence: null,
  });
  const tooLittle = whyTooLittle(arms);
  if (tooLittle) return silent('insufficient', tooLittle);
  if (isMixed(arms)) return silent('unhealthy', 'many traces saw several variants, so the sides cannot be told apart');
  if (arms.randomised !== 'yes') return silent('association', arms.notRandomBecause ?? notRandomWords[arms.randomised]);
  if (isOddlySplit(arms))
    return silent('unhealthy', 'calls are not divided as the flag is configured, so the sides may not be alike');

  const worse = evidenceOf(arms, 'worse');
  const better = evidenceOf(arms, 'better');
  const [heavier, direction] =
    final(worse) >= final(better) ? ([worse, 'worse'] as const) : ([better, 'better'] as const);
  const evidence = heavier.steps.at(-1) ?? null;
  const stratum = arms.strata[heavier.leading] ?? arms.strata[0];
  const crossed = crossing(heavier.steps);
  // Evidence outlasts what it was gathered from; a verdict is of what is on the screen.
  if (crossed !== null && leans(shown(arms, stratum), direction)) {
    const verdict = direction === 'worse' ? 'regression' : 'improvement';
    const since = leaningSince(stratum.windows, arms, direction, crossed);
    return { verdict, because: '', stratum, evidence, ...since };
  }
  const judged = { since: null, evidence, because: '' } as const;
  if (isCertified(arms)) return { ...judged, verdict: 'notWorse', stratum: arms.strata[0] };
  return { ...judged, verdict: 'noEvidence', because: whyNoEvidence(evidence), stratum: usual(arms) };
}

const shown = ({ shownFrom }: ArmsToCompare, { windows }: Stratum): readonly ArmWindow[] =>
  windows.filter(({ end }) => end > shownFrom);

/** Where no bound stands out: the one that about one call in twenty exceeds. */
function usual(arms: ArmsToCompare): Stratum {
  const distance = (stratum: Stratum): number => {
    const { n1, n0, bad1, bad0 } = sumOf(shown(arms, stratum));
    return Math.abs((bad1 + bad0) / Math.max(1, n1 + n0) - 0.05);
  };
  return arms.strata.reduce((best, each) => (distance(each) < distance(best) ? each : best));
}

interface Process {
  readonly steps: readonly Evidence[];
  readonly leading: number;
}

function evidenceOf({ strata, shownMs }: ArmsToCompare, direction: Direction): Process {
  const starts = startsFor(shownMs);
  return averaged(strata.map(({ windows }) => endlessLook(windows, starts, (from) => gridProcess(from, direction))));
}

/**
 * Not worse than the margin, with enough seen to say so (delivery.md A2, A6). Of several strata nothing is certified: that
 * one of the bounds is no slower would not say it of the others.
 */
function isCertified(arms: ArmsToCompare): boolean {
  const [first, ...others] = arms.strata;
  const sums = sumOf(shown(arms, first));
  if (others.length > 0 || sums.n1 < fewestCertifiedCalls || sums.bad1 + sums.bad0 < fewestCertifiedBad) return false;
  return crossing(endlessLook(first.windows, startsFor(arms.shownMs), (from) => notWorseProcess(from))) !== null;
}

const notRandomWords = {
  partly: 'rules decide beside the split, so the difference may be due to who is targeted',
  no: 'not randomised: the difference may be due to who is targeted',
  unknown: 'the definition of the flag is not known, so the difference may be due to who is targeted',
} as const satisfies Record<string, ComparisonReason>;

const final = ({ steps }: Process): number => steps.at(-1)?.tempered ?? Number.NEGATIVE_INFINITY;

/** When the evidence first reached 1 / alpha; null when it never did. */
const crossing = (steps: readonly Evidence[]): number | null => steps.find(({ p }) => p <= alpha)?.end ?? null;

const whyNoEvidence = (last: Evidence | null): ComparisonReason | '' =>
  last === null
    ? ''
    : last.phiEstimated
      ? 'the difference is within what chance gives'
      : 'in so few minutes only a gross difference can be told';

type Sums = Pick<Comparison, 'n1' | 'bad1' | 'n0' | 'bad0'>;

function sumOf(windows: readonly ArmWindow[]): Sums {
  const sums = { n1: 0, bad1: 0, n0: 0, bad0: 0 };
  for (const { n1, e1, n0, e0 } of windows) {
    sums.n1 += n1;
    sums.bad1 += e1;
    sums.n0 += n0;
    sums.bad0 += e0;
  }
  return sums;
}

/** Calls are the same in every stratum; bad ones are enough where one of them has enough. */
function whyTooLittle(arms: ArmsToCompare): ComparisonReason | null {
  const sums = arms.strata.map((stratum) => sumOf(shown(arms, stratum)));
  const { n1 = 0, n0 = 0 } = sums[0] ?? {};
  if (n1 === 0) return 'no calls on the treatment side';
  if (n0 === 0) return 'no calls on the control side';
  if (n1 < fewestTreatmentCalls) return 'too few calls on the treatment side';
  if (sums.some(({ bad1, bad0 }) => bad1 + bad0 >= fewestBadCalls)) return null;
  return arms.metric === 'errors'
    ? 'too few errors on both sides together'
    : 'too few slow calls on both sides together';
}

/** Servers and clients hear of a change late; so long after it (ms) calls may still be divided as before. */
const heardWithinMs = 5 * 60_000;

function isOddlySplit({ split, strata, shownMs }: ArmsToCompare): boolean {
  if (!split) return false;
  const since = strata[0].windows.filter(({ end }) => end > split.since + heardWithinMs);
  return isSplitOtherwise(since, split.share, startsFor(shownMs));
}

function isMixed(arms: ArmsToCompare): boolean {
  const { mixedCalls } = arms;
  const { n1, n0 } = sumOf(shown(arms, arms.strata[0]));
  return mixedCalls > mostMixedShare * (n1 + n0 + mixedCalls);
}
