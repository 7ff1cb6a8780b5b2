import { FileError, type Files } from '../../../src/platform/files';
import type { MemoryFiles } from '../../../src/platform/memory/files';

const forever = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * A process that is killed at its n-th step: from then on nothing it waits for ever comes back, and its locks are
 * free. A step is a write, a lock, or whatever calls `step`; `moment` says whether its effect still happens.
 */
export class KilledProcess {
  readonly killed: Promise<void>;
  steps = 0;
  dead = false;
  readonly #kill: () => void;

  constructor(
    readonly at: number,
    readonly moment: 'before' | 'after',
  ) {
    let kill = (): void => undefined;
    this.killed = new Promise((resolve) => (kill = resolve));
    this.#kill = kill;
  }

  async step<T>(effect: () => Promise<T> | T): Promise<T> {
    if (this.dead) return forever();
    const last = ++this.steps === this.at;
    if (last && this.moment === 'before') return this.#die();
    const result = await effect();
    return last ? this.#die() : result;
  }

  /** `locks` is shared by all processes over the same files. */
  files(files: MemoryFiles, locks: Map<string, KilledProcess>): Files {
    return {
      stat: (path) => this.#read(() => files.stat(path)),
      read: (path, maxBytes) => this.#read(() => files.read(path, maxBytes)),
      readWithStat: (path, maxBytes) => this.#read(() => files.readWithStat(path, maxBytes)),
      list: (path) => this.#read(() => files.list(path)),
      realpath: (path) => this.#read(() => files.realpath(path)),
      makeFolder: (path) => this.step(() => files.makeFolder(path)),
      writeAtomic: (path, data, mode) =>
        this.step(async () => {
          // What a kill between the temporary file and its rename leaves behind.
          if (this.steps === this.at && this.moment === 'before') files.set(`${path}.tmp`, data.slice(0, 10));
          await files.writeAtomic(path, data, mode);
        }),
      replaceIf: (path, expected, data) =>
        this.step(async () => {
          if (this.steps === this.at && this.moment === 'before') files.set(`${path}.tmp`, data.slice(0, 10));
          return files.replaceIf(path, expected, data);
        }),
      writeInPlace: (path, data) => this.step(() => files.writeInPlace(path, data)),
      append: (path, data, mode) => this.step(() => files.append(path, data, mode)),
      remove: (path) => this.step(() => files.remove(path)),
      rename: (from, to) => this.step(() => files.rename(from, to)),
      withLock: async (path, _waitMs, run) => {
        const holder = locks.get(path);
        if (holder && !holder.dead) throw new FileError('locked', path, `${path} is held`);
        await this.step(() => void locks.set(path, this));
        try {
          return await run();
        } finally {
          if (!this.dead) locks.delete(path);
        }
      },
      watch: (path, changed) => files.watch(path, () => !this.dead && changed()),
    };
  }

  #read<T>(effect: () => Promise<T>): Promise<T> {
    return this.dead ? forever() : effect();
  }

  #die<T>(): Promise<T> {
    this.dead = true;
    this.#kill();
    return forever();
  }
}
