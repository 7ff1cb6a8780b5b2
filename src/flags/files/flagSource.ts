import type { Problem } from '../../model/problem';
import type { Disposable } from '../../platform/disposable';
import type { RemoteError } from '../../platform/remotes';
import type { Turns } from '../turns';
import type { FlagsOfFile } from './flagFileFormat';

/**
 * One place that flags are read from. Keeps the last good state whatever becomes of the place: `file` is that state,
 * `problems` say what is wrong now, `reached` whether the place itself answers.
 */
export interface FlagSource<File extends FlagsOfFile = FlagsOfFile> extends Disposable {
  readonly kind: 'file' | 'http' | 'sync';
  /** Absolute path of a file; of a server its address as people write it, without a query. Definitions carry it. */
  readonly path: string;
  readonly file: File | null;
  readonly reached: boolean;
  /** Set when it is a server that was not asked: consent, trust or a token is missing. */
  readonly refusal?: RemoteError | null;
  /** A server that was asked and has said nothing yet, neither flags nor that there are none. */
  readonly waiting?: boolean;
  readonly problems: readonly Problem[];
  /** What is known of this source, as a text that changes when it does. */
  readonly version: string;
  /** Brings `file` up to date. Rejects only when `signal` aborts. */
  load(turns: Turns, signal: AbortSignal): Promise<void>;
  /** Nobody looks: what costs a server something is let go of until somebody does. */
  setPaused?(paused: boolean): void;
}
