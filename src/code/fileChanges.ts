import type { FileEntries } from './fileEntries';
import { languageOf } from './languages/table';
import { Pace } from './pace';
import type { RootFiles } from './rootFiles';
import type { Tools } from './tools';
import { WorkQueue } from './workQueue';
import type { WorkspaceState } from './workspaceState';

const lookedAtAtOnce = 8;

/** Takes in that files changed, appeared or went, thousands at once where a branch is switched. */
export class FileChanges {
  /** Told of and not looked at yet: what is stopped goes on with the next call. */
  readonly #waiting = new Set<string>();
  #touched = new Set<string>();

  constructor(
    private readonly entries: FileEntries,
    private readonly state: WorkspaceState,
    private readonly search: () => RootFiles,
    /** Source files of the root. */
    private readonly files: () => Set<string>,
    private readonly tools: Tools,
  ) {}

  /** All files are looked at anyhow. */
  forget(): void {
    this.#waiting.clear();
    this.#touched.clear();
  }

  /** Reads the files that changed; answers those whose facts may be others now. Rejects with the signal's reason. */
  async take(paths: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    for (const path of paths) if (languageOf(path)) this.#waiting.add(path);
    const pace = new Pace(this.tools);
    const looking = new WorkQueue<string>(lookedAtAtOnce, async (path) => {
      signal.throwIfAborted();
      await this.#look(path);
      this.#waiting.delete(path);
      await pace.step();
    });
    for (const path of this.#waiting) looking.add(path);
    await looking.rest();
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  async #look(path: string): Promise<void> {
    const { entries, state } = this;
    const search = this.search();
    if (!(await search.isFile(path))) {
      this.files().delete(path);
      if (!entries.has(path) || entries.open.has(path)) return;
      this.#touch(state.dependentsOf(path));
      entries.drop(path);
      this.#touch([path]);
      return;
    }
    if (!this.files().has(path)) {
      this.files().add(path);
      state.filesChanged();
    }
    if (entries.has(path) || (await search.isCandidate(path, state.wrappers.names(), state.classes.sought))) {
      await entries.load([path], undefined);
      this.#touch([path]);
    }
    this.#touch(state.dependentsOf(path));
  }

  #touch(paths: readonly string[]): void {
    for (const path of paths) this.#touched.add(path);
  }
}
