import type { Problem } from '../../model/problem';
import type { Disposable } from '../../platform/disposable';
import { FileError } from '../../platform/files';
import type { SystemDeps } from '../deps';
import type { Turns } from '../turns';
import type { FlagFileFormat, FlagsOfFile } from './flagFileFormat';
import type { FlagSource } from './flagSource';
import { readFlagText } from './readFlagText';

/** Two writes within this time can leave the same modification time behind. */
const RACY_MS = 2_000;

/** One file that flags are read from, watched. */
export class FileSource<File extends FlagsOfFile> implements FlagSource<File> {
  readonly kind = 'file';
  readonly path: string;
  #file: File | null = null;
  #problem: Problem | null = null;
  #reached = false;
  #seen = '';
  readonly #format: FlagFileFormat<File>;
  readonly #deps: SystemDeps;
  readonly #watched: Disposable;

  constructor(path: string, format: FlagFileFormat<File>, deps: SystemDeps, changed: () => void) {
    this.path = path;
    this.#format = format;
    this.#deps = deps;
    this.#watched = deps.files.watch(path, changed);
  }

  get file(): File | null {
    return this.#file;
  }

  get reached(): boolean {
    return this.#reached;
  }

  get problems(): readonly Problem[] {
    return [...(this.#problem ? [this.#problem] : []), ...(this.#file?.problems ?? [])];
  }

  get version(): string {
    return `${this.#file?.hash ?? ''}:${this.#problem ? JSON.stringify(this.#problem) : ''}`;
  }

  /** Takes over a file that was just read (before a plan). */
  accept(file: File): void {
    this.#file = file;
    this.#problem = null;
    this.#reached = true;
  }

  dispose(): void {
    this.#watched.dispose();
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
        this.accept(await this.#format.parse(this.path, read, turns, signal));
      this.#seen = clock.now() - stat.modified > RACY_MS ? fingerprint : '';
    } catch (error) {
      if (signal.aborted) throw error;
      this.#reached = text !== null;
      this.#seen = '';
      this.#problem = this.#format.problemOf(this.path, error, text);
    }
  }
}
