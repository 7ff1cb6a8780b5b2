import { isComparable, type ArmWindow } from './armWindow';
import { endlessLook, type Starts } from './endlessLook';
import { phiBeforeEstimate, type Evidence } from './gridProcess';
import { logGamma } from './logGamma';

/** How narrowly the alternatives lie around the configured shares: SSRM's default (telemetry.md 7.2 C). */
export const ratioConcentration = 10_000;
const alpha = 0.01;
/**
 * Odds within a tenth of the configured ones are never told of: a few busy users who keep their variant shift them
 * so much, and no verdict hangs on it.
 */
const oddsTolerated = 1.1;
const windowsForPhi = 10;
const phiMargin = 1.2;

/**
 * Logarithm of how many times likelier `counts` are where the shares are not `shares` than where they are:
 * Dirichlet-multinomial against multinomial (Lindon and Malek, NeurIPS 2022; Optimizely's ssrm), with `concentration` times
 * the shares as the Dirichlet's parameters. An e-process in the counts as they come.
 */
export function sampleRatioLogE(counts: readonly number[], shares: readonly number[], concentration: number): number {
  const before = shares.map((share) => share * concentration);
  return logMarginal(counts, before) - logOfShares(counts, shares);
}

/** Of the counts in one order, with the Dirichlet's parameters: what ssrm calls the marginal likelihood, without its coefficient. */
export function logMarginal(counts: readonly number[], parameters: readonly number[]): number {
  let all = 0;
  let known = 0;
  let sum = 0;
  parameters.forEach((parameter, index) => {
    const count = counts[index] ?? 0;
    sum += logGamma(parameter + count) - logGamma(parameter);
    all += parameter + count;
    known += parameter;
  });
  return sum + logGamma(known) - logGamma(all);
}

export const logOfShares = (counts: readonly number[], shares: readonly number[]): number =>
  shares.reduce((sum, share, index) => sum + (counts[index] ?? 0) * Math.log(share), 0);

/**
 * Evidence that calls are not divided as configured, window by window: `share` is the treatment's of both sides, 0..1. As
 * calls of one user come together, it is raised to 1 / phi like the evidence about errors: phi is how far the windows' own
 * shares scatter around the share so far.
 */
export function sampleRatioProcess(windows: readonly ArmWindow[], share: number): readonly Evidence[] {
  let [ones, others, chiSquared, seen, smallest] = [0, 0, 0, 0, 1];
  const steps: Evidence[] = [];
  for (const window of windows) {
    if (!isComparable(window)) continue;
    const { n1, n0, end } = window;
    const n = n1 + n0;
    // What was seen before, drawn to the configured share by twenty calls: not yet used, so the residual is honest.
    const expected = (ones + 20 * share) / (ones + others + 20);
    chiSquared += (n1 - n * expected) ** 2 / (n * expected * (1 - expected));
    seen += 1;
    ones += n1;
    others += n0;
    const logE = sampleRatioLogE([ones, others], [share, 1 - share], ratioConcentration);
    const phiEstimated = seen >= windowsForPhi;
    const phi = phiEstimated ? Math.max(1, (phiMargin * chiSquared) / seen) : phiBeforeEstimate;
    const tempered = logE / phi;
    smallest = Math.min(smallest, Math.exp(-tempered));
    steps.push({ end, logE, tempered, phi, phiEstimated, p: smallest });
  }
  return steps;
}

/**
 * Whether the sides' calls are divided otherwise than configured, plainly (a tenth of the odds) and by evidence that holds
 * however often one looks in a day (1 %). `windows`: only those in which the share was configured so.
 */
export function isSplitOtherwise(windows: readonly ArmWindow[], share: number, starts: Starts): boolean {
  if (!(share > 0 && share < 1)) return false;
  const comparable = windows.filter(isComparable);
  const ones = comparable.reduce((sum, { n1 }) => sum + n1, 0);
  const others = comparable.reduce((sum, { n0 }) => sum + n0, 0);
  const odds = ones / others / (share / (1 - share));
  // Nothing seen gives NaN, which is no deviation.
  if (!(odds > oddsTolerated || odds < 1 / oddsTolerated)) return false;
  return endlessLook(comparable, starts, (from) => sampleRatioProcess(from, share)).some(({ p }) => p <= alpha);
}
