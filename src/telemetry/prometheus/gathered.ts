import type { ArmSeries, Histogram, Operation, OperationSeries, Point } from '../../model/signal';
import { LatencySum } from '../latencySum';

type Arm = ArmSeries['arm'];
type Exemplar = ArmSeries['exemplars'][number];

interface Step {
  calls: number;
  errors: number;
  refused: number;
  readonly latency: LatencySum;
}

/** Fractions of a call come of rates turned into counts, or of series thinned out. */
const notWhole = (value: number): boolean => Math.abs(value - Math.round(value)) > 1e-6;

/** Puts answers of several queries together: by operation, arm and step. */
export class Gathered {
  readonly #operations = new Map<string, { readonly operation: Operation; readonly arms: Map<string, ArmSteps> }>();
  /** Some counts were no whole numbers. */
  approximate = false;

  addCalls(
    operation: Operation,
    arm: Arm,
    at: number,
    calls: number,
    outcome: { error: boolean; refused: boolean },
  ): void {
    const whole = Math.round(calls);
    if (notWhole(calls)) this.approximate = true;
    if (whole <= 0) return;
    const step = this.#arm(operation, arm).step(at);
    step.calls += whole;
    if (outcome.error) step.errors += whole;
    if (outcome.refused) step.refused += whole;
  }

  addLatency(operation: Operation, arm: Arm, at: number, histogram: Histogram): void {
    this.#arm(operation, arm).step(at).latency.add(histogram);
  }

  addExemplar(operation: Operation, arm: Arm, exemplar: Exemplar): void {
    this.#arm(operation, arm).exemplars.push(exemplar);
  }

  /** What was gathered of the operations that had calls. */
  series(): OperationSeries[] {
    return [...this.#operations.values()].map(({ operation, arms }) => ({
      operation,
      arms: [...arms.values()].map((arm) => arm.series()).filter(({ points }) => points.length > 0),
    }));
  }

  #arm(operation: Operation, arm: Arm): ArmSteps {
    let known = this.#operations.get(operation.id);
    if (!known) this.#operations.set(operation.id, (known = { operation, arms: new Map() }));
    const key = JSON.stringify(arm);
    let steps = known.arms.get(key);
    if (!steps) known.arms.set(key, (steps = new ArmSteps(arm)));
    return steps;
  }
}

class ArmSteps {
  readonly exemplars: Exemplar[] = [];
  readonly #steps = new Map<number, Step>();

  constructor(readonly arm: Arm) {}

  step(at: number): Step {
    let step = this.#steps.get(at);
    if (!step) this.#steps.set(at, (step = { calls: 0, errors: 0, refused: 0, latency: new LatencySum() }));
    return step;
  }

  series(): ArmSeries {
    const points = [...this.#steps]
      .filter(([, { calls }]) => calls > 0)
      .sort(([a], [b]) => a - b)
      .map(([at, { latency, ...counts }]): Point => ({ at, ...counts, histogram: latency.toModel() }));
    return { arm: this.arm, points, exemplars: this.exemplars };
  }
}
