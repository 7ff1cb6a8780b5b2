import type { EvaluationRecord, SpanRecord } from '../otlp/record';
import type { Rollups } from '../rollup/rollups';
import type { EntryKind, ServiceEntry } from '../rollup/tables';
import { HeldTrace, type Held, type Node } from './heldTrace';

export interface TraceBufferLimits {
  readonly traces: number;
  /** Spans and evaluations of all traces together. */
  readonly items: number;
  readonly itemsPerTrace: number;
  /** How long a trace waits after its last span or evaluation. */
  readonly holdMs: number;
}

export const defaultTraceBufferLimits: TraceBufferLimits = {
  traces: 20_000,
  items: 200_000,
  itemsPerTrace: 2_000,
  holdMs: 60_000,
};

/**
 * Joins evaluations to the entry spans they happened under. Spans and evaluations arrive in any order and in different
 * requests, the entry span last: a trace is held for a minute after its newest part. What the rollups say is the
 * same whatever the order, as long as all parts come within that time and within the limits.
 *
 * An entry span is one of kind SERVER or CONSUMER, or one without a parent in its own service (a root, or a parent that
 * is known to run elsewhere). An evaluation belongs to the nearest entry span at or above the span it was recorded on.
 */
export class TraceBuffer {
  readonly #rollups: Rollups;
  readonly #limits: TraceBufferLimits;
  readonly #traces = new Map<string, HeldTrace>();
  readonly #touched: HeldTrace[] = [];
  #items = 0;
  #last: { readonly id: string; readonly trace: HeldTrace } | undefined;

  constructor(rollups: Rollups, limits: TraceBufferLimits = defaultTraceBufferLimits) {
    this.#rollups = rollups;
    this.#limits = limits;
  }

  get size(): number {
    return this.#traces.size;
  }

  get items(): number {
    return this.#items;
  }

  /** `now` is monotonic milliseconds, here and below. */
  addSpan(span: SpanRecord, service: ServiceEntry, now: number): void {
    const trace = this.#trace(span.traceId, now);
    // An exporter that got no answer sends again.
    if (trace.node(span.spanId)) return;
    const node: Node = { spanId: span.spanId, parentId: span.parentId, service, call: undefined, undecided: undefined };
    const kind = this.#entryKind(trace, span, service);
    if (kind === 'undecided') node.undecided = span;
    else if (kind !== 'inner' && !span.isEvaluation) node.call = this.#rollups.count(service, kind, span);
    if (trace.items >= this.#limits.itemsPerTrace) return;
    trace.addNode(node);
    this.#counted(trace);
    if (node.undecided) trace.wait(node);
    this.#decideChildren(trace, span.spanId, service);
  }

  addEvaluation(record: EvaluationRecord, service: ServiceEntry, now: number): void {
    const arm = this.#rollups.arms.variant(record.flag, record.variant);
    if (!arm) return;
    const cell = this.#rollups.evaluation(service, arm, record.at);
    cell?.evaluated();
    if (record.spanId === '' || record.traceId === '') {
      cell?.leftOut();
      return;
    }
    const trace = this.#trace(record.traceId, now);
    const choice = trace.choice(service, record.flag);
    // A variant without a name cannot be told from another: it joins, and has no arm.
    if (record.variant !== '' && choice.arm !== arm)
      choice.arm = choice.arm === undefined ? arm : this.#rollups.arms.mixed(record.flag);
    const same = trace.heldOf(record.spanId, choice);
    if (same) {
      if (cell && same.entry) cell.joined();
      else if (cell) same.cells.push(cell);
      return;
    }
    if (trace.items >= this.#limits.itemsPerTrace) {
      cell?.leftOut();
      return;
    }
    const cells = cell ? [cell] : [];
    trace.hold({ spanId: record.spanId, choice, entry: undefined, labelled: undefined, cells });
    this.#counted(trace);
  }

  /** Labels what the parts added since the last call decided. */
  settle(): void {
    for (const trace of this.#touched) {
      trace.isTouched = false;
      for (const held of trace.held) this.#settleOne(trace, held);
    }
    this.#touched.length = 0;
    if (this.#isOver()) this.#drop(() => !this.#isOver());
  }

  /** Lets go of traces that nothing was added to for the holding time; their open evaluations stay unjoined. */
  expire(now: number): void {
    this.#drop((trace) => now - trace.lastTouched < this.#limits.holdMs);
  }

  #isOver(): boolean {
    return this.#traces.size > this.#limits.traces || this.#items > this.#limits.items;
  }

  #settleOne(trace: HeldTrace, held: Held): void {
    if (!held.entry) {
      held.entry = trace.entryOf(held.spanId);
      if (!held.entry) return;
      for (const cell of held.cells) cell.joined();
      held.cells.length = 0;
    }
    const { flag, arm } = held.choice;
    if (arm === undefined || arm === held.labelled || !held.entry.call) return;
    held.labelled = arm;
    this.#rollups.relabel(held.entry.call, flag, arm);
  }

  #entryKind(trace: HeldTrace, span: SpanRecord, service: ServiceEntry): EntryKind | 'inner' | 'undecided' {
    if (span.kind === 'server' || span.kind === 'consumer') return span.kind;
    if (span.parentId === '' || span.parentRemote === true) return 'root';
    if (span.parentRemote === false) return 'inner';
    const parent = trace.node(span.parentId);
    if (!parent) return 'undecided';
    return parent.service === service ? 'inner' : 'root';
  }

  /** Children that came before this span, of senders that do not say where the parent ran. */
  #decideChildren(trace: HeldTrace, parentId: string, service: ServiceEntry): void {
    for (const node of trace.takeWaiting(parentId) ?? []) {
      if (node.undecided && node.service !== service && !node.undecided.isEvaluation)
        node.call = this.#rollups.count(node.service, 'root', node.undecided);
      node.undecided = undefined;
    }
  }

  #trace(id: string, now: number): HeldTrace {
    if (this.#last?.id === id) return this.#touch(this.#last.trace, now);
    let trace = this.#traces.get(id);
    if (!trace) {
      trace = new HeldTrace(now);
      this.#traces.set(id, trace);
    } else if (now - trace.lastTouched > 1000) {
      // The map is in order of the last touch, to the second.
      this.#traces.delete(id);
      this.#traces.set(id, trace);
    }
    this.#last = { id, trace };
    return this.#touch(trace, now);
  }

  #touch(trace: HeldTrace, now: number): HeldTrace {
    trace.lastTouched = now;
    if (!trace.isTouched) {
      trace.isTouched = true;
      this.#touched.push(trace);
    }
    return trace;
  }

  #counted(trace: HeldTrace): void {
    trace.items++;
    this.#items++;
  }

  /** Drops traces, the longest untouched first, until one is to stay. */
  #drop(stays: (trace: HeldTrace) => boolean): void {
    for (const [id, trace] of this.#traces) {
      if (stays(trace)) return;
      this.#traces.delete(id);
      this.#items -= trace.items;
      if (this.#last?.id === id) this.#last = undefined;
      for (const held of trace.held) for (const cell of held.cells) cell.leftOut();
    }
  }
}
