import type { Clock } from '../../platform/clock';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import { Emitter, type Event } from '../../platform/emitter';
import type { Log } from '../../platform/log';
import type { DiagnosedFile } from '../../view/diagnostics/diagnosis';
import { ReferenceBook } from '../../view/diagnostics/referenceBook';
import type { CodeIndex } from '../codeIndex';
import type { HeldReferences, MovedReferences } from '../movedReferences';

/** The index moves with each file that is saved: it is asked when that rests so long, in milliseconds. */
const rest = 500;
/** Of a folder with more references not all are told, and nothing of it is said to be unreferenced. */
const mostReferences = 50_000;

interface Known {
  readonly book: ReferenceBook;
  readonly isWhole: boolean;
}

/** All references of the window's folders as the index has them, brought up to date by what changed when it moved. */
export class WorkspaceReferences implements Disposable {
  readonly #held = new DisposableStack();
  readonly #changed: Emitter<void>;
  readonly onDidChange: Event<void>;
  readonly #book = new ReferenceBook();
  /** Files as the index has them, by `root\npath`, and those that open documents stand for. */
  readonly #indexed = new Map<string, DiagnosedFile>();
  #open: ReadonlyMap<string, DiagnosedFile> = new Map();
  #known: Known | undefined;
  /** Up to where the book is. */
  #revisions: HeldReferences | undefined;
  /** Keys that the text of all files is or was searched for since the book changed, those answered, those it has. */
  #asked = new Set<string>();
  #searched = new Set<string>();
  #written = new Set<string>();
  /** Of the book, for answers that come when it changed. */
  #version = 0;
  #timer: Disposable | undefined;
  /** One question at a time: what changed is told from one to the next. */
  #asking = false;
  #isDisposed = false;

  constructor(
    private readonly of: {
      readonly code: Pick<CodeIndex, 'onDidChangeIndex' | 'referencesSince' | 'roots' | 'summary' | 'written'>;
      readonly clock: Clock;
      readonly log: Log;
    },
  ) {
    this.#changed = this.#held.add(new Emitter((error) => of.log.error('A listener failed', error)));
    this.onDidChange = this.#changed.event;
    this.#held.add(of.code.onDidChangeIndex(() => this.#askSoon()));
    this.#askSoon();
  }

  /** undefined: not known yet. `isWhole`: every folder was read, and nothing was left out. */
  get current(): Known | undefined {
    return this.#known;
  }

  /**
   * Whether the text of all files was searched for these keys; what it has the book knows then. Otherwise that is done
   * now, and a change tells of it.
   */
  hasSearched(keys: readonly string[]): boolean {
    const missing = keys.filter((key) => !this.#asked.has(key));
    if (missing.length > 0) void this.#search(missing);
    return keys.every((key) => this.#searched.has(key));
  }

  /** What open documents say counts for as long as they are open; then what the index has of their files does again. */
  showOpen(files: readonly DiagnosedFile[]): void {
    const open = new Map(files.map((file) => [idOf(file), file]));
    for (const [id, file] of this.#open) {
      if (open.has(id)) continue;
      const indexed = this.#indexed.get(id);
      if (indexed) this.#book.set(indexed);
      else this.#book.delete(file);
    }
    for (const file of files) this.#book.set(file);
    this.#open = open;
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#isDisposed = true;
    this.#held.dispose();
  }

  #askSoon(): void {
    this.#timer ??= this.of.clock.after(rest, () => {
      this.#timer = undefined;
      if (this.#asking) this.#askSoon();
      else void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    const { code, log } = this.of;
    const summaries = code.roots.map((root) => code.summary(root));
    if (summaries.every((summary) => summary === undefined)) return;
    this.#asking = true;
    try {
      const { held, roots } = await code.referencesSince(this.#revisions, mostReferences);
      if (this.#isDisposed) return;
      this.#revisions = held;
      const hasMoved = this.#take(roots);
      const isCut = roots.some((root) => root.isCut);
      const isWhole = !isCut && summaries.every((summary) => summary !== undefined && summary.unread === undefined);
      if (!hasMoved && this.#known?.isWhole === isWhole) return;
      this.#known = { book: this.#book, isWhole };
      this.#version++;
      this.#asked = new Set();
      this.#searched = new Set();
      this.#written = new Set();
      this.#book.setWritten(this.#written);
      this.#changed.fire();
    } catch (error) {
      log.warn(
        `The references of the workspace could not be asked for: ${error instanceof Error ? error.message : ''}`,
      );
    } finally {
      this.#asking = false;
    }
  }

  /** Whether the book is another afterwards. */
  #take(roots: MovedReferences['roots']): boolean {
    const names = new Set(roots.map(({ root }) => root));
    const replaced = new Set(roots.flatMap(({ root, isWhole }) => (isWhole ? [root] : [])));
    const isGone = (root: string): boolean => !names.has(root) || replaced.has(root);
    for (const [id, { root }] of this.#indexed) if (isGone(root)) this.#indexed.delete(id);
    const hasLeft = this.#book.deleteRoots(isGone);
    for (const { root, files, gone } of roots) {
      for (const path of gone) {
        this.#indexed.delete(idOf({ root, path }));
        if (!this.#open.has(idOf({ root, path }))) this.#book.delete({ root, path });
      }
      for (const { path, references } of files) {
        const file = { root, path, references };
        this.#indexed.set(idOf(file), file);
        if (!this.#open.has(idOf(file))) this.#book.set(file);
      }
    }
    return hasLeft || replaced.size > 0 || roots.some(({ files, gone }) => files.length + gone.length > 0);
  }

  async #search(keys: readonly string[]): Promise<void> {
    const version = this.#version;
    // Asked once a book: while there is no answer nothing is said of these keys.
    for (const key of keys) this.#asked.add(key);
    try {
      const found = await this.of.code.written(keys);
      if (version !== this.#version || this.#isDisposed) return;
      for (const key of keys) this.#searched.add(key);
      for (const key of found) this.#written.add(key);
      this.#book.setWritten(this.#written);
      this.#changed.fire();
    } catch (error) {
      this.of.log.warn(
        `The workspace could not be searched for keys: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

const idOf = ({ root, path }: Pick<DiagnosedFile, 'root' | 'path'>): string => `${root}\n${path}`;
