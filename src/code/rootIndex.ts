import type { FileFacts } from '../model/reference';
import type { IndexSummary } from './api';
import { FileChanges } from './fileChanges';
import { FileEntries } from './fileEntries';
import { IndexKeeper } from './indexKeeper';
import { grammarOf } from './languages/codeIn';
import { languageOf } from './languages/table';
import { WorkspaceResolver } from './languages/workspaceResolver';
import { toFacts, truncatedAs } from './linkFile';
import { OpenDocument } from './openDocument';
import { UnparsableError } from './parserLibrary';
import { referencesTo } from './referencesTo';
import { FileView } from './resolve/view';
import { whyNot } from './resolve/whyNot';
import { mostCandidates, RootFiles } from './rootFiles';
import { RootQuestions } from './rootQuestions';
import { isConfigPath } from './scan/search';
import { Relinking } from './relinking';
import { Settling } from './settling';
import { Stale } from './stale';
import type { RootRequest, Tools } from './tools';
import { WorkspaceState } from './workspaceState';

export interface RootListener {
  progress(done: number, total: number): void;
  updated(paths: readonly string[]): void;
}

/** Of files that were not read so many are named. */
const mostUnread = 20;
const mostNotes = 50;
/** Nobody reads numbers that change faster, and each is a message to another thread. */
const progressEveryMs = 100;
/** Changes come in bursts; an index just made is kept at once, since a window may close any moment. */
const persistAfterMs = 2_000;
const persistIndexAfterMs = 100;

/**
 * One workspace folder: its candidate files as summaries, linked into facts. Everything is asked in order (the worker
 * has one thread), and every answer is of one state: files change only between awaited steps.
 */
export class RootIndex {
  readonly #state = new WorkspaceState();
  readonly #entries: FileEntries;
  readonly #settling: Settling;
  readonly #relinking: Relinking;
  readonly #changes: FileChanges;
  readonly #keeper: IndexKeeper;
  /** What is asked of the index at a place of a document. */
  readonly questions: RootQuestions;
  #search: RootFiles;
  #files = new Set<string>();
  #notes: string[] = [];
  #indexing: AbortController | undefined;
  /** Settles when the index that is being made is; never rejects. */
  #indexed: Promise<unknown> = Promise.resolve();

  constructor(
    request: RootRequest,
    private readonly tools: Tools,
    private readonly listener: RootListener,
  ) {
    const search = (): RootFiles => this.#search;
    const unread = (path: string, error: unknown): void => this.#note(`${path} could not be read: ${words(error)}`);
    this.#search = this.#searchOf(request);
    this.#entries = new FileEntries(this.#state, (path) => this.#search.absolute(path), tools, unread);
    this.#settling = new Settling(this.#entries, this.#state, search, tools);
    this.#relinking = new Relinking(this.#entries, this.#settling, tools, {
      updated: (paths) => this.listener.updated(paths),
      failed: (error) => this.#note(words(error)),
    });
    this.#changes = new FileChanges(this.#entries, this.#state, search, () => this.#files, tools);
    this.questions = new RootQuestions(
      this.#entries,
      this.#state,
      () => tools.now(),
      (path, text, version) => this.edit(path, text, version),
    );
    this.#keeper = new IndexKeeper(request.root, this.#entries, tools, (note) => this.#note(note));
  }

  /** Brings the whole root up to date. Rejects with the signal's reason when another one starts. */
  async index(request: RootRequest, signal: AbortSignal): Promise<IndexSummary> {
    this.#indexing?.abort(new DOMException('Indexing was started again', 'AbortError'));
    const controller = new AbortController();
    this.#indexing = controller;
    const abort = (): void => controller.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const readers = this.tools.readers?.use();
    const summary = this.#index(request, controller.signal);
    this.#indexed = summary.catch(() => undefined);
    try {
      return await summary;
    } finally {
      signal.removeEventListener('abort', abort);
      readers?.dispose();
    }
  }

  async #index(request: RootRequest, signal: AbortSignal): Promise<IndexSummary> {
    const started = this.tools.now();
    const entries = this.#entries;
    this.#search = this.#searchOf(request);
    this.#notes = [];
    entries.parsed = 0;
    this.#settling.forget();
    this.#changes.forget();
    this.#state.classes.forget();
    this.#state.setKnownKeys(request.knownKeys);
    const kept = entries.size === 0 ? await this.#keeper.restore() : 0;
    // Nothing is known, so there is much to read: other threads are there by the time that files are found.
    if (entries.size === 0) {
      this.tools.readers?.start();
      void this.tools.grammars.warm();
    }
    const searched = await this.#readCandidates(signal);
    // What names no SDK may ask for a flag that is known.
    await entries.load(await this.#search.writing(signal), signal, 'whole');
    const read = this.tools.now();
    for (const path of entries.paths()) if (!this.#files.has(path) && !entries.open.has(path)) entries.drop(path);
    await this.#settling.settle(entries.paths(), signal);
    // Documents opened before now were answered without the rest of the root.
    if (entries.open.size > 0) this.listener.updated([...entries.open.keys()].sort());
    if (entries.parsed > 0) this.#keeper.keepSoon(persistIndexAfterMs);
    let references = 0;
    for (const [, { linked }] of entries.all()) references += linked?.references.length ?? 0;
    return {
      root: request.root,
      files: this.#files.size,
      candidates: entries.size,
      references,
      milliseconds: Math.round(this.tools.now() - started),
      parsed: entries.parsed,
      phases: {
        search: Math.round(searched - started),
        read: Math.round(read - searched),
        link: Math.round(this.tools.now() - read),
      },
      engine: entries.parsed === 0 && kept > 0 ? 'cache' : this.#search.engine,
      sdks: this.#state.sdkFiles(),
      notes: this.#notes,
      ...this.#unread(),
    };
  }

  #unread(): Pick<IndexSummary, 'unread'> {
    const all: { path: string; why: string }[] = [];
    for (const [path, { view, linked }] of this.#entries.all()) {
      const why = linked ? truncatedAs(view, linked) : view.summary.truncated;
      if (why !== null) all.push({ path, why });
    }
    if (all.length === 0) return {};
    all.sort((a, b) => (a.path < b.path ? -1 : 1));
    return { unread: { count: all.length, first: all.slice(0, mostUnread) } };
  }

  /**
   * Finds the files of the root and reads those that may evaluate flags, while others are still searched. Answers when
   * the search was done.
   */
  async #readCandidates(signal: AbortSignal): Promise<number> {
    const found = new Set<string>();
    let done = 0;
    let told = this.tools.now();
    const reading = this.#entries.reading(signal, 'any', () => {
      done++;
      if (this.tools.now() - told < progressEveryMs) return;
      told = this.tools.now();
      this.listener.progress(done, found.size);
    });
    // An engine that gave up half way has told of some already.
    const { files, matching } = await this.#search.survey(signal, (path) => {
      if (found.has(path) || found.size >= mostCandidates) return;
      found.add(path);
      reading.add(path);
    });
    const searched = this.tools.now();
    this.#files = new Set(files.filter((path) => languageOf(path)));
    const configs = await this.#search.texts(files.filter(isConfigPath));
    signal.throwIfAborted();
    this.#state.setResolver(new WorkspaceResolver(this.#files, configs));
    await reading.rest();
    this.listener.progress(done, matching.length);
    return searched;
  }

  #searchOf(request: RootRequest): RootFiles {
    return new RootFiles(request, this.tools, (note) => this.#note(note));
  }

  #note(note: string): void {
    if (this.#notes.length < mostNotes && !this.#notes.includes(note)) this.#notes.push(note);
  }

  /**
   * Takes in that files changed, appeared or went. Rejects with the signal's reason; what was not looked at by then is
   * with the next call.
   */
  async changed(paths: readonly string[], signal: AbortSignal = new AbortController().signal): Promise<void> {
    await this.#indexed;
    if (paths.some(isConfigPath)) await this.#reread(signal);
    await this.#relinking.relink(new Stale(await this.#changes.take(paths, signal)), new Set(paths));
    this.#keeper.keepSoon(persistAfterMs);
  }

  async #reread(signal: AbortSignal): Promise<void> {
    const listed = await this.#search.list(signal);
    this.#files = new Set(listed.filter((path) => languageOf(path)));
    this.#state.setResolver(new WorkspaceResolver(this.#files, await this.#search.texts(listed.filter(isConfigPath))));
  }

  async edit(path: string, text: string, version: string): Promise<FileFacts> {
    const language = languageOf(path);
    if (!language) return emptyFacts(path, version, 'not a language the finder reads');
    const { open: documents } = this.#entries;
    let open = documents.get(path);
    if (open?.canBecome(text) === false) {
      documents.delete(path);
      open.dispose();
      open = undefined;
    }
    if (open) open.edit(text, version);
    else {
      try {
        open = await this.tools.grammars.parsing(language, grammarOf(language, text), (parser) => {
          const opened = documents.get(path) ?? new OpenDocument(path, language, parser, text, version);
          documents.set(path, opened);
          return opened;
        });
      } catch (error) {
        if (error instanceof UnparsableError) return emptyFacts(path, version, error.message);
        throw error;
      }
      if (open.version !== version) open.edit(text, version);
    }
    const entry = this.#entries.see(path, this.#entries.get(path)?.source, new FileView(open.summary));
    const affected = new Stale(this.#settling.linkEdited(path, entry));
    if (this.#state.hasWanted()) await this.#settling.settle([path]);
    affected.addAll(this.#state.staleBy(path));
    affected.delete(path);
    this.#relinking.soon(affected, path);
    const current = this.#entries.get(path);
    return current?.linked ? toFacts(current.view, current.linked, version) : emptyFacts(path, version, null);
  }

  async close(path: string): Promise<void> {
    const open = this.#entries.open.get(path);
    if (!open) return;
    this.#entries.open.delete(path);
    open.dispose();
    const source = this.#entries.get(path)?.source;
    // Forget the unsaved text: what is on disk counts, unless it is what was read before.
    if (source) this.#entries.see(path, source, new FileView(source.summary));
    await this.changed([path]);
    if (!this.#files.has(path)) this.#entries.drop(path);
  }

  async facts(path: string): Promise<FileFacts | null> {
    let entry = this.#entries.get(path);
    if ((!entry || entry.view.isSkimmed) && languageOf(path)) {
      await this.#entries.load([path], undefined, 'whole');
      await this.#settling.settle([path, ...this.#state.dependentsOf(path)]);
      entry = this.#entries.get(path);
    }
    if (!entry) return null;
    if (!entry.linked) this.#settling.link(path, entry);
    entry.linked?.paths.list();
    if (this.#state.hasWanted()) await this.#settling.settle([path]);
    return entry.linked ? toFacts(entry.view, entry.linked, this.#entries.versionOf(path)) : null;
  }

  /** Why the calls of a line are no references. */
  async explain(path: string, line: number): Promise<readonly string[]> {
    await this.facts(path);
    const entry = this.#entries.get(path);
    return entry ? whyNot(entry.view, this.#state.workspaceFor(path), line) : [];
  }

  /** Files with references (of one key), by path, without code paths; at most `limit` references in all. */
  references(key: string | undefined, limit: number): FileFacts[] {
    const answer: FileFacts[] = [];
    let left = limit;
    for (const path of this.#entries.paths()) {
      const entry = this.#entries.get(path);
      if (!entry?.linked || left <= 0) continue;
      const { references: all } = entry.linked;
      const references = (key === undefined ? all : referencesTo(key, all)).slice(0, left);
      if (references.length === 0) continue;
      left -= references.length;
      const version = this.#entries.versionOf(path);
      const truncated = truncatedAs(entry.view, entry.linked);
      answer.push({ path, version, references, codePaths: [], truncated });
    }
    return answer;
  }

  /** Writes the index now. */
  persist(): Promise<void> {
    return this.#keeper.keep();
  }

  async dispose(): Promise<void> {
    this.#indexing?.abort(new DOMException('The root was forgotten', 'AbortError'));
    for (const open of this.#entries.open.values()) open.dispose();
    this.#entries.open.clear();
  }
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function emptyFacts(path: string, version: string, truncated: string | null): FileFacts {
  return { path, version, references: [], codePaths: [], truncated };
}
