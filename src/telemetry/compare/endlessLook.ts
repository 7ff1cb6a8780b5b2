import type { ArmWindow } from './armWindow';
import type { Evidence } from './gridProcess';

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;

/**
 * Quarters of an hour in a day, times two for errors and latency: among so many processes the 5 % are shared out, so that it
 * is 5 % a flag and a day on the whole.
 */
const shares = 96 * 2;

/** How a reader who looks all day is counted: when processes start, and for how long each of them runs (ms). */
export interface Starts {
  readonly everyMs: number;
  readonly spanMs: number;
}

/** For a window of so many ms on the screen: four starts or more within it, at whole quarters of an hour. */
export function startsFor(windowMs: number): Starts {
  const everyMs = quarterMs * Math.max(1, Math.ceil(windowMs / (4 * quarterMs)));
  return { everyMs, spanMs: 5 * everyMs };
}

/**
 * A window that slides along is a new test every minute, and an e-process that begins with it alarms in most days of a
 * healthy flag (`npm run bench -- compare`). Here one begins at fixed times, whatever is seen, each with the same small
 * share of one unit to bet with, and is let go of when it has run its span: at any time their sum is at most an e-process of
 * the day, so that reaching 1 / alpha ever has a chance of at most alpha a day (Ville), however often one looks.
 * `process` is started on the windows from each start on; answers the logarithm of the sum after each window as `tempered`.
 */
export function endlessLook(
  windows: readonly ArmWindow[],
  { everyMs, spanMs }: Starts,
  process: (windows: readonly ArmWindow[]) => readonly Evidence[],
): readonly Evidence[] {
  const startOf = ({ end }: ArmWindow): number => Math.floor((end - 1) / everyMs);
  const steps = new Map<number, { sum: number; lead: Evidence }>();
  let from = 0;
  while (from < windows.length) {
    const first = windows[from];
    if (!first) break;
    const to = windows.findIndex(({ end }) => end > startOf(first) * everyMs + spanMs);
    for (const step of process(windows.slice(from, to < 0 ? undefined : to))) {
      const bet = Math.exp(Math.min(step.tempered, largestLog)) / shares;
      const known = steps.get(step.end);
      if (!known) steps.set(step.end, { sum: bet, lead: step });
      else steps.set(step.end, { sum: known.sum + bet, lead: step.tempered > known.lead.tempered ? step : known.lead });
    }
    const next = windows.findIndex((window, index) => index > from && startOf(window) !== startOf(first));
    from = next < 0 ? windows.length : next;
  }
  let smallest = 1;
  return [...steps.values()].map(({ sum, lead }) => {
    smallest = Math.min(smallest, 1 / sum);
    return { ...lead, tempered: Math.log(sum), p: Math.min(1, smallest) };
  });
}

/** Beyond this the exponential is no number any more, and nobody asks. */
const largestLog = 690;
