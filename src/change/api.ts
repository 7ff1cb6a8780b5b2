import type { Flags } from '../flags/api';
import type { Intent, JournalEntry } from '../model/change';
import type { FlagState } from '../model/flag';
import type { EnvironmentRef, FlagRef } from '../model/identity';
import type { InstanceEvaluation } from '../model/signal';
import type { Disposable } from '../platform/disposable';

/**
 * What a surface may ask. It proposes only: there is no field for consent, unknown fields are dropped, and everything
 * is validated again, because commands can be called by anyone with anything.
 */
export interface ChangeRequest {
  readonly ref: FlagRef;
  readonly environment: EnvironmentRef;
  /** `undo` is taken too and goes the way of {@link ChangesApi.undo}. */
  readonly intent: Intent;
  /** The state the reader was shown; a plan is based on it. */
  readonly seen: FlagState;
  /** The surface: `sidebar`, `hover`, `palette`, `command line`. */
  readonly through: string;
  /** Facts of the flag for the question: `300 requests/min, errors 4.1%`. Display text, untrusted. */
  readonly facts?: readonly string[] | undefined;
  /** Where in code it was asked for: `github.com/acme/shop@1a2b3c4 src/checkout.ts:12`. Display text, untrusted. */
  readonly place?: string | undefined;
}

/** Texts of a conflict: what the change was based on, what it would have written (null = never planned), what is there. */
export interface ConflictSides {
  readonly base: string;
  readonly mine: string | null;
  readonly theirs: string;
}

/**
 * How a change ended, as far as its sending goes. `words` are for display. `settled` resolves with the entry once
 * verification came to its first conclusion (verified, laggards, unseen), and never rejects.
 */
export type ChangeOutcome =
  | {
      readonly kind: 'done';
      readonly entry: JournalEntry;
      readonly words: string;
      readonly settled: Promise<JournalEntry>;
    }
  | { readonly kind: 'requested'; readonly entry: JournalEntry; readonly words: string; readonly link: string }
  | {
      readonly kind: 'conflict';
      readonly entry: JournalEntry | null;
      readonly words: string;
      readonly sides: ConflictSides;
    }
  | { readonly kind: 'refused'; readonly entry: JournalEntry | null; readonly words: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'unknown'; readonly entry: JournalEntry; readonly words: string };

/** What a change that is under way says at its flag: `turning off…`, `off on 9 of 12`. */
export interface Progress {
  readonly changeId: string;
  readonly ref: FlagRef;
  readonly environment: EnvironmentRef;
  readonly words: string;
  readonly ended: boolean;
}

/** Newest first. `unreadable` files of the journal folder hide nothing; `more` = older entries were not read. */
export interface JournalListing {
  readonly entries: readonly JournalEntry[];
  readonly unreadable: readonly { readonly file: string; readonly words: string }[];
  readonly more: boolean;
}

/** Where flag systems are found; the flag store is one. undefined = no such project, or no such plan's, is connected here. */
export type FlagSystems = Pick<Flags, 'systemFor' | 'systemForPlan' | 'onDidChange'>;

/** Evaluations by service instance since a time (epoch ms). Rejects when nobody can be asked. */
export interface InstanceSource {
  instances(
    asked: { readonly flag: string; readonly environment: string; readonly since: number },
    signal: AbortSignal,
  ): Promise<readonly InstanceEvaluation[]>;
}

/** What {@link ChangesApi.onDidEnd} tells: a change came to something a person may have to decide on. */
export interface ChangeEnd {
  readonly entry: JournalEntry;
  readonly needs: 'nothing' | 'laggards' | 'writeInPlace' | 'unknown';
}

/**
 * Everything that writes. `change` and `undo` resolve when the change was sent and read back (or not); verification
 * goes on behind them and is told by `onDidChange`. They never reject for what can be said in an outcome.
 */
export interface ChangesApi extends Disposable {
  change(request: ChangeRequest, signal: AbortSignal): Promise<ChangeOutcome>;
  undo(changeId: string, through: string, signal: AbortSignal): Promise<ChangeOutcome>;
  /**
   * The reason of a change, given or mended by a person afterwards; the earlier one stays among the entry's steps. It is
   * the journal alone that is written. undefined when there is no such entry, or the reason says nothing; rejects with
   * FileError.
   */
  giveReason(changeId: string, reason: string): Promise<JournalEntry | undefined>;
  /**
   * Tells the truth about what an earlier run left open, and goes on verifying (unless `verify` is false). Call once at
   * start; what flag systems that connect later know is asked when they do. Resolves when that was found out.
   */
  resume(options?: { readonly verify: boolean }): Promise<void>;
  /** The journal as it is on disk now, at most `limit` (200) entries. */
  list(limit?: number): Promise<JournalListing>;
  /** The last listing, without waiting. */
  readonly listing: JournalListing;
  /** Whether {@link undo} would be exact, as far as is known now without asking; newest state on every `onDidChange`. */
  undoable(entry: JournalEntry): boolean;
  inFlight(ref: FlagRef, environment: EnvironmentRef): Progress | null;
  /** All of {@link inFlight}. */
  readonly inFlightAll: readonly Progress[];
  /** The journal or a progress changed, here or in another window. */
  onDidChange(listener: () => void): Disposable;
  /** Once a change at the end of its verification (not for those of other windows). */
  onDidEnd(listener: (end: ChangeEnd) => void): Disposable;
}
