import type { Files, Paths } from '../platform/files';
import type { Hash } from '../platform/hash';
import type { FileReaders } from './fileReaders';
import type { Grammars } from './grammars';
import type { Search } from './scan/search';

/** What the finder works with, whatever it runs on. */
export interface Tools {
  readonly files: Files;
  readonly paths: Paths;
  readonly hash: Hash;
  readonly grammars: Grammars;
  /** Threads that read beside this one; null where there are none to be had. */
  readonly readers: FileReaders | null;
  /** The engines in the order to try; the last one always answers. */
  readonly searches: readonly Search[];
  /** Folder of persisted indexes; null keeps them in memory. */
  readonly storage: string | null;
  /** Monotonic milliseconds. */
  now(): number;
  /** Lets requests that came meanwhile be answered before going on. */
  breathe(): Promise<void>;
  /** Runs once after so many milliseconds. */
  later(ms: number, run: () => void): void;
}

export interface RootRequest {
  readonly root: string;
  readonly knownKeys: readonly string[];
  readonly exclude: readonly string[];
}
