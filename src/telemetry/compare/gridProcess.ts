import { isComparable, type ArmWindow } from './armWindow';

/** Ratios that the mixture bets on, equally weighted. For "better" each is inverted. */
export const ratioGrid: readonly number[] = [1.1, 1.25, 1.5, 2, 3, 5, 10];

/** An overdispersion estimated from fewer windows than this says nothing. */
const windowsForPhi = 10;

/**
 * Stands in for phi until it can be estimated: errors that come in sessions of four on average (geometric) have
 * E[B^2]/E[B] = 2 * 4 - 1 = 7. Powers of at most 1 keep an e-process valid (Jensen), so a gross failure is still said
 * within minutes and a burst by one user is not.
 */
export const phiBeforeEstimate = 8;

const phiMargin = 1.2;
const drawnTowardsOne = 2;

/** The state of the evidence after one window. */
export interface Evidence {
  readonly end: number;
  /** Logarithm of the e-value as it is. */
  readonly logE: number;
  /** Divided by phi: what is decided on. */
  readonly tempered: number;
  readonly phi: number;
  /** False while phi is the fixed stand-in. */
  readonly phiEstimated: boolean;
  /** The smallest 1/E so far, of the tempered e-value: a p-value that holds however often one looks. */
  readonly p: number;
}

/**
 * Window-stratified grid e-process, one-sided (telemetry.md 7.2 A; validity: Hoeffding 1963, Theorem 4, within a
 * window, Ville's inequality over time). For each ratio r it bets that a bad call
 * of window w falls to the treatment with q = r n1 / (r n1 + n0) rather than p = n1 / (n1 + n0):
 * L_r += e1 ln(q/p) + e0 ln((1-q)/(1-p)), E = mean over r of exp(L_r). It holds under any drift of the base rate and
 * any roll-out schedule. Windows without calls on both sides are skipped.
 *
 * The e-value is raised to 1/phi, the overdispersion seen so far (see {@link Dispersion}): retries and bursts by one user
 * would otherwise raise false alarms from 5 % to 50 %.
 */
export function gridProcess(
  windows: readonly ArmWindow[],
  direction: 'worse' | 'better',
  grid: readonly number[] = ratioGrid,
): readonly Evidence[] {
  const ratios = direction === 'worse' ? grid : grid.map((ratio) => 1 / ratio);
  const logs = ratios.map(() => 0);
  const steps: Evidence[] = [];
  const dispersion = new Dispersion();
  let smallest = 1;
  for (const window of windows) {
    if (!isComparable(window)) continue;
    const { n1, n0, e1, e0, end } = window;
    const p = n1 / (n1 + n0);
    // Without bad calls nothing was bet on.
    for (let index = 0; index < ratios.length && e1 + e0 > 0; index += 1) {
      const ratio = ratios[index] ?? 1;
      const all = ratio * n1 + n0;
      const gain = e1 * Math.log((ratio * n1) / all / p) + e0 * Math.log(n0 / all / (1 - p));
      logs[index] = (logs[index] ?? 0) + gain;
    }
    dispersion.add(window);
    const logE = logMeanExp(logs);
    const { phi, phiEstimated } = dispersion.current();
    const tempered = logE / phi;
    smallest = Math.min(smallest, Math.exp(-tempered));
    steps.push({ end, logE, tempered, phi, phiEstimated, p: smallest });
  }
  return steps;
}

/** The margin of {@link notWorseProcess}: odds up to a quarter higher are taken as no harm (delivery.md A2). */
export const certificateMargin = 1.25;

/** 24 ratios below 1, evenly spaced in their logarithm down to 1/4. */
const certificateGrid: readonly number[] = Array.from({ length: 24 }, (_, index) => 4 ** (-(index + 1) / 24));

/**
 * Evidence that the treatment is less than `margin` times as bad (delivery.md A2): the grid e-process against the
 * hypothesis that a bad call falls to the treatment with odds of at least margin * n1 : n0, whose own alternatives lie
 * below. That is the same sum with the treatment's calls weighted by the margin; exact where bad calls are few.
 */
export function notWorseProcess(windows: readonly ArmWindow[], margin = certificateMargin): readonly Evidence[] {
  const weighted = windows.map((window) => ({ ...window, n1: window.n1 * margin }));
  return gridProcess(weighted, 'worse', certificateGrid);
}

/**
 * One process of several over the same windows, each with the same weight: an average of e-processes is one again
 * (delivery.md A4). `leading` tells which of them weighs most at the end. Each is tempered by its own phi first.
 */
export function averaged(processes: readonly (readonly Evidence[])[]): {
  readonly steps: readonly Evidence[];
  readonly leading: number;
} {
  const ends = processes.map((steps) => steps.at(-1)?.tempered ?? 0);
  // Of several that weigh the same the last: slower than two seconds says more than slower than one.
  const leading = Math.max(0, ends.lastIndexOf(Math.max(...ends)));
  let smallest = 1;
  const steps = (processes[leading] ?? []).map((lead, at): Evidence => {
    const logE = logMeanExp(processes.map((each) => each[at]?.logE ?? 0));
    const tempered = logMeanExp(processes.map((each) => each[at]?.tempered ?? 0));
    smallest = Math.min(smallest, Math.exp(-tempered));
    return { ...lead, logE, tempered, p: smallest };
  });
  return { steps, leading };
}

/**
 * phi = max(1, 1.2 * Pearson chi^2 / n) of e1 ~ Binomial(e1 + e0, q) over the n windows with bad calls so far. telemetry.md
 * 7.2 A takes q = p, as if the arms were equal: a treatment that fails seven times as often then looks overdispersed, and its
 * alarm comes ten minutes later or more. q is that of the ratio estimated from the windows before instead
 * (Mantel-Haenszel, drawn towards 1 by two bad calls a side), so each residual is one of a window not yet used. The fifth on
 * top keeps false alarms below 5 % a day where errors come in sessions of four.
 */
class Dispersion {
  #chiSquared = 0;
  #windows = 0;
  #above = drawnTowardsOne;
  #below = drawnTowardsOne;

  add({ n1, n0, e1, e0 }: ArmWindow): void {
    const events = e1 + e0;
    if (events <= 0) return;
    const ratio = this.#above / this.#below;
    const q = (ratio * n1) / (ratio * n1 + n0);
    this.#chiSquared += (e1 - events * q) ** 2 / (events * q * (1 - q));
    this.#windows += 1;
    this.#above += (e1 * n0) / (n1 + n0);
    this.#below += (e0 * n1) / (n1 + n0);
  }

  current(): Pick<Evidence, 'phi' | 'phiEstimated'> {
    if (this.#windows < windowsForPhi) return { phi: phiBeforeEstimate, phiEstimated: false };
    return { phi: Math.max(1, (phiMargin * this.#chiSquared) / this.#windows), phiEstimated: true };
  }
}

export function logMeanExp(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  const sum = logs.reduce((total, log) => total + Math.exp(log - largest), 0);
  return largest + Math.log(sum / logs.length);
}
