import type { SpanRecord } from '../otlp/record';
import { Cell, type CountedCall } from './cell';
import { latencyBucket } from './latencyBuckets';
import { defaultRollupLimits, minuteMs, minuteOf, type RollupLimits } from './limits';
import { cellKey, EvaluationCell, Minute } from './minute';
import { ServiceEdges } from './serviceEdges';
import { ArmTable, OperationTable, type ArmEntry, type EntryKind, type ServiceEntry } from './tables';

/** Minutes within which calls are still moved between arms; never packed. */
const openMinutes = 3;
/** Minutes read most: the default window and a little. */
const preferredOpenMinutes = 20;

/**
 * Per-minute counts of every operation and arm. Each entry span is counted in `all` (and its version's arm) when it
 * arrives, and in the arm of a flag's variant when that is known; `relabel` moves it. Bounded by {@link RollupLimits}.
 */
export class Rollups {
  readonly operations: OperationTable;
  readonly arms: ArmTable;
  readonly edges: ServiceEdges;
  readonly #limits: RollupLimits;
  readonly #minutes = new Map<number, Minute>();
  /** Minutes before this one were let go to stay within the limits. */
  #floor = 0;
  #armsDropped = false;

  constructor(limits: RollupLimits = defaultRollupLimits) {
    this.#limits = limits;
    this.operations = new OperationTable(limits);
    this.arms = new ArmTable(limits);
    this.edges = new ServiceEdges(limits.edgesPerHour);
  }

  /** Something was left out or lumped together since the start. */
  get isPartial(): boolean {
    return this.#armsDropped || this.operations.overflowed || this.arms.overflowed;
  }

  /** The first minute (epoch minutes) that is whole in memory. */
  get floor(): number {
    return this.#floor;
  }

  get minutes(): Iterable<Minute> {
    return this.#minutes.values();
  }

  minuteAt(start: number): Minute | undefined {
    return this.#minutes.get(start);
  }

  /** Counts an entry span. The answer is what `relabel` moves. */
  count(service: ServiceEntry, kind: EntryKind, span: SpanRecord): CountedCall {
    const operation = this.operations.operation(service, kind, span);
    operation.lastSeen = Math.max(operation.lastSeen, span.endMs);
    const call: CountedCall = {
      operation,
      minute: minuteOf(span.endMs),
      bucket: latencyBucket(span.seconds),
      exemplar: { traceId: span.traceId, at: Math.round(span.endMs), seconds: span.seconds, error: span.error },
      refused: span.refused,
      labels: undefined,
    };
    this.#add(call, this.arms.all, true);
    if (span.resource.version !== '') this.#add(call, this.arms.version(span.resource.version), false);
    return call;
  }

  /** Puts a counted call into an arm of a flag, out of the one it was in. */
  relabel(call: CountedCall, flag: string, to: ArmEntry): void {
    const { labels } = call;
    if (!labels) {
      this.#add(call, to, true);
      call.labels = [to];
      return;
    }
    const at = labels.findIndex(({ arm }) => 'flag' in arm && arm.flag === flag);
    const from = labels[at];
    if (from === to) return;
    if (from) this.#remove(call, from);
    this.#add(call, to, true);
    labels[at < 0 ? labels.length : at] = to;
  }

  /** The counts of evaluations of one variant by one service at a time; undefined past the limits. */
  evaluation(service: ServiceEntry, arm: ArmEntry, at: number): EvaluationCell | undefined {
    const minute = this.#minute(minuteOf(at));
    if (!minute) return undefined;
    const key = cellKey(service.index, arm.index);
    let cell = minute.evaluations.get(key);
    if (!cell) {
      if (minute.evaluations.size >= this.#limits.cellsPerMinute) {
        this.#armsDropped = true;
        return undefined;
      }
      minute.evaluations.set(key, (cell = new EvaluationCell(minute, key)));
    }
    arm.lastUsed = Math.max(arm.lastUsed, at);
    return cell;
  }

  /** Puts a cell read from disk in place, replacing what an earlier line said. */
  restoreCell(minute: number, operation: number, arm: number, cell: Cell): void {
    this.#minute(minute)?.cells.set(operation, arm, cell);
  }

  /** As `restoreCell`; what was still held when it was written can no longer be joined. */
  restoreEvaluation(start: number, service: number, arm: number, count: number, joined: number): void {
    const minute = this.#minute(start);
    if (!minute) return;
    const key = cellKey(service, arm);
    const cell = new EvaluationCell(minute, key);
    cell.count = count;
    cell.joinedCount = Math.min(joined, count);
    cell.unjoinedCount = count - cell.joinedCount;
    minute.evaluations.set(key, cell);
  }

  /** Packs what is no longer written to, lets go what is too old or too much. Call every few seconds. */
  maintain(now: number): void {
    const current = minuteOf(now);
    const oldest = current - this.#limits.minutes;
    for (const start of this.#minutes.keys()) if (start < oldest) this.#minutes.delete(start);

    const ascending = [...this.#minutes.values()].sort((a, b) => a.start - b.start);
    let open = ascending.reduce((sum, minute) => sum + minute.openSize, 0);
    for (const minute of ascending) {
      if (minute.isPacked || minute.start > current - openMinutes) continue;
      if (minute.start > current - preferredOpenMinutes && open <= this.#limits.openCells) continue;
      open -= minute.pack();
    }
    let packed = ascending.reduce((sum, minute) => sum + minute.packedSize, 0);
    for (const minute of ascending) {
      if (packed <= this.#limits.packedBytes) break;
      if (!minute.isPacked) continue;
      packed -= minute.packedSize;
      this.#minutes.delete(minute.start);
      this.#floor = Math.max(this.#floor, minute.start + 1);
    }
    const before = oldest * minuteMs;
    this.operations.forget(before);
    this.arms.forget(before);
    this.edges.forget(oldest);
  }

  /** Undefined for one that was let go: a few late calls in its place would pass for all of it, on disk as well. */
  #minute(start: number): Minute | undefined {
    if (start < this.#floor) return undefined;
    let minute = this.#minutes.get(start);
    if (!minute) this.#minutes.set(start, (minute = new Minute(start)));
    return minute;
  }

  #add(call: CountedCall, arm: ArmEntry, keepExemplars: boolean): void {
    const minute = this.#minute(call.minute);
    if (!minute) return;
    const { cells } = minute;
    const { index } = call.operation;
    let cell = cells.get(index, arm.index);
    if (!cell) {
      if (arm !== this.arms.all && cells.size >= this.#limits.cellsPerMinute) {
        this.#armsDropped = true;
        return;
      }
      cells.set(index, arm.index, (cell = new Cell()));
    }
    cell.add(call, keepExemplars);
    arm.lastUsed = Math.max(arm.lastUsed, call.exemplar.at);
    if (!cell.dirty) touch(minute, cellKey(index, arm.index), cell);
  }

  #remove(call: CountedCall, arm: ArmEntry): void {
    const minute = this.#minutes.get(call.minute);
    const { index } = call.operation;
    const cell = minute?.cells.get(index, arm.index);
    if (!minute || !cell) return;
    cell.remove(call);
    if (!cell.dirty) touch(minute, cellKey(index, arm.index), cell);
  }
}

function touch(minute: Minute, key: number, cell: Cell): void {
  cell.dirty = true;
  minute.dirtyCells.push(key);
}
