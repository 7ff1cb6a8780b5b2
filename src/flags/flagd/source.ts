import type { Problem } from '../../model/problem';
import { FileError } from '../../platform/files';
import type { SystemDeps } from '../deps';
import type { Turns } from '../turns';
import { parseFlagFile, readFlagText, readProblem, type FlagFile } from './flagFile';

/** Two writes within this time can leave the same modification time behind. */
const RACY_MS = 2_000;

/**
 * One file that flags are read from. Keeps the last good state whatever becomes of the file: `file` is that state,
 * `problem` says what is wrong now, `reached` whether the file itself could be read.
 */
export class FlagSource {
  readonly path: string;
  #file: FlagFile | null = null;
  #problem: Problem | null = null;
  #reached = false;
  #seen = '';
  readonly #deps: SystemDeps;

  constructor(path: string, deps: SystemDeps) {
    this.path = path;
    this.#deps = deps;
  }

  get file(): FlagFile | null {
    return this.#file;
  }

  get reached(): boolean {
    return this.#reached;
  }

  get problems(): readonly Problem[] {
    return [...(this.#problem ? [this.#problem] : []), ...(this.#file?.problems ?? [])];
  }

  /** What is known of this source, as a text that changes when it does. */
  get version(): string {
    return `${this.#file?.hash ?? ''}:${this.#problem ? JSON.stringify(this.#problem) : ''}`;
  }

  /** Takes over a file that was just read (before a plan). */
  accept(file: FlagFile): void {
    this.#file = file;
    this.#problem = null;
    this.#reached = true;
  }

  async load(turns: Turns, signal: AbortSignal): Promise<void> {
    const { files, clock } = this.#deps;
    let text: string | null = null;
    try {
      const stat = await files.stat(this.path);
      if (!stat) throw new FileError('notFound', this.path, `${this.path} does not exist`);
      const fingerprint = `${String(stat.modified)}:${String(stat.size)}`;
      if (fingerprint === this.#seen && this.#reached) return;
      const read = await readFlagText(this.path, this.#deps);
      text = read.text;
      this.#reached = true;
      if (read.hash !== this.#file?.hash || this.#problem)
        this.accept(await parseFlagFile(this.path, read, this.#deps, turns, signal));
      this.#seen = clock.now() - stat.modified > RACY_MS ? fingerprint : '';
    } catch (error) {
      if (signal.aborted) throw error;
      this.#reached = text !== null;
      this.#seen = '';
      this.#problem = readProblem(this.path, error, text, this.#deps);
    }
  }
}
