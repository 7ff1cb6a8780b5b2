import type { EvaluationRecord, SpanRecord } from '../otlp/record';
import type { Rollups } from '../rollup/rollups';
import type { EntryKind, ServiceEntry } from '../rollup/tables';
import { CallEdges } from './callEdges';
import { HeldTrace, type Held, type Node } from './heldTrace';
import { TraceQueue } from './traceQueue';

export interface TraceBufferLimits {
  readonly traces: number;
  /** Spans, links that are held and evaluations of all traces together. */
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
  readonly #queue = new TraceQueue();
  readonly #touched: HeldTrace[] = [];
  readonly #edges: CallEdges;
  #items = 0;
  #last: HeldTrace | undefined;

  constructor(rollups: Rollups, limits: TraceBufferLimits = defaultTraceBufferLimits) {
    this.#rollups = rollups;
    this.#limits = limits;
    this.#edges = new CallEdges(rollups.edges, ({ traceId, spanId }) => this.#traces.get(traceId)?.node(spanId));
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
    const kind = this.#entryKind(trace, span, service);
    const undecided = kind === 'undecided' ? span : undefined;
    const isEntry = kind !== 'undecided' && kind !== 'inner' && !span.isEvaluation;
    const call = isEntry ? this.#rollups.count(service, kind, span) : undefined;
    if (trace.items >= this.#limits.itemsPerTrace) {
      if (call) this.#rollups.edges.leftOut();
      return;
    }
    const { spanId, parentId, links } = span;
    const node = trace.addNode({ spanId, parentId, service, call, undecided, links });
    this.#counted(trace, 1 + (links?.length ?? 0));
    const parent = parentId === '' ? undefined : trace.node(parentId);
    if (undecided || (call && parentId !== '' && !parent)) trace.wait(node);
    else this.#decide(trace, node, parent, now);
    this.#edges.came(span.traceId, node);
    this.#decideChildren(trace, node, now);
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
      else if (cell && same.cells) same.cells.push(cell);
      else if (cell) same.cells = [cell];
      return;
    }
    if (trace.items >= this.#limits.itemsPerTrace) {
      cell?.leftOut();
      return;
    }
    trace.hold(record.spanId, choice, cell);
    this.#counted(trace, 1);
  }

  /** Labels what the parts added since the last call decided. */
  settle(): void {
    for (const trace of this.#touched) {
      trace.isTouched = false;
      for (let held = trace.held; held; held = held.before) this.#settleOne(trace, held);
    }
    this.#touched.length = 0;
    if (!this.#isOver()) return;
    this.#rollups.edges.leftOut();
    this.#drop(() => !this.#isOver(), null);
  }

  /** Lets go of traces that nothing was added to for the holding time; their open evaluations stay unjoined. */
  expire(now: number): void {
    this.#drop((trace) => now - trace.lastTouched < this.#limits.holdMs, now);
    this.#edges.expire(now - this.#limits.holdMs);
  }

  #isOver(): boolean {
    return this.#traces.size > this.#limits.traces || this.#items > this.#limits.items;
  }

  #settleOne(trace: HeldTrace, held: Held): void {
    if (!held.entry) {
      held.entry = trace.entryOf(held.spanId);
      if (!held.entry) return;
      for (const cell of held.cells ?? []) cell.joined();
      held.cells = undefined;
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

  /** Children that came before this span. */
  #decideChildren(trace: HeldTrace, parent: Node, now: number): void {
    for (const node of trace.takeWaiting(parent.spanId) ?? []) {
      if (node.undecided && node.service !== parent.service && !node.undecided.isEvaluation)
        node.call = this.#rollups.count(node.service, 'root', node.undecided);
      node.undecided = undefined;
      this.#decide(trace, node, parent, now);
    }
  }

  /** Makes the edges of a span, whose links then take no room any more. */
  #decide(trace: HeldTrace, node: Node, parent: Node | undefined, now: number): void {
    this.#edges.decide(node, parent, now);
    this.#counted(trace, -(node.links?.length ?? 0));
    node.links = undefined;
  }

  #trace(id: string, now: number): HeldTrace {
    if (this.#last?.id === id) return this.#touch(this.#last, now);
    let trace = this.#traces.get(id);
    if (!trace) {
      trace = new HeldTrace(id, now);
      this.#traces.set(id, trace);
    }
    this.#queue.toEnd(trace);
    this.#last = trace;
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

  #counted(trace: HeldTrace, items: number): void {
    trace.items += items;
    this.#items += items;
  }

  /** Drops traces, the longest untouched first, until one is to stay. `now`: their parents have had their time. */
  #drop(stays: (trace: HeldTrace) => boolean, now: number | null): void {
    for (let trace = this.#queue.oldest; trace && !stays(trace); trace = this.#queue.oldest) {
      this.#queue.remove(trace);
      this.#traces.delete(trace.id);
      this.#items -= trace.items;
      if (this.#last === trace) this.#last = undefined;
      if (now !== null) for (const node of trace.waiting()) if (node.call) this.#edges.decide(node, undefined, now);
      for (let held = trace.held; held; held = held.before) for (const cell of held.cells ?? []) cell.leftOut();
    }
  }
}
