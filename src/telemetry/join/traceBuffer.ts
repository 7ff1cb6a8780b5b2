import type { EvaluationRecord, SpanRecord } from '../otlp/record';
import type { CountedCall } from '../rollup/cell';
import type { EvaluationCell } from '../rollup/minute';
import type { Rollups } from '../rollup/rollups';
import type { ArmEntry, EntryKind, ServiceEntry } from '../rollup/tables';

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

interface Node {
  readonly spanId: string;
  readonly parentId: string;
  readonly service: ServiceEntry;
  /** Set exactly when this is an entry span. */
  call: CountedCall | undefined;
  /** Kept while the span may still turn out to be an entry: its parent has not come and may be another service's. */
  undecided: SpanRecord | undefined;
}

interface Held {
  readonly spanId: string;
  readonly service: ServiceEntry;
  readonly flag: string;
  entry: Node | undefined;
  /** Where the evaluations are counted, one for each record of the same. */
  readonly cells: EvaluationCell[];
}

interface Trace {
  lastTouched: number;
  items: number;
  readonly nodes: Node[];
  /** By span id, once a search through them all would be slower. */
  byId: Map<string, Node> | undefined;
  /** Spans whose parent has not come, by that parent's id. */
  waiting: Map<string, Node[]> | undefined;
  /** Evaluations, by span, service and flag. */
  held: Map<string, Held> | undefined;
  /** The arm of every flag by service and flag key. */
  arms: Map<string, ArmEntry> | undefined;
  isTouched: boolean;
}

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
  readonly #traces = new Map<string, Trace>();
  readonly #touched: Trace[] = [];
  #items = 0;
  #last: { readonly id: string; readonly trace: Trace } | undefined;

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
    if (nodeOf(trace, span.spanId)) return;
    const node: Node = { spanId: span.spanId, parentId: span.parentId, service, call: undefined, undecided: undefined };
    const kind = this.#entryKind(trace, span, service);
    if (kind === 'undecided') node.undecided = span;
    else if (kind !== 'inner' && !span.isEvaluation) node.call = this.#rollups.count(service, kind, span);
    if (trace.items >= this.#limits.itemsPerTrace) return;
    addNode(trace, node);
    this.#counted(trace);
    if (node.undecided) wait(trace, node);
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
    const key = `${service.index}\n${record.flag}`;
    const arms = (trace.arms ??= new Map<string, ArmEntry>());
    const known = arms.get(key);
    // A variant without a name cannot be told from another: it joins, and has no arm.
    if (record.variant !== '' && known !== arm)
      arms.set(key, known === undefined ? arm : this.#rollups.arms.mixed(record.flag));
    const heldKey = `${record.spanId}${key}`;
    const allHeld = (trace.held ??= new Map<string, Held>());
    const same = allHeld.get(heldKey);
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
    allHeld.set(heldKey, { spanId: record.spanId, service, flag: record.flag, entry: undefined, cells });
    this.#counted(trace);
  }

  /** Labels what the parts added since the last call decided. */
  settle(): void {
    for (const trace of this.#touched) {
      trace.isTouched = false;
      if (trace.held) for (const held of trace.held.values()) this.#settleOne(trace, held);
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

  #settleOne(trace: Trace, held: Held): void {
    if (!held.entry) {
      held.entry = climb(trace, held.spanId);
      if (!held.entry) return;
      for (const cell of held.cells) cell.joined();
      held.cells.length = 0;
    }
    const arm = trace.arms?.get(`${held.service.index}\n${held.flag}`);
    if (arm && held.entry.call) this.#rollups.relabel(held.entry.call, held.flag, arm);
  }

  #entryKind(trace: Trace, span: SpanRecord, service: ServiceEntry): EntryKind | 'inner' | 'undecided' {
    if (span.kind === 'server' || span.kind === 'consumer') return span.kind;
    if (span.parentId === '' || span.parentRemote === true) return 'root';
    if (span.parentRemote === false) return 'inner';
    const parent = nodeOf(trace, span.parentId);
    if (!parent) return 'undecided';
    return parent.service === service ? 'inner' : 'root';
  }

  /** Children that came before this span, of senders that do not say where the parent ran. */
  #decideChildren(trace: Trace, parentId: string, service: ServiceEntry): void {
    const children = trace.waiting?.get(parentId);
    if (!children) return;
    trace.waiting?.delete(parentId);
    for (const node of children) {
      if (node.undecided && node.service !== service && !node.undecided.isEvaluation)
        node.call = this.#rollups.count(node.service, 'root', node.undecided);
      node.undecided = undefined;
    }
  }

  #trace(id: string, now: number): Trace {
    if (this.#last?.id === id) return this.#touch(this.#last.trace, now);
    let trace = this.#traces.get(id);
    if (!trace) {
      trace = {
        lastTouched: now,
        items: 0,
        nodes: [],
        byId: undefined,
        waiting: undefined,
        held: undefined,
        arms: undefined,
        isTouched: false,
      };
      this.#traces.set(id, trace);
    } else if (now - trace.lastTouched > 1000) {
      // The map is in order of the last touch, to the second.
      this.#traces.delete(id);
      this.#traces.set(id, trace);
    }
    this.#last = { id, trace };
    return this.#touch(trace, now);
  }

  #touch(trace: Trace, now: number): Trace {
    trace.lastTouched = now;
    if (!trace.isTouched) {
      trace.isTouched = true;
      this.#touched.push(trace);
    }
    return trace;
  }

  #counted(trace: Trace): void {
    trace.items++;
    this.#items++;
  }

  /** Drops traces, the longest untouched first, until one is to stay. */
  #drop(stays: (trace: Trace) => boolean): void {
    for (const [id, trace] of this.#traces) {
      if (stays(trace)) return;
      this.#traces.delete(id);
      this.#items -= trace.items;
      if (this.#last?.id === id) this.#last = undefined;
      if (!trace.held) continue;
      for (const held of trace.held.values()) for (const cell of held.cells) cell.leftOut();
    }
  }
}

const searchedThrough = 12;

function nodeOf(trace: Trace, spanId: string): Node | undefined {
  if (trace.byId) return trace.byId.get(spanId);
  for (const node of trace.nodes) if (node.spanId === spanId) return node;
  return undefined;
}

function addNode(trace: Trace, node: Node): void {
  trace.nodes.push(node);
  if (trace.byId) trace.byId.set(node.spanId, node);
  else if (trace.nodes.length > searchedThrough)
    trace.byId = new Map(trace.nodes.map((each) => [each.spanId, each] as const));
}

function wait(trace: Trace, node: Node): void {
  trace.waiting ??= new Map();
  const siblings = trace.waiting.get(node.parentId);
  if (siblings) siblings.push(node);
  else trace.waiting.set(node.parentId, [node]);
}

/** The nearest entry span at or above a span, undefined while a part of the way is missing. */
function climb(trace: Trace, spanId: string): Node | undefined {
  let node = nodeOf(trace, spanId);
  // Parents that form a ring are possible on the wire.
  for (let steps = 0; node && steps < trace.nodes.length; steps++) {
    if (node.call) return node;
    const parent: Node | undefined = nodeOf(trace, node.parentId);
    if (parent?.service !== node.service) return undefined;
    node = parent;
  }
  return node?.call ? node : undefined;
}
