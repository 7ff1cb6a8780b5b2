import type { FileEntries } from './fileEntries';
import { Pace } from './pace';
import { PersistedIndex } from './persistedIndex';
import type { SourceFile } from './readSource';
import type { Tools } from './tools';

/** Keeps the index of a root between sessions. Where it cannot be kept, that costs only the next start. */
export class IndexKeeper {
  readonly #persisted: PersistedIndex | null;
  #isWaiting = false;
  /** The last time it was kept; never rejects. */
  #kept: Promise<void> = Promise.resolve();

  constructor(
    root: string,
    private readonly entries: FileEntries,
    private readonly tools: Tools,
    private readonly note: (words: string) => void,
  ) {
    const pace = new Pace(tools);
    this.#persisted = tools.storage === null ? null : new PersistedIndex(tools.storage, root, tools, () => pace.step());
  }

  /** Takes in what was kept; answers how many files that were. */
  async restore(): Promise<number> {
    const kept = await this.#persisted?.read();
    for (const [path, source] of kept ?? []) this.entries.put(path, source);
    return kept?.size ?? 0;
  }

  keepSoon(afterMs: number): void {
    if (!this.#persisted || this.#isWaiting) return;
    this.#isWaiting = true;
    this.tools.later(afterMs, () => void this.keep());
  }

  /** One after the other: what is written belongs together. */
  keep(): Promise<void> {
    this.#isWaiting = false;
    this.#kept = this.#kept.then(() => this.#keep());
    return this.#kept;
  }

  async #keep(): Promise<void> {
    const sources = new Map<string, SourceFile>();
    for (const [path, { source }] of this.entries.all()) if (source && source.hash !== '') sources.set(path, source);
    try {
      await this.#persisted?.write(sources);
    } catch (error) {
      this.note(`The index could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
