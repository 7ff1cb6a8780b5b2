import type { HeldTrace } from './heldTrace';

/**
 * Traces in the order in which something was last added to them. The links are in the traces: moving one to the end,
 * which every part that comes does, changes a few of them and allocates nothing.
 */
export class TraceQueue {
  #oldest: HeldTrace | undefined;
  #newest: HeldTrace | undefined;

  /** What waited longest. */
  get oldest(): HeldTrace | undefined {
    return this.#oldest;
  }

  /** Puts a trace behind all others, whether it was among them or not. */
  toEnd(trace: HeldTrace): void {
    if (trace === this.#newest) return;
    this.remove(trace);
    trace.older = this.#newest;
    if (this.#newest) this.#newest.newer = trace;
    else this.#oldest = trace;
    this.#newest = trace;
  }

  remove(trace: HeldTrace): void {
    const { older, newer } = trace;
    if (older) older.newer = newer;
    else if (this.#oldest === trace) this.#oldest = newer;
    if (newer) newer.older = older;
    else if (this.#newest === trace) this.#newest = older;
    // What is let go must not hold on to what came after it.
    trace.older = trace.newer = undefined;
  }
}
