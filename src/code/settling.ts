import { mostLinkMs } from './bounds';
import { Deadline } from './extract/deadline';
import type { Entry, FileEntries } from './fileEntries';
import { linkFile, type Before, type Linked } from './linkFile';
import { Pace } from './pace';
import type { RootFiles } from './rootFiles';
import { Stale } from './stale';
import type { Tools } from './tools';
import type { WorkspaceState } from './workspaceState';

/** Rounds of "what was read asks for more files": each follows imports and wrappers one step further. */
const mostRounds = 12;
/** What linking so many files asked for is read before the others are linked: most ask for the same. */
const readWantedEvery = 32;
/** Wrappers of wrappers of one file that an edit of it waits for. */
const mostOwnRounds = 3;

/** Brings facts of files in line with what the other files say. */
export class Settling {
  /** Names whose callers have been searched for. */
  #searchedNames = new Set<string>();

  constructor(
    private readonly entries: FileEntries,
    private readonly state: WorkspaceState,
    private readonly search: () => RootFiles,
    private readonly tools: Tools,
  ) {}

  /** The files of the root may be others: callers are to be searched for anew. */
  forget(): void {
    this.#searchedNames = new Set();
  }

  /** Functions of the project ask for flags whose callers have not been searched for. */
  hasNewNames(): boolean {
    return this.state.wrappers.names().some((name) => !this.#searchedNames.has(name));
  }

  /**
   * Links one file; answers the files whose facts depend on something that moved by it. `changed`: since it was linked
   * before, only these files say anything else.
   */
  link(path: string, entry: Entry, changed?: ReadonlySet<string>): readonly string[] {
    return this.#link(path, entry, changed && entry.linked ? { linked: entry.linked, changed } : undefined);
  }

  #link(path: string, entry: Entry, before: Before | undefined): readonly string[] {
    const deadline = new Deadline(() => this.tools.now(), mostLinkMs);
    // What was not found in time is looked for again.
    const known = before?.linked.isLate === false ? before : undefined;
    const linked = linkFile(entry.view, this.state.workspaceFor(path), { before: known, deadline });
    entry.linked = linked;
    // What a document that is shown needs is asked for now, so that missing files are read with the others.
    if (this.entries.open.has(path)) linked.paths.list();
    return this.state.setLinked(path, linked);
  }

  /**
   * The same for a file whose text is another now: its wrappers are other functions than they were, and who calls them in
   * the file itself is linked again, once for each wrapper that calls one.
   */
  linkEdited(path: string, entry: Entry): Set<string> {
    const last = this.state.linkedLast(path);
    const affected = new Set(this.#link(path, entry, last && { linked: last, changed: new Set() }));
    for (let again = 0; affected.delete(path) && again < mostOwnRounds; again++)
      for (const other of this.link(path, entry)) affected.add(other);
    return affected;
  }

  /**
   * Links files, reading what they turn out to need and linking again what that changes, until nothing moves. Answers
   * what linking them gave before, by path.
   */
  async settle(
    paths: readonly string[] | Stale,
    signal: AbortSignal = new AbortController().signal,
    pace = new Pace(this.tools),
  ): Promise<ReadonlyMap<string, Linked | undefined>> {
    const { entries, state } = this;
    const before = new Map<string, Linked | undefined>();
    let dirty = paths instanceof Stale ? paths : new Stale(paths);
    for (let round = 0; round < mostRounds && dirty.size > 0; round++) {
      signal.throwIfAborted();
      const next = await this.#linkAll(dirty, before, pace, signal);
      const names = state.wrappers.names().filter((name) => !this.#searchedNames.has(name));
      for (const name of names) this.#searchedNames.add(name);
      const callers = names.length > 0 ? await this.search().callers(names, signal) : [];
      const classes = state.classes.takeWanted();
      const declaring = classes.length > 0 ? await this.search().declaring(classes, signal) : [];
      const fresh = [...new Set([...callers, ...declaring])].filter((path) => !entries.has(path));
      const notSought = names.length > 0 ? state.notSought(names, new Set(callers)) : [];
      await this.#readWanted(next, signal, fresh);
      await entries.load(notSought, signal, 'all sought');
      for (const path of fresh) next.add(path);
      for (const name of classes) for (const path of state.classes.askersOf(name)) next.add(path);
      for (const path of notSought) for (const other of [path, ...state.dependentsOf(path)]) next.add(other);
      dirty = next;
    }
    return before;
  }

  /** Links these files; answers those whose facts depend on something that moved by it. */
  async #linkAll(
    stale: Stale,
    before: Map<string, Linked | undefined>,
    pace: Pace,
    signal: AbortSignal,
  ): Promise<Stale> {
    const next = new Stale();
    let since = 0;
    for (const [path, changed] of stale.all()) {
      const entry = this.entries.get(path);
      if (!entry) continue;
      if (!before.has(path)) before.set(path, this.state.linkedLast(path));
      for (const affected of this.link(path, entry, changed)) next.add(affected);
      await pace.step();
      signal.throwIfAborted();
      if (++since % readWantedEvery === 0) await this.#readWanted(next, signal);
    }
    return next;
  }

  /** Reads what linking asked for, and these files with it; `next` is told of what has to be linked then. */
  async #readWanted(next: Stale, signal: AbortSignal, others: readonly string[] = []): Promise<void> {
    const { entries, state } = this;
    const wanted = state.takeWanted().filter((path) => !entries.has(path));
    const unread = state.takeWantedWhole();
    if (wanted.length + unread.length + others.length === 0) return;
    await entries.load([...wanted, ...others], signal);
    await entries.load(unread, signal, 'whole');
    for (const path of unread) for (const other of [path, ...state.dependentsOf(path)]) next.add(other);
    for (const path of [...wanted, ...unread]) {
      const waiting = state.waitingFor(path);
      // What could not be read changes nothing.
      if (entries.has(path)) for (const other of [path, ...waiting]) next.add(other);
    }
  }
}
