import type { ArmSeries, Histogram, Point } from '../../model/signal';
import { unpackHex } from '../otlp/traceIds';
import type { CellView, HeldExemplar } from '../rollup/cell';
import { LatencyTotals } from '../rollup/latencyBuckets';

/** Of each kind. */
const exemplarsShown = 6;

interface GatheredStep {
  calls: number;
  errors: number;
  refused: number;
  /** Of the step's only cell; null when there are several, whose latencies are in `totals`. */
  readonly histogram: Histogram | null;
  readonly totals: LatencyTotals | null;
}

/** One arm, of one operation or of several together, summed into steps. */
export class GatheredArm {
  readonly #isOneCell: boolean;
  readonly #steps = new Map<number, GatheredStep>();
  #slow: HeldExemplar[] = [];
  #failed: HeldExemplar[] = [];

  /** `isOneCell`: a step is of one cell, which is what is asked most and need not be added up. */
  constructor(isOneCell: boolean) {
    this.#isOneCell = isOneCell;
  }

  /** `at`: the step's start, epoch ms. */
  add(at: number, cell: CellView, withExemplars: boolean): void {
    const { calls, errors, refused } = cell;
    if (this.#isOneCell) this.#steps.set(at, { calls, errors, refused, histogram: cell.histogram(), totals: null });
    else {
      const step = this.#step(at);
      step.calls += calls;
      step.errors += errors;
      step.refused += refused;
      if (step.totals) cell.addLatency(step.totals);
    }
    if (!withExemplars) return;
    // Of most cells no exemplar is among the first few: those are not even made.
    if (cell.slowest > (this.#slow[exemplarsShown - 1]?.seconds ?? -1))
      this.#slow = firstOf([...this.#slow, ...cell.slow], (a, b) => b.seconds - a.seconds);
    if (cell.newestFailed > (this.#failed[exemplarsShown - 1]?.at ?? -1))
      this.#failed = firstOf([...this.#failed, ...cell.failed], (a, b) => b.at - a.at);
  }

  points(): Point[] {
    return [...this.#steps]
      .sort(([a], [b]) => a - b)
      .map(([at, { calls, errors, refused, histogram, totals }]) => ({
        at,
        calls,
        errors,
        refused,
        histogram: histogram ?? totals?.toModel() ?? { bounds: [], counts: [0] },
      }));
  }

  exemplars(): ArmSeries['exemplars'] {
    return [...this.#failed, ...this.#slow].map(({ traceId, at, seconds, error }) => ({
      traceId: unpackHex(traceId),
      at,
      seconds,
      error,
    }));
  }

  #step(at: number): GatheredStep {
    let step = this.#steps.get(at);
    if (!step) {
      step = { calls: 0, errors: 0, refused: 0, histogram: null, totals: new LatencyTotals() };
      this.#steps.set(at, step);
    }
    return step;
  }
}

const firstOf = (held: HeldExemplar[], order: (a: HeldExemplar, b: HeldExemplar) => number): HeldExemplar[] =>
  held.sort(order).slice(0, exemplarsShown);
