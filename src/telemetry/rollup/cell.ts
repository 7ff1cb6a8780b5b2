import type { Histogram } from '../../model/signal';
import type { LatencyTotals } from './latencyBuckets';
import { LatencyCounts } from './latencyCounts';
import type { ArmEntry, OperationEntry } from './tables';

/** A trace worth opening. The id is packed (otlp/traceIds.ts). */
export interface HeldExemplar {
  readonly traceId: string;
  readonly at: number;
  readonly seconds: number;
  readonly error: boolean;
}

const exemplarsOfAKind = 3;

/** One counted call: an entry span, as it went into the rollups, so that it can be moved from arm to arm. */
export interface CountedCall {
  readonly operation: OperationEntry;
  readonly minute: number;
  readonly bucket: number;
  readonly exemplar: HeldExemplar;
  readonly refused: boolean;
  /** The arms this call is in, one a flag: variants, or several of them at once. Few. */
  labels: ArmEntry[] | undefined;
}

/** The calls of one operation and arm in one minute, to read. A packed minute's is overwritten by the next. */
export interface CellView {
  readonly calls: number;
  readonly errors: number;
  readonly refused: number;
  /** Slowest first, and newest failed first. */
  readonly slow: readonly HeldExemplar[];
  readonly failed: readonly HeldExemplar[];
  /** Seconds of the first of `slow`, and `at` of the first of `failed`; -1 without one. */
  readonly slowest: number;
  readonly newestFailed: number;
  histogram(): Histogram;
  /** As ExponentialHistogram.serialise. */
  serialiseLatency(): number[];
  addLatency(totals: LatencyTotals): void;
}

/** The calls of one operation and arm in one minute, as they come in. */
export class Cell implements CellView {
  calls = 0;
  errors = 0;
  refused = 0;
  latency = new LatencyCounts();
  /** Slowest first, and newest failed first: told by the calls, not by the order they came in. */
  slow: HeldExemplar[] = [];
  failed: HeldExemplar[] = [];
  dirty = false;

  add(call: CountedCall, keepExemplars: boolean): void {
    const { exemplar } = call;
    this.calls++;
    if (exemplar.error) this.errors++;
    if (call.refused) this.refused++;
    this.latency.add(call.bucket);
    if (!keepExemplars) return;
    if (exemplar.error) keep(this.failed, exemplar, newestFirst);
    else keep(this.slow, exemplar, slowestFirst);
  }

  get slowest(): number {
    return this.slow[0]?.seconds ?? -1;
  }

  get newestFailed(): number {
    return this.failed[0]?.at ?? -1;
  }

  histogram(): Histogram {
    return this.latency.toModel();
  }

  serialiseLatency(): number[] {
    return this.latency.serialise();
  }

  addLatency(totals: LatencyTotals): void {
    this.latency.addTo(totals);
  }

  remove(call: CountedCall): void {
    this.calls--;
    if (call.exemplar.error) this.errors--;
    if (call.refused) this.refused--;
    this.latency.remove(call.bucket);
    const { traceId, at } = call.exemplar;
    const others = (held: HeldExemplar): boolean => held.traceId !== traceId || held.at !== at;
    this.slow = this.slow.filter(others);
    this.failed = this.failed.filter(others);
  }
}

type Order = (a: HeldExemplar, b: HeldExemplar) => number;

const newestFirst: Order = (a, b) => b.at - a.at;
const slowestFirst: Order = (a, b) => b.seconds - a.seconds;

/** Puts one where it belongs among the first few; equals stand by their ids, so that it is the same in any order. */
function keep(list: HeldExemplar[], one: HeldExemplar, order: Order): void {
  let at = list.length;
  for (let before = list[at - 1]; before && isBefore(one, before, order); before = list[at - 1]) at--;
  if (at >= exemplarsOfAKind) return;
  list.splice(at, 0, one);
  if (list.length > exemplarsOfAKind) list.length = exemplarsOfAKind;
}

function isBefore(one: HeldExemplar, other: HeldExemplar, order: Order): boolean {
  const difference = order(one, other);
  return difference < 0 || (difference === 0 && one.traceId < other.traceId);
}
