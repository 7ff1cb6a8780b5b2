import type { Disposable } from './disposable';

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
  /** Epoch milliseconds. */
  readonly modified: number;
  readonly mode: number;
}

/** Why a file could not be had: `code` is stable, `path` names it. */
export class FileError extends Error {
  override readonly name = 'FileError';
  /** Flag systems apart are bundles that have a class of their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'FileError';
  }
  constructor(
    readonly code: 'notFound' | 'notAFile' | 'tooLarge' | 'denied' | 'exists' | 'locked' | 'changed' | 'other',
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
  static is(error: unknown, ...codes: FileError['code'][]): error is FileError {
    return error instanceof FileError && (codes.length === 0 || codes.includes(error.code));
  }
}

/** Files of this machine by absolute path. Every method rejects with {@link FileError}. */
export interface Files {
  stat(path: string): Promise<FileStat | undefined>;
  /** Whole content; `tooLarge` past `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
  /** The same, with what is told of the very file that was read. */
  readWithStat(path: string, maxBytes: number): Promise<{ readonly data: Uint8Array; readonly stat: FileStat }>;
  list(path: string): Promise<readonly { readonly name: string; readonly kind: FileStat['kind'] }[]>;
  realpath(path: string): Promise<string>;
  /** With those above it. One that is there keeps no right beyond `mode`; rejects where that cannot be had. */
  makeFolder(path: string, mode: number): Promise<void>;
  /**
   * Temp file beside the target, fsync, rename; keeps an existing file's mode, else `mode`. `durable` false: without the
   * fsync, for what may be lost in a crash of the machine.
   */
  writeAtomic(path: string, data: Uint8Array, mode: number, durable?: boolean): Promise<void>;
  /**
   * Like writeAtomic on a file that is there, if its bytes are still `expected`. `changed`: they were not, nothing was
   * written. `overwrote`: another program wrote it after that look, and that write went under.
   */
  replaceIf(path: string, expected: Uint8Array, data: Uint8Array): Promise<'changed' | 'replaced' | 'overwrote'>;
  /** Truncates and writes the existing inode (bind mounts), fsync. */
  writeInPlace(path: string, data: Uint8Array): Promise<void>;
  append(path: string, data: Uint8Array, mode: number): Promise<void>;
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Holds an advisory lock (a `.lock` beside the path) while `run` runs; `locked` when it cannot be had in `waitMs`. */
  withLock<T>(path: string, waitMs: number, run: () => Promise<T>): Promise<T>;
  /** Fires (coalesced) when the file at `path` changed, appeared, went or was replaced. */
  watch(path: string, changed: () => void): Disposable;
}

/** Path arithmetic, so that rooms need not import node:path. */
export interface Paths {
  readonly separator: string;
  join(...parts: string[]): string;
  dirname(path: string): string;
  basename(path: string): string;
  relative(from: string, to: string): string;
  resolve(base: string, path: string): string;
  isInside(folder: string, path: string): boolean;
}
