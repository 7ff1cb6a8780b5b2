import type { Comparison } from '../model/comparison';
import type { FlagFacts } from '../model/facts';
import type { Window } from '../model/signal';
import type { ArmWindow } from './compare/armWindow';
import { compareArms, type ArmsToCompare } from './compare/compareArms';
import type { Sides } from './compare/sides';
import { slowWindows } from './compare/slowWindows';
import { isWithin, stepMs, type Step } from './factsTotals';

export interface SidesToCompare {
  /** Null when there is only one side. */
  readonly sides: Sides | null;
  /** Steps of a variant, from `historyFrom` (epoch ms) to the window's end. */
  readonly stepsOf: (variant: string) => readonly Step[];
  readonly mixedCalls: number;
  readonly window: Window;
  readonly historyFrom: number;
}

/** A step of the series seen from both sides. `end` of the unfinished step is now. */
interface Pair {
  readonly at: number;
  readonly end: number;
  readonly treatment: Step | null;
  readonly control: Step | null;
}

/** Errors and latency of one side against the other over the window, `since` traced back through the history. */
export function compareSides(request: SidesToCompare): Pick<FlagFacts, 'comparison' | 'latency'> {
  const { sides } = request;
  if (!sides) return { comparison: null, latency: null };
  const pairs = pairUp(request, sides);
  const { treatment, control, randomised, notRandomBecause } = sides;
  const common = {
    treatment,
    control,
    randomised,
    mixedCalls: request.mixedCalls,
    ...(notRandomBecause === null ? {} : { notRandomBecause }),
  };
  return {
    comparison: standing(request, pairs, (of) => compareErrors(of, common)),
    latency: standing(request, pairs, (of) => compareLatency(of, common)),
  };
}

function pairUp({ stepsOf, window }: SidesToCompare, { treatment, control }: Sides): readonly Pair[] {
  const byTime = (steps: readonly Step[]): ReadonlyMap<number, Step> => new Map(steps.map((step) => [step.at, step]));
  const [one, other] = [byTime(stepsOf(treatment)), byTime(stepsOf(control))];
  return [...new Set([...one.keys(), ...other.keys()])]
    .sort((a, b) => a - b)
    .map((at) => ({
      at,
      end: Math.min(at + stepMs, window.to),
      treatment: one.get(at) ?? null,
      control: other.get(at) ?? null,
    }));
}

/**
 * The comparison over the window. A verdict that stands has `since` when its evidence first crossed without having been
 * lost since: the same window moved back minute by minute, as the reader would have seen it then. Without that, a
 * regression older than the window would seem to have begun with it.
 */
function standing(
  { window, historyFrom }: SidesToCompare,
  pairs: readonly Pair[],
  compare: (pairs: readonly Pair[]) => Comparison,
): Comparison {
  const now = compare(pairs.filter(isWithin(window)));
  if (now.since === null) return now;
  let { since } = now;
  let sinceAtLeast = true;
  const lastStart = Math.floor((window.to - 1) / stepMs) * stepMs;
  for (let back = stepMs; window.from - back >= historyFrom; back += stepMs) {
    const earlier = compare(pairs.filter(isWithin({ from: window.from - back, to: lastStart + stepMs - back })));
    if (earlier.verdict !== now.verdict || earlier.since === null) {
      sinceAtLeast = false;
      break;
    }
    since = Math.min(since, earlier.since);
  }
  return { ...now, since, sinceAtLeast };
}

type Common = Omit<ArmsToCompare, 'metric' | 'windows' | 'thresholdSeconds'>;

function compareErrors(pairs: readonly Pair[], common: Common): Comparison {
  const windows = pairs.map(({ end, treatment, control }): ArmWindow => ({
    end,
    n1: treatment?.calls ?? 0,
    e1: treatment?.errors ?? 0,
    n0: control?.calls ?? 0,
    e0: control?.errors ?? 0,
  }));
  return compareArms({ metric: 'errors', ...common, windows, thresholdSeconds: null });
}

function compareLatency(pairs: readonly Pair[], common: Common): Comparison {
  const slow = slowWindows(
    pairs.map(({ end, treatment, control }) => ({
      end,
      treatment: treatment?.latency ?? null,
      control: control?.latency ?? null,
    })),
  );
  if (slow) return compareArms({ metric: 'latency', ...common, ...slow });
  const windows = pairs.map(({ end, treatment, control }): ArmWindow => ({
    end,
    n1: treatment?.calls ?? 0,
    e1: 0,
    n0: control?.calls ?? 0,
    e0: 0,
  }));
  const tooLittleBecause = 'too few calls on the control side to tell what is slow';
  return compareArms({ metric: 'latency', ...common, tooLittleBecause, windows, thresholdSeconds: null });
}
