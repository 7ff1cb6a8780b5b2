import type { Problem } from '../../model/problem';
import type { Turns } from '../turns';

/** One flag as it stands in a file: its own text, at its offset. */
export interface FlagOfFile {
  readonly text: string;
  readonly offset: number;
  readonly version: string;
}

/** A flag file as read: what every format has of it. */
export interface FlagsOfFile {
  /** Absolute path of a file, or the address of a server. */
  readonly path: string;
  /** sha256 of the bytes it arrived in. */
  readonly hash: string;
  readonly text: string;
  /** By key; the definition that counts. */
  readonly definitions: ReadonlyMap<string, FlagOfFile>;
  readonly problems: readonly Problem[];
  /** For which whoever reads the file takes none of its flags, so that what it says is not what is served. */
  readonly refusal: Problem | null;
  /** Fingerprint of what flags name and what stands beside them, such as a segment. Absent where flags stand alone. */
  beside?(name: string): string;
}

/** How flags stand in a file of one flag system. */
export interface FlagFileFormat<File extends FlagsOfFile = FlagsOfFile> {
  /**
   * Only the definitions of `only` where that is given. Rejects with TextSyntaxError when the text is malformed; one bad
   * flag does not.
   */
  parse(
    path: string,
    read: { readonly text: string; readonly hash: string },
    turns: Turns,
    signal: AbortSignal,
    only?: string,
  ): Promise<File>;
  /** The version of a flag of the file as it would be with another text. Throws TextSyntaxError. */
  versionWith(file: FlagsOfFile, key: string, text: string): string;
  /** The file's text with one more flag, as written. */
  insert(file: FlagsOfFile, key: string, written: string): string;
  /** The file's text without a flag. */
  remove(file: FlagsOfFile, key: string): string;
  /** Why a file could not be read, at its place; `text` null where not even its text could. */
  problemOf(path: string, error: unknown, text: string | null): Problem;
}
