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

/** The calls of one operation and arm in one minute. */
export class Cell {
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
    if (exemplar.error) keep(this.failed, exemplar, (a, b) => b.at - a.at);
    else keep(this.slow, exemplar, (a, b) => b.seconds - a.seconds);
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

function keep(list: HeldExemplar[], one: HeldExemplar, order: (a: HeldExemplar, b: HeldExemplar) => number): void {
  const last = list[exemplarsOfAKind - 1];
  if (last !== undefined && order(last, one) < 0) return;
  list.push(one);
  list.sort((a, b) => order(a, b) || (a.traceId < b.traceId ? -1 : 1));
  if (list.length > exemplarsOfAKind) list.length = exemplarsOfAKind;
}
