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
 * The e-value is raised to 1/phi, phi = max(1, Pearson chi^2 / df of e1 ~ Binomial(e1 + e0, p) over the windows with
 * bad calls so far): retries and bursts by one user would otherwise raise false alarms from 5 % to 50 %.
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
    ratios.forEach((ratio, index) => {
      const all = ratio * n1 + n0;
      const gain = e1 * Math.log((ratio * n1) / all / p) + e0 * Math.log(n0 / all / (1 - p));
      logs[index] = (logs[index] ?? 0) + gain;
    });
    dispersion.add(e1, e0, p);
    const logE = logMeanExp(logs);
    const { phi, phiEstimated } = dispersion.current();
    const tempered = logE / phi;
    smallest = Math.min(smallest, Math.exp(-tempered));
    steps.push({ end, logE, tempered, phi, phiEstimated, p: smallest });
  }
  return steps;
}

class Dispersion {
  #chiSquared = 0;
  #windows = 0;

  add(e1: number, e0: number, p: number): void {
    const events = e1 + e0;
    if (events <= 0) return;
    this.#chiSquared += (e1 - events * p) ** 2 / (events * p * (1 - p));
    this.#windows += 1;
  }

  current(): Pick<Evidence, 'phi' | 'phiEstimated'> {
    if (this.#windows < windowsForPhi) return { phi: phiBeforeEstimate, phiEstimated: false };
    return { phi: Math.max(1, this.#chiSquared / this.#windows), phiEstimated: true };
  }
}

function logMeanExp(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  const sum = logs.reduce((total, log) => total + Math.exp(log - largest), 0);
  return largest + Math.log(sum / logs.length);
}
