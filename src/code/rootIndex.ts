import type { FileFacts, Reference } from '../model/reference';
import type { Files, Paths } from '../platform/files';
import type { Hash } from '../platform/hash';
import type { IndexSummary } from './api';
import { languageOf } from './languages/table';
import { linkFile, toFacts, type Linked } from './linkFile';
import { OpenDocument } from './openDocument';
import type { Grammars } from './parse';
import { PersistedIndex } from './persistedIndex';
import { readSource, type SourceFile } from './readSource';
import { FileView } from './resolve/view';
import { ModuleResolver } from './resolve/moduleResolver';
import { decodeSource } from './scan/decode';
import { callersPattern, candidatePattern, mostBytes } from './scan/patterns';
import { isConfigPath, type Search } from './scan/search';
import { WorkspaceState } from './workspaceState';

export interface Tools {
  readonly files: Files;
  readonly paths: Paths;
  readonly hash: Hash;
  readonly grammars: Grammars;
  /** The engines in the order to try; the last one always answers. */
  readonly searches: readonly Search[];
  /** Folder of persisted indexes; null keeps them in memory. */
  readonly storage: string | null;
  /** Monotonic milliseconds. */
  now(): number;
  /** Runs once after so many milliseconds. */
  later(ms: number, run: () => void): void;
}

export interface RootRequest {
  readonly root: string;
  readonly knownKeys: readonly string[];
  readonly exclude: readonly string[];
}

export interface RootListener {
  progress(done: number, total: number): void;
  updated(paths: readonly string[]): void;
}

const mostCandidates = 20_000;
/** Rounds of "what was read asks for more files": each follows imports and wrappers one step further. */
const mostRounds = 12;
const readAtOnce = 8;
const mostNotes = 50;
/** Typing is answered first; what depends on it follows when it pauses this long. */
const relinkAfterMs = 50;
/** Changes come in bursts; an index just made is kept at once, since a window may close any moment. */
const persistAfterMs = 2_000;
const persistIndexAfterMs = 100;

interface Entry {
  /** What is on disk; undefined for a document that is not there. */
  source: SourceFile | undefined;
  view: FileView;
  linked: Linked | undefined;
}

/**
 * One workspace folder: its candidate files as summaries, linked into facts. Everything is asked in order (the worker
 * has one thread), and every answer is of one state: files change only between awaited steps.
 */
export class RootIndex {
  readonly #entries = new Map<string, Entry>();
  readonly #open = new Map<string, OpenDocument>();
  readonly #state = new WorkspaceState();
  readonly #persisted: PersistedIndex | null;
  #request: RootRequest;
  #files = new Set<string>();
  /** Names whose callers have been searched for. */
  #searchedNames = new Set<string>();
  #notes: string[] = [];
  #engine: IndexSummary['engine'] = 'javascript';
  #parsed = 0;
  #indexing: AbortController | undefined;
  #persistWaiting = false;
  #relinkWaiting = new Set<string>();

  constructor(
    request: RootRequest,
    private readonly tools: Tools,
    private readonly listener: RootListener,
  ) {
    this.#request = request;
    this.#persisted = tools.storage === null ? null : new PersistedIndex(tools.storage, request.root, tools);
  }

  /** Brings the whole root up to date. Rejects with the signal's reason when another one starts. */
  async index(request: RootRequest, signal: AbortSignal): Promise<IndexSummary> {
    this.#indexing?.abort(new DOMException('Indexing was started again', 'AbortError'));
    const controller = new AbortController();
    this.#indexing = controller;
    const abort = (): void => controller.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await this.#index(request, controller.signal);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async #index(request: RootRequest, signal: AbortSignal): Promise<IndexSummary> {
    const started = this.tools.now();
    this.#request = request;
    this.#notes = [];
    this.#parsed = 0;
    this.#searchedNames = new Set();
    this.#state.setKnownKeys(request.knownKeys);
    const cached =
      this.#entries.size === 0 && this.#persisted ? await this.#persisted.read() : new Map<string, SourceFile>();
    for (const [path, source] of cached) this.#put(path, source);
    const [listed, candidates] = await Promise.all([
      this.#search((search) => search.list(request.root, request.exclude, signal), signal),
      this.#search((search) => search.matching(request.root, candidatePattern, request.exclude, signal), signal),
    ]);
    this.#files = new Set(listed.filter((path) => languageOf(path)));
    const configs = await this.#readConfigs(listed.filter(isConfigPath));
    signal.throwIfAborted();
    this.#state.setResolver(new ModuleResolver(this.#files, configs));
    for (const path of [...this.#entries.keys()]) if (!this.#files.has(path) && !this.#open.has(path)) this.#drop(path);
    if (candidates.length > mostCandidates)
      this.#notes.push(`Only ${mostCandidates} of ${candidates.length} files that may evaluate flags were read.`);
    await this.#load(candidates.slice(0, mostCandidates), signal, true);
    await this.#settle([...this.#entries.keys()], signal);
    // Documents opened before now were answered without the rest of the root.
    if (this.#open.size > 0) this.listener.updated([...this.#open.keys()].sort());
    if (this.#parsed > 0) this.#persistSoon(persistIndexAfterMs);
    else if (cached.size > 0) this.#engine = 'cache';
    let references = 0;
    for (const { linked } of this.#entries.values()) references += linked?.references.length ?? 0;
    return {
      root: request.root,
      files: this.#files.size,
      candidates: this.#entries.size,
      references,
      milliseconds: Math.round(this.tools.now() - started),
      engine: this.#engine,
      sdks: this.#state.sdkFiles(),
      notes: this.#notes,
    };
  }

  /** Asks the engines in order until one answers. */
  async #search(ask: (search: Search) => Promise<readonly string[]>, signal: AbortSignal): Promise<readonly string[]> {
    let failure: unknown;
    for (const search of this.tools.searches) {
      try {
        const paths = await ask(search);
        this.#engine = search.engine;
        return paths;
      } catch (error) {
        signal.throwIfAborted();
        failure = error;
        const note = `${search.engine} could not search: ${error instanceof Error ? error.message : String(error)}`;
        if (!this.#notes.includes(note)) this.#notes.push(note);
      }
    }
    throw failure;
  }

  async #readConfigs(paths: readonly string[]): Promise<Map<string, string>> {
    const texts = new Map<string, string>();
    for (let at = 0; at < Math.min(paths.length, 4_000); at += 32) {
      await Promise.all(
        paths.slice(at, at + 32).map(async (path) => {
          const data = await this.tools.files.read(this.#absolute(path), mostBytes).catch(() => undefined);
          const text = data && decodeSource(data);
          if (text !== undefined) texts.set(path, text);
        }),
      );
    }
    return texts;
  }

  #absolute(path: string): string {
    return this.tools.paths.join(this.#request.root, ...path.split('/'));
  }

  #put(path: string, source: SourceFile): void {
    if (this.#entries.get(path)?.source !== source) this.#see(path, source, new FileView(source.summary));
  }

  #see(path: string, source: SourceFile | undefined, view: FileView): Entry {
    const entry: Entry = { source, view, linked: undefined };
    this.#entries.set(path, entry);
    this.#state.setView(path, view);
    return entry;
  }

  #drop(path: string): void {
    this.#entries.delete(path);
    this.#state.removeView(path);
  }

  /** Reads files into the index. Open documents are what they are, whatever the disk says. */
  async #load(paths: readonly string[], signal: AbortSignal | undefined, report = false): Promise<void> {
    for (let at = 0; at < paths.length; at += readAtOnce) {
      signal?.throwIfAborted();
      await Promise.all(
        paths.slice(at, at + readAtOnce).map(async (path) => {
          const known = this.#entries.get(path);
          const source = await readSource(this.#absolute(path), path, known?.source, this.tools).catch(
            (error: unknown) => this.#unread(path, error),
          );
          if (source !== known?.source) this.#parsed++;
          if (this.#open.has(path)) {
            const entry = this.#entries.get(path);
            if (entry) entry.source = source;
          } else if (source) this.#put(path, source);
          else if (known) this.#drop(path);
        }),
      );
      if (report) this.listener.progress(Math.min(at + readAtOnce, paths.length), paths.length);
    }
  }

  /** One bad file does not keep the others from being read. */
  #unread(path: string, error: unknown): undefined {
    const why = error instanceof Error ? error.message : String(error);
    if (this.#notes.length < mostNotes) this.#notes.push(`${path} could not be read: ${why}`);
    return undefined;
  }

  /** Links files, reading what they turn out to need and linking again what that changes, until nothing moves. */
  async #settle(paths: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    let dirty = new Set(paths);
    for (let round = 0; round < mostRounds && dirty.size > 0; round++) {
      signal?.throwIfAborted();
      const next = this.#link(dirty);
      const wanted = this.#state.takeWanted().filter((path) => !this.#entries.has(path));
      const names = this.#state.wrappers.names().filter((name) => !this.#searchedNames.has(name));
      for (const name of names) this.#searchedNames.add(name);
      const callers = names.length > 0 ? await this.#callers(names, signal ?? new AbortController().signal) : [];
      const fresh = callers.filter((path) => !this.#entries.has(path));
      await this.#load([...wanted, ...fresh], signal);
      for (const path of fresh) next.add(path);
      for (const path of wanted) {
        const waiting = this.#state.waitingFor(path);
        // What could not be read changes nothing.
        if (this.#entries.has(path)) for (const other of [path, ...waiting]) next.add(other);
      }
      dirty = next;
    }
  }

  async #callers(names: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const { root, exclude } = this.#request;
    const found = await this.#search((search) => search.matching(root, callersPattern(names), exclude, signal), signal);
    return found.slice(0, mostCandidates);
  }

  /** Links these files; answers those whose facts depend on something that moved by it. */
  #link(paths: ReadonlySet<string>): Set<string> {
    const next = new Set<string>();
    for (const path of paths) {
      const entry = this.#entries.get(path);
      if (!entry) continue;
      for (const affected of this.#linkOne(path, entry)) next.add(affected);
    }
    return next;
  }

  #linkOne(path: string, entry: Entry): readonly string[] {
    const linked = linkFile(entry.view, this.#state.workspaceFor(path));
    entry.linked = linked;
    return this.#state.setLinked(path, linked);
  }

  async changed(paths: readonly string[]): Promise<void> {
    const touched = new Set<string>();
    if (paths.some(isConfigPath)) await this.#reread();
    for (const path of paths) {
      if (!languageOf(path)) continue;
      const known = this.#entries.get(path);
      const stat = await this.tools.files.stat(this.#absolute(path)).catch(() => undefined);
      if (stat?.kind !== 'file') {
        this.#files.delete(path);
        if (known && !this.#open.has(path)) {
          for (const dependent of this.#state.dependentsOf(path)) touched.add(dependent);
          this.#drop(path);
          touched.add(path);
        }
      } else {
        if (!this.#files.has(path)) {
          this.#files.add(path);
          this.#state.filesChanged();
        }
        if (known || (await this.#isCandidate(path))) {
          await this.#load([path], undefined);
          touched.add(path);
        }
        for (const dependent of this.#state.dependentsOf(path)) touched.add(dependent);
      }
    }
    await this.#update(touched, new Set(paths));
    this.#persistSoon();
  }

  async #reread(): Promise<void> {
    const { root, exclude } = this.#request;
    const { signal } = new AbortController();
    const listed = await this.#search((search) => search.list(root, exclude, signal), signal);
    this.#files = new Set(listed.filter((path) => languageOf(path)));
    this.#state.setResolver(new ModuleResolver(this.#files, await this.#readConfigs(listed.filter(isConfigPath))));
  }

  async #isCandidate(path: string): Promise<boolean> {
    const data = await this.tools.files.read(this.#absolute(path), mostBytes).catch(() => undefined);
    const text = data && decodeSource(data);
    if (text === undefined) return false;
    const names = this.#state.wrappers.names();
    return (
      new RegExp(candidatePattern).test(text) || (names.length > 0 && new RegExp(callersPattern(names)).test(text))
    );
  }

  /** Links again, and tells of files whose facts are others now; `always` are told whether or not they are. */
  async #update(paths: ReadonlySet<string>, always: ReadonlySet<string>): Promise<void> {
    const before = new Map([...this.#entries].map(([path, entry]) => [path, entry.linked]));
    await this.#settle([...paths], undefined);
    const moved = [...this.#entries].filter(([path, entry]) => {
      const old = before.get(path);
      return entry.linked !== old && (always.has(path) || !sameReferences(old?.references, entry.linked?.references));
    });
    const gone = [...before.keys()].filter((path) => !this.#entries.has(path));
    const told = [...moved.map(([path]) => path), ...gone];
    if (told.length > 0) this.listener.updated(told.sort());
  }

  async edit(path: string, text: string, version: string): Promise<FileFacts> {
    const language = languageOf(path);
    if (!language) return emptyFacts(path, version, 'not a language the finder reads');
    let open = this.#open.get(path);
    if (open) open.edit(text, version);
    else {
      const parser = await this.tools.grammars.parser(language);
      open = this.#open.get(path) ?? new OpenDocument(path, parser, text, version);
      this.#open.set(path, open);
      if (open.version !== version) open.edit(text, version);
    }
    const before = this.#entries.get(path);
    const entry = this.#see(path, before?.source, new FileView(open.summary));
    const affected = new Set(this.#linkOne(path, entry));
    const wanted = this.#state.takeWanted().filter((other) => !this.#entries.has(other));
    if (wanted.length > 0) {
      await this.#load(wanted, undefined);
      await this.#settle([path, ...wanted], undefined);
    }
    for (const dependent of this.#state.dependentsOf(path)) affected.add(dependent);
    affected.delete(path);
    this.#relinkSoon(affected, path);
    const current = this.#entries.get(path);
    return current?.linked ? toFacts(current.view, current.linked, version) : emptyFacts(path, version, null);
  }

  /** Others follow after the answer, so that typing does not wait for them. */
  #relinkSoon(paths: ReadonlySet<string>, edited: string): void {
    const newNames = this.#state.wrappers.names().some((name) => !this.#searchedNames.has(name));
    if (paths.size === 0 && !newNames) return;
    const waiting = this.#relinkWaiting.size > 0;
    for (const path of paths) this.#relinkWaiting.add(path);
    this.#relinkWaiting.add(edited);
    if (waiting) return;
    this.tools.later(relinkAfterMs, () => {
      const all = this.#relinkWaiting;
      this.#relinkWaiting = new Set();
      void this.#update(all, new Set()).catch((error: unknown) => this.#notes.push(String(error)));
    });
  }

  async close(path: string): Promise<void> {
    const open = this.#open.get(path);
    if (!open) return;
    this.#open.delete(path);
    open.dispose();
    const entry = this.#entries.get(path);
    // Forget the unsaved text: what is on disk counts, unless it is what was read before.
    if (entry?.source) this.#see(path, entry.source, new FileView(entry.source.summary));
    await this.changed([path]);
    if (!this.#files.has(path)) this.#drop(path);
  }

  async facts(path: string): Promise<FileFacts | null> {
    const open = this.#open.get(path);
    let entry = this.#entries.get(path);
    if (!entry && languageOf(path)) {
      await this.#load([path], undefined);
      await this.#settle([path], undefined);
      entry = this.#entries.get(path);
    }
    if (!entry) return null;
    if (!entry.linked) this.#linkOne(path, entry);
    return entry.linked ? toFacts(entry.view, entry.linked, open?.version ?? entry.source?.hash ?? '') : null;
  }

  /** Files with references (of one key), by path; at most `limit` references in all. */
  references(key: string | undefined, limit: number): FileFacts[] {
    const answer: FileFacts[] = [];
    let left = limit;
    for (const path of [...this.#entries.keys()].sort()) {
      const entry = this.#entries.get(path);
      if (!entry?.linked || left <= 0) continue;
      const references = entry.linked.references
        .filter((reference) => key === undefined || reference.key === key)
        .slice(0, left);
      if (references.length === 0) continue;
      left -= references.length;
      const version = this.#open.get(path)?.version ?? entry.source?.hash ?? '';
      answer.push({ ...toFacts(entry.view, entry.linked, version), references });
    }
    return answer;
  }

  #persistSoon(afterMs = persistAfterMs): void {
    if (!this.#persisted || this.#persistWaiting) return;
    this.#persistWaiting = true;
    this.tools.later(afterMs, () => void this.persist());
  }

  /** Writes the index now. A folder that cannot be written is noted and costs only the next start. */
  async persist(): Promise<void> {
    this.#persistWaiting = false;
    const sources = new Map<string, SourceFile>();
    for (const [path, { source }] of this.#entries) if (source && source.hash !== '') sources.set(path, source);
    try {
      await this.#persisted?.write(sources);
    } catch (error) {
      this.#notes.push(`The index could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async dispose(): Promise<void> {
    this.#indexing?.abort(new DOMException('The root was forgotten', 'AbortError'));
    for (const open of this.#open.values()) open.dispose();
    this.#open.clear();
  }
}

function emptyFacts(path: string, version: string, truncated: string | null): FileFacts {
  return { path, version, references: [], codePaths: [], truncated };
}

function sameReferences(a: readonly Reference[] | undefined, b: readonly Reference[] | undefined): boolean {
  return JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
}
