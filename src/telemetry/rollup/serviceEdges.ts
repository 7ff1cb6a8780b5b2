import { minuteMs } from './limits';
import type { OperationEntry, ServiceEntry } from './tables';

export type EdgeKind = 'call' | 'messaging';

const minutesAnHour = 60;
/** Services a key has room for; keys stay exact integers. */
const keyBase = 2 ** 20;

/** What one operation got from one service within one hour, by the minute. */
export class EdgeHour {
  readonly counts = new Uint32Array(minutesAnHour);
  /** Minutes of the hour that changed since they were last written. */
  readonly dirty = new Set<number>();

  constructor(
    /** The same for the same edge of every hour, and for no other. */
    readonly key: number,
    readonly hour: number,
    /** Undefined: callers that are not traced. */
    readonly client: ServiceEntry | undefined,
    readonly operation: OperationEntry,
    readonly kind: EdgeKind,
  ) {}
}

/** Of an edge within an hour or a part of it: the calls, and the epoch minutes of the first and the last of them. */
export interface EdgeCalls {
  readonly edge: EdgeHour;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Who called what, by minute: the calls whose caller is another service, and those whose caller is not traced. At most
 * `edgesPerHour` of them in one hour; what is beyond is left out, and said to be.
 */
export class ServiceEdges {
  readonly #edgesPerHour: number;
  readonly #hours = new Map<number, Map<number, EdgeHour>>();
  readonly #dirty = new Set<EdgeHour>();
  #isPartial = false;

  constructor(edgesPerHour: number) {
    this.#edgesPerHour = edgesPerHour;
  }

  /** Something was left out since the start. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  /** `minute`: epoch minutes. */
  add(client: ServiceEntry | undefined, operation: OperationEntry, kind: EdgeKind, minute: number): void {
    const edge = this.#edge(client, operation, kind, minute);
    if (!edge) return;
    const at = minute % minutesAnHour;
    edge.counts[at] = (edge.counts[at] ?? 0) + 1;
    edge.dirty.add(at);
    this.#dirty.add(edge);
  }

  /** Puts a count read from disk in place, replacing what an earlier line said. */
  restore(
    client: ServiceEntry | undefined,
    operation: OperationEntry,
    kind: EdgeKind,
    minute: number,
    count: number,
  ): void {
    const edge = this.#edge(client, operation, kind, minute);
    if (edge) edge.counts[minute % minutesAnHour] = count;
  }

  /** A call whose caller will not be known, as its trace did not fit. */
  leftOut(): void {
    this.#isPartial = true;
  }

  /**
   * Calls by edge and hour, those without any left out; `from` and `to` are epoch milliseconds, and a minute counts when
   * any of it lies within.
   */
  *within(from: number, to: number): Iterable<EdgeCalls> {
    for (const [hour, edges] of this.#hours) {
      const start = hour * minutesAnHour;
      const low = Math.max(Math.floor(from / minuteMs) - start, 0);
      const high = Math.min(Math.ceil(to / minuteMs) - start, minutesAnHour);
      if (low >= high) continue;
      for (const edge of edges.values()) {
        let [count, first, last] = [0, 0, 0];
        for (let index = low; index < high; index++) {
          const calls = edge.counts[index] ?? 0;
          if (calls === 0) continue;
          if (count === 0) first = index;
          last = index;
          count += calls;
        }
        if (count > 0) yield { edge, count, first: start + first, last: start + last };
      }
    }
  }

  /** Hours that changed since they were last written. */
  dirtyHours(): ReadonlySet<number> {
    return new Set([...this.#dirty].map(({ hour }) => hour));
  }

  /** What changed in an hour, which then no longer counts as changed. */
  *takeDirty(hour: number): Iterable<{ readonly edge: EdgeHour; readonly minute: number; readonly count: number }> {
    for (const edge of this.#dirty) {
      if (edge.hour !== hour) continue;
      for (const index of edge.dirty)
        yield { edge, minute: hour * minutesAnHour + index, count: edge.counts[index] ?? 0 };
      edge.dirty.clear();
      this.#dirty.delete(edge);
    }
  }

  *ofHour(hour: number): Iterable<{ readonly edge: EdgeHour; readonly minute: number; readonly count: number }> {
    for (const edge of this.#hours.get(hour)?.values() ?? [])
      for (const [index, count] of edge.counts.entries())
        if (count > 0) yield { edge, minute: hour * minutesAnHour + index, count };
  }

  /** Lets go of hours that ended before an epoch minute. */
  forget(before: number): void {
    for (const [hour, edges] of this.#hours)
      if ((hour + 1) * minutesAnHour <= before) {
        this.#hours.delete(hour);
        for (const edge of edges.values()) this.#dirty.delete(edge);
      }
  }

  #edge(
    client: ServiceEntry | undefined,
    operation: OperationEntry,
    kind: EdgeKind,
    minute: number,
  ): EdgeHour | undefined {
    const hour = Math.floor(minute / minutesAnHour);
    let edges = this.#hours.get(hour);
    if (!edges) this.#hours.set(hour, (edges = new Map<number, EdgeHour>()));
    const key = (operation.index * keyBase + (client ? client.index + 1 : 0)) * 2 + (kind === 'call' ? 0 : 1);
    let edge = edges.get(key);
    if (!edge) {
      if (edges.size >= this.#edgesPerHour || !Number.isSafeInteger(key)) {
        this.#isPartial = true;
        return undefined;
      }
      edges.set(key, (edge = new EdgeHour(key, hour, client, operation, kind)));
    }
    return edge;
  }
}
