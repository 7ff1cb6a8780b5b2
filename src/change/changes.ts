import type { JournalEntry } from '../model/change';
import type { EnvironmentRef, FlagRef } from '../model/identity';
import type { Clock } from '../platform/clock';
import { DisposableStack, disposable, type Disposable } from '../platform/disposable';
import { Emitter } from '../platform/emitter';
import type { Files, Paths } from '../platform/files';
import type { Hash } from '../platform/hash';
import type { L10n } from '../platform/l10n';
import type { Log } from '../platform/log';
import type {
  ChangeEnd,
  ChangeOutcome,
  ChangeRequest,
  ChangesApi,
  FlagSystems,
  InstanceSource,
  JournalListing,
  Progress,
} from './api';
import { carryOut } from './carryOut';
import type { ConsentPort } from './consentPort';
import { isOpen, placeOf, withReason, withUndoneBy } from './entry';
import { Journal } from './journal';
import { parseRequest, planChange, planUndo, type Planned } from './planning';
import { ProgressBoard } from './progressBoard';
import { pruneJournal } from './pruning';
import { sayOthers } from './progressOfOthers';
import { reasonSchema, undoRequestSchema } from './requestSchema';
import { resumeEntries } from './resumption';
import { messageOf } from './sending';
import { UndoableChanges } from './undoableChanges';
import { Verifications } from './verifications';

const listedAtOnce = 200;
/** An entry held by another process is looked at again this soon: its window takes over within 5 s of the other's end. */
const lookAgainMs = 5_000;
/** What became of a change is asked for again after this, then after twice as long, and so on. */
const chaseAfterMs = 5_000;
const slowestChaseMs = 5 * 60_000;
const settleDownMs = 100;
const pruneEveryMs = 24 * 60 * 60_000;

export interface ChangesOptions {
  /** The per-user folder; the journal is in it. */
  readonly home: string;
  readonly systems: FlagSystems;
  readonly consent: ConsentPort;
  /** undefined where no telemetry is connected: changes are then read back only, and said to be. */
  readonly source: InstanceSource | undefined;
  /** True where a file is replaced by rename and configuration could ask for writing in place. */
  readonly couldWriteInPlace: (environment: EnvironmentRef) => boolean;
  readonly files: Files;
  readonly paths: Paths;
  readonly hash: Hash;
  readonly clock: Clock;
  readonly l10n: L10n;
  readonly log: Log;
}

/** The only way to a write: plan, consent, journal, apply, read back, verify, undo. See {@link ChangesApi}. */
export class Changes implements ChangesApi {
  readonly #options: ChangesOptions;
  readonly #journal: Journal;
  readonly #board: ProgressBoard;
  readonly #verifications: Verifications;
  readonly #undoable: UndoableChanges;
  readonly #held = new DisposableStack();
  readonly #closing = new AbortController();
  readonly #changed: Emitter<void>;
  readonly #ended: Emitter<ChangeEnd>;
  #listing: JournalListing = { entries: [], unreadable: [], more: false };
  #resuming: { readonly verify: boolean } | undefined;
  #working = Promise.resolve();
  #soon: { readonly due: number; readonly timer: Disposable } | undefined;
  /** How often in a row something was left open. */
  #chases = 0;

  constructor(options: ChangesOptions) {
    const failed = (error: unknown): void => options.log.error('a listener of changes', error);
    this.#options = options;
    this.#changed = this.#held.add(new Emitter<void>(failed));
    this.#ended = this.#held.add(new Emitter<ChangeEnd>(failed));
    this.#journal = new Journal(options);
    this.#board = this.#held.add(new ProgressBoard(options.clock, () => this.#changed.fire()));
    this.#undoable = new UndoableChanges(options.systems);
    this.#verifications = this.#held.add(
      new Verifications({
        ...options,
        journal: this.#journal,
        board: this.#board,
        ended: (end) => this.#ended.fire(end),
      }),
    );
    this.#held.add(disposable(() => this.#closing.abort()));
  }

  async change(request: ChangeRequest, signal: AbortSignal): Promise<ChangeOutcome> {
    const parsed = parseRequest(this.#options.l10n, request);
    if ('kind' in parsed) return parsed;
    if (parsed.intent.kind === 'undo') return this.undo(parsed.intent.changeId, parsed.through, signal);
    return this.#carryOut(await planChange(parsed, this.#options, signal), signal);
  }

  async undo(changeId: string, through: string, signal: AbortSignal): Promise<ChangeOutcome> {
    const parsed = undoRequestSchema.safeParse({ changeId, through });
    const entry = parsed.success ? await this.#entry(parsed.data.changeId) : undefined;
    if (!entry) {
      return { kind: 'refused', entry: null, words: this.#options.l10n.t('There is no such change in the journal.') };
    }
    return this.#carryOut(await planUndo(entry, through, this.#options, signal), signal);
  }

  async giveReason(changeId: string, reason: string): Promise<JournalEntry | undefined> {
    const parsed = reasonSchema.safeParse({ changeId, reason });
    if (!parsed.success || !(await this.#journal.read(parsed.data.changeId))) return undefined;
    const { l10n, clock } = this.#options;
    const entry = await this.#journal.update(parsed.data.changeId, (fresh) =>
      withReason(fresh, parsed.data.reason, clock.now(), l10n),
    );
    this.#workSoon(0);
    return entry;
  }

  async resume(options: { readonly verify: boolean } = { verify: true }): Promise<void> {
    const first = this.#resuming === undefined;
    this.#resuming = options;
    await this.#journal.prepare();
    if (first) {
      this.#held.add(this.#journal.watch(() => this.#workSoon(settleDownMs)));
      // Systems connect after a window opened, and what can be undone moves with the flags.
      this.#held.add(this.#options.systems.onDidChange(() => this.#workSoon(settleDownMs)));
      this.#held.add(this.#options.clock.every(pruneEveryMs, () => this.#prune()));
    }
    await this.#work();
    if (first) this.#prune();
  }

  async list(limit = listedAtOnce): Promise<JournalListing> {
    const listing = await this.#journal.list(limit);
    return { ...listing, entries: withUndoneBy(listing.entries) };
  }

  get listing(): JournalListing {
    return this.#listing;
  }

  undoable(entry: JournalEntry): boolean {
    return this.#undoable.has(entry.id);
  }

  inFlight(ref: FlagRef, environment: EnvironmentRef): Progress | null {
    const place = placeOf(ref, environment);
    return this.inFlightAll.find((progress) => placeOf(progress.ref, progress.environment) === place) ?? null;
  }

  get inFlightAll(): readonly Progress[] {
    return this.#board.all();
  }

  onDidChange(listener: () => void): Disposable {
    return this.#changed.event(listener);
  }

  onDidEnd(listener: (end: ChangeEnd) => void): Disposable {
    return this.#ended.event(listener);
  }

  dispose(): void {
    this.#soon?.timer.dispose();
    this.#held.dispose();
  }

  /** After {@link dispose}: resolves when what was being written then is on disk. A process may also just end. */
  async closed(): Promise<void> {
    await Promise.all([this.#verifications.closed(), this.#working]);
    await this.#journal.closed();
  }

  async #carryOut(planned: Planned, signal: AbortSignal): Promise<ChangeOutcome> {
    if (planned.kind === 'outcome') return planned.outcome;
    const ports = {
      ...this.#options,
      journal: this.#journal,
      board: this.#board,
      verifications: this.#verifications,
      closing: this.#closing.signal,
    };
    try {
      return await carryOut(planned.change, ports, signal);
    } catch (error) {
      // Before anything was sent: asking itself went wrong.
      this.#options.log.error('asking for consent', error);
      return { kind: 'refused', entry: null, words: messageOf(error) };
    } finally {
      this.#workSoon(0);
    }
  }

  async #entry(id: string): Promise<JournalEntry | undefined> {
    const { entries } = await this.list();
    return entries.find((entry) => entry.id === id) ?? (await this.#journal.read(id));
  }

  /** Within `ms`; what is due sooner stays so. `chases`: what is open is asked for once more then. */
  #workSoon(ms: number, chases = false): void {
    const { clock } = this.#options;
    const due = clock.monotonic() + ms;
    if (this.#closing.signal.aborted || (this.#soon && this.#soon.due <= due)) return;
    this.#soon?.timer.dispose();
    const timer = clock.after(ms, () => {
      this.#soon = undefined;
      if (chases) this.#chases += 1;
      void this.#work();
    });
    this.#soon = { due, timer };
  }

  /** An answer may come, and a server may be asked again, without anything else happening here. */
  #chase(): void {
    const { systems } = this.#options;
    const isLeft = ({ id, plan }: JournalEntry): boolean =>
      !this.#journal.isHolding(id) && systems.systemForPlan(plan) !== undefined;
    if (!this.#listing.entries.some((entry) => isOpen(entry) && isLeft(entry))) {
      this.#chases = 0;
      return;
    }
    this.#workSoon(Math.min(slowestChaseMs, chaseAfterMs * 2 ** Math.min(this.#chases, 10)), true);
  }

  /** Reads the journal, finds out what is open, and tells. One at a time; never rejects. */
  #work(): Promise<void> {
    this.#working = this.#working
      .then(() => this.#workOnce())
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#options.log.error('reading the journal', error);
      });
    return this.#working;
  }

  /** After what is being worked on; nobody waits for it. */
  #prune(): void {
    const { clock, log } = this.#options;
    this.#working = this.#working
      .then(() => pruneJournal(this.#journal, clock.now(), this.#closing.signal))
      .then((removed) => {
        if (removed > 0) log.info(`${removed} entries older than 90 days were removed from the journal`);
      })
      .catch((error: unknown) => log.error('pruning the journal', error));
  }

  async #workOnce(): Promise<void> {
    const closing = this.#closing.signal;
    const before = await this.list();
    const ports = {
      ...this.#options,
      journal: this.#journal,
      verifications: this.#verifications,
      ended: (end: ChangeEnd) => this.#ended.fire(end),
    };
    const held =
      this.#resuming !== undefined && (await resumeEntries(before.entries, ports, this.#resuming.verify, closing));
    this.#listing = await this.list();
    await this.#undoable.update(this.#listing.entries, closing);
    if (closing.aborted) return;
    sayOthers(this.#listing.entries, this.#board, this.#journal, this.#options);
    this.#changed.fire();
    if (held) this.#workSoon(lookAgainMs);
    if (this.#resuming !== undefined) this.#chase();
  }
}
