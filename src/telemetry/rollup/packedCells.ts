import type { Histogram } from '../../model/signal';
import { Cell, type CellView, type HeldExemplar } from './cell';
import { CellTable, type CellFilter, type CellUse } from './cellTable';
import { modelOf, serialised, type LatencyTotals } from './latencyBuckets';
import { LatencyCounts } from './latencyCounts';

/** UTF-16 units of a packed trace id (otlp/traceIds.ts). */
const idUnits = 8;

/**
 * Cells in columns, arm by arm. `ends` close an arm's part of the cells, and a cell's part of the lists that hold several
 * values a cell. One set for all arms: a typed array takes some 200 bytes beside what it holds, and arms may be a thousand.
 */
interface Columns {
  readonly arms: Int32Array;
  readonly armEnds: Uint32Array;
  readonly operations: Int32Array;
  readonly calls: Uint32Array;
  readonly errors: Uint32Array;
  readonly refused: Uint32Array;
  readonly bucketEnds: Uint32Array;
  readonly indexes: Int16Array;
  readonly counts: Uint32Array;
  readonly exemplarEnds: Uint32Array;
  /** The slow of a cell, then its failed. Trace ids one after the other; `[at, seconds]` of each; 1 for a failed one. */
  readonly traceIds: string;
  readonly exemplars: Float64Array;
  readonly failed: Uint8Array;
}

/** The cells of a minute that is over, in a fifth of the room and read without being made into objects. */
export class PackedCells {
  readonly #columns: Columns;
  readonly size: number;
  /** About how much memory they take. */
  readonly bytes: number;

  constructor(cells: CellTable) {
    this.#columns = columnsOf(cells);
    this.size = cells.size;
    this.bytes = bytesOf(this.#columns);
  }

  each(wanted: CellFilter, use: CellUse): void {
    const { arms, armEnds, operations } = this.#columns;
    const view = new PackedView(this.#columns);
    for (let of = 0; of < arms.length; of++) {
      const arm = arms[of] ?? 0;
      if (!wanted.arm(arm)) continue;
      const end = armEnds[of] ?? 0;
      for (let at = startOf(armEnds, of); at < end; at++) {
        const operation = operations[at] ?? 0;
        if (wanted.operation(operation)) use(operation, arm, view.goTo(at));
      }
    }
  }

  unpack(): CellTable {
    const cells = new CellTable();
    const { arms, armEnds, operations } = this.#columns;
    const view = new PackedView(this.#columns);
    for (const [of, arm] of arms.entries()) {
      const end = armEnds[of] ?? 0;
      for (let at = startOf(armEnds, of); at < end; at++) cells.set(operations[at] ?? 0, arm, view.goTo(at).toCell());
    }
    return cells;
  }
}

function columnsOf(cells: CellTable): Columns {
  const arms = [...cells.arms];
  const all = arms.flatMap(([, of]) => [...of.values()]);
  const column = (of: (cell: Cell) => number): Uint32Array => Uint32Array.from(all, of);
  let ended = 0;
  let buckets = 0;
  let exemplars = 0;
  const bucketEnds = column(({ latency }) => (buckets += latency.size));
  const exemplarEnds = column(({ slow, failed }) => (exemplars += slow.length + failed.length));
  const indexes = new Int16Array(buckets);
  const counts = new Uint32Array(buckets);
  for (const [at, { latency }] of all.entries()) latency.copyTo(indexes, counts, (bucketEnds[at] ?? 0) - latency.size);
  const held = all.flatMap(({ slow, failed }) => [...slow, ...failed]);
  return {
    arms: Int32Array.from(arms, ([arm]) => arm),
    armEnds: Uint32Array.from(arms, ([, of]) => (ended += of.size)),
    operations: Int32Array.from(arms.flatMap(([, of]) => [...of.keys()])),
    calls: column(({ calls }) => calls),
    errors: column(({ errors }) => errors),
    refused: column(({ refused }) => refused),
    bucketEnds,
    indexes,
    counts,
    exemplarEnds,
    traceIds: held.map(({ traceId }) => traceId).join(''),
    exemplars: Float64Array.from(held.flatMap(({ at, seconds }) => [at, seconds])),
    failed: Uint8Array.from(held, ({ error }) => Number(error)),
  };
}

function bytesOf({ traceIds, ...columns }: Columns): number {
  return Object.values(columns).reduce((sum, { byteLength }) => sum + byteLength, traceIds.length * 2);
}

const startOf = (ends: Uint32Array, at: number): number => (at === 0 ? 0 : (ends[at - 1] ?? 0));

/** One cell of the columns after the other. */
class PackedView implements CellView {
  readonly #columns: Columns;
  #at = 0;

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  goTo(at: number): this {
    this.#at = at;
    return this;
  }

  get calls(): number {
    return this.#columns.calls[this.#at] ?? 0;
  }

  get errors(): number {
    return this.#columns.errors[this.#at] ?? 0;
  }

  get refused(): number {
    return this.#columns.refused[this.#at] ?? 0;
  }

  get slow(): HeldExemplar[] {
    return this.#exemplars(false);
  }

  get failed(): HeldExemplar[] {
    return this.#exemplars(true);
  }

  get slowest(): number {
    const { exemplarEnds, exemplars, failed } = this.#columns;
    const first = this.#start(exemplarEnds);
    return first < (exemplarEnds[this.#at] ?? 0) && failed[first] === 0 ? (exemplars[first * 2 + 1] ?? -1) : -1;
  }

  get newestFailed(): number {
    const { exemplarEnds, exemplars, failed } = this.#columns;
    const end = exemplarEnds[this.#at] ?? 0;
    for (let one = this.#start(exemplarEnds); one < end; one++) if (failed[one] === 1) return exemplars[one * 2] ?? -1;
    return -1;
  }

  histogram(): Histogram {
    const { indexes, counts, bucketEnds } = this.#columns;
    return modelOf(indexes, counts, this.#start(bucketEnds), bucketEnds[this.#at] ?? 0);
  }

  serialiseLatency(): number[] {
    const { indexes, counts, bucketEnds } = this.#columns;
    return serialised(indexes, counts, this.#start(bucketEnds), bucketEnds[this.#at] ?? 0);
  }

  addLatency(totals: LatencyTotals): void {
    const { indexes, counts, bucketEnds } = this.#columns;
    const end = bucketEnds[this.#at] ?? 0;
    for (let at = this.#start(bucketEnds); at < end; at++) totals.add(indexes[at] ?? 0, counts[at] ?? 0);
  }

  toCell(): Cell {
    const { indexes, counts, bucketEnds } = this.#columns;
    const cell = new Cell();
    cell.calls = this.calls;
    cell.errors = this.errors;
    cell.refused = this.refused;
    cell.latency = LatencyCounts.copyOf(indexes, counts, this.#start(bucketEnds), bucketEnds[this.#at] ?? 0);
    cell.slow = this.slow;
    cell.failed = this.failed;
    return cell;
  }

  #start(ends: Uint32Array): number {
    return startOf(ends, this.#at);
  }

  #exemplars(failed: boolean): HeldExemplar[] {
    const { exemplarEnds, exemplars, traceIds, failed: isFailed } = this.#columns;
    const held: HeldExemplar[] = [];
    const end = exemplarEnds[this.#at] ?? 0;
    for (let one = this.#start(exemplarEnds); one < end; one++) {
      const error = isFailed[one] === 1;
      if (error !== failed) continue;
      const traceId = traceIds.slice(one * idUnits, (one + 1) * idUnits);
      held.push({ traceId, at: exemplars[one * 2] ?? 0, seconds: exemplars[one * 2 + 1] ?? 0, error });
    }
    return held;
  }
}
