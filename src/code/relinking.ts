import type { FileEntries } from './fileEntries';
import { Pace } from './pace';
import { sameReferences } from './sameReferences';
import type { Settling } from './settling';
import { Stale } from './stale';
import type { Tools } from './tools';

/** Typing is answered first; what depends on it follows at once, and lets the next edit in this often. */
const afterMs = 1;
const sliceMs = 3;
/** What takes longer is not done for every letter: as much time as it took, up to this, is left to others after it. */
const longMs = 50;
const mostPauseMs = 500;

export interface RelinkingListener {
  /** Files whose facts are others now, sorted. */
  updated(paths: readonly string[]): void;
  /** Files that were waiting could not be linked. */
  failed(error: unknown): void;
}

/** Links files again whose facts may be others, and tells of those that are. */
export class Relinking {
  #waiting = new Stale();
  #isRunning = false;

  constructor(
    private readonly entries: FileEntries,
    private readonly settling: Settling,
    private readonly tools: Tools,
    private readonly listener: RelinkingListener,
  ) {}

  /** Others follow after the answer to an edit, so that typing does not wait for them. */
  soon(stale: Stale, edited: string): void {
    if (stale.size === 0 && !this.settling.hasNewNames()) return;
    this.#waiting.addAll(stale);
    this.#waiting.add(edited);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.tools.later(afterMs, () => void this.#run());
  }

  /** One after the other: what is edited meanwhile comes next. */
  async #run(): Promise<void> {
    const pace = new Pace(this.tools, sliceMs);
    while (this.#waiting.size > 0) {
      const all = this.#waiting;
      this.#waiting = new Stale();
      const began = this.tools.now();
      await this.relink(all, new Set(), pace).catch((error: unknown) => this.listener.failed(error));
      const took = this.tools.now() - began;
      if (took > longMs) await new Promise<void>((resolve) => this.tools.later(Math.min(took, mostPauseMs), resolve));
    }
    this.#isRunning = false;
  }

  /** Links them now; `always` are told of whether or not their references are others. */
  async relink(stale: Stale, always: ReadonlySet<string>, pace?: Pace): Promise<void> {
    const before = await this.settling.settle(stale, undefined, pace);
    const told = [...before].flatMap(([path, old]) => {
      const now = this.entries.get(path)?.linked;
      const isOther = now !== old && (always.has(path) || !sameReferences(old?.references, now?.references));
      return isOther ? [path] : [];
    });
    for (const path of stale.paths()) if (!before.has(path) && !this.entries.has(path)) told.push(path);
    if (told.length > 0) this.listener.updated(told.sort());
  }
}
