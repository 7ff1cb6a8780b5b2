import type { FlagFacts } from '../model/facts';
import type { Window } from '../model/signal';
import type { ArmWindow } from './compare/armWindow';
import { compareArms } from './compare/compareArms';
import type { Sides } from './compare/sides';
import { slowCalls } from './compare/latencyOrder';
import { stepMs, type Step } from './factsTotals';

export interface SidesToCompare {
  /** Null when there is only one side. */
  readonly sides: Sides | null;
  /** Steps of a variant, from before the window to its end. */
  readonly stepsOf: (variant: string) => readonly Step[];
  readonly mixedCalls: number;
  /** When the flag's definition last changed (epoch ms); null where that is not known. */
  readonly changedAt: number | null;
  readonly window: Window;
  /** Start of the series (epoch ms), at or before the window's. */
  readonly seriesFrom: number;
}

/** A step of the series seen from both sides. `end` of the unfinished step is now. */
interface Pair {
  readonly end: number;
  readonly treatment: Step | null;
  readonly control: Step | null;
}

/** Errors and latency of one side against the other over the window, on evidence that reaches back beyond it. */
export function compareSides(request: SidesToCompare): Pick<FlagFacts, 'comparison' | 'latency'> {
  const { sides, window, changedAt } = request;
  if (!sides) return { comparison: null, latency: null };
  const pairs = pairUp(request, sides);
  const { treatment, control, randomised, share, notRandomBecause } = sides;
  const common = {
    treatment,
    control,
    randomised,
    mixedCalls: request.mixedCalls,
    shownFrom: window.from,
    shownMs: window.to - window.from,
    seriesFrom: request.seriesFrom,
    ...(share === null || changedAt === null ? {} : { split: { share, since: changedAt } }),
    ...(notRandomBecause === null ? {} : { notRandomBecause }),
  };
  const latencies = pairs.map(({ end, treatment: one, control: other }) => ({
    end,
    treatment: one?.latency ?? null,
    control: other?.latency ?? null,
  }));
  const errors = [{ thresholdSeconds: null, windows: pairs.map(errorsOf) }] as const;
  return {
    comparison: compareArms({ metric: 'errors', ...common, strata: errors }),
    latency: compareArms({ metric: 'latency', ...common, strata: slowCalls(latencies) }),
  };
}

function pairUp({ stepsOf, window }: SidesToCompare, { treatment, control }: Sides): readonly Pair[] {
  const byTime = (steps: readonly Step[]): ReadonlyMap<number, Step> => new Map(steps.map((step) => [step.at, step]));
  const [one, other] = [byTime(stepsOf(treatment)), byTime(stepsOf(control))];
  return [...new Set([...one.keys(), ...other.keys()])]
    .sort((a, b) => a - b)
    .map((at) => ({
      end: Math.min(at + stepMs, window.to),
      treatment: one.get(at) ?? null,
      control: other.get(at) ?? null,
    }));
}

const errorsOf = ({ end, treatment, control }: Pair): ArmWindow => ({
  end,
  n1: treatment?.calls ?? 0,
  e1: treatment?.errors ?? 0,
  n0: control?.calls ?? 0,
  e0: control?.errors ?? 0,
});
