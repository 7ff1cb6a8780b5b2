import type { Linked } from './linkFile';
import type { OpenDocument } from './openDocument';
import { Pace } from './pace';
import { readSource, type Extent, type SourceFile } from './readSource';
import { FileView } from './resolve/view';
import { Tidying } from './tidying';
import type { Tools } from './tools';
import { WorkQueue } from './workQueue';
import type { WorkspaceState } from './workspaceState';

const readAtOnce = 4;
/** With fewer files waiting, other threads would be there when all is read. */
const manyFiles = 40;

/** Which summary of a file that was read before is taken as it is. */
type Enough = 'any' | 'all sought' | 'whole';

export interface Entry {
  /** What is on disk; undefined for a document that is not there. */
  source: SourceFile | undefined;
  view: FileView;
  linked: Linked | undefined;
}

/** The files of a root that were read, as what they say. */
export class FileEntries {
  /** Documents that the editor shows. They are what they are, whatever the disk says. */
  readonly open = new Map<string, OpenDocument>();
  /** Files that were not taken as they were known. */
  parsed = 0;
  readonly #entries = new Map<string, Entry>();
  readonly #tidying: Tidying;

  /** `unread` is told of each file that could not be read; it does not keep the others from being read. */
  constructor(
    private readonly state: WorkspaceState,
    private readonly absolute: (path: string) => string,
    private readonly tools: Tools,
    private readonly unread: (path: string, error: unknown) => void,
  ) {
    this.#tidying = new Tidying(tools);
  }

  get size(): number {
    return this.#entries.size;
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  get(path: string): Entry | undefined {
    return this.#entries.get(path);
  }

  /** Sorted, so that what is made of all files does not depend on the order in which they were found. */
  paths(): string[] {
    return [...this.#entries.keys()].sort();
  }

  all(): IterableIterator<[string, Entry]> {
    return this.#entries.entries();
  }

  /** Takes in what is on disk; a document stays what it is. */
  put(path: string, source: SourceFile): void {
    const entry = this.#entries.get(path);
    if (entry && this.open.has(path)) entry.source = source;
    else if (entry?.source !== source) {
      this.#tidying.add(source.summary);
      this.see(path, source, new FileView(source.summary));
    }
  }

  see(path: string, source: SourceFile | undefined, view: FileView): Entry {
    const entry: Entry = { source, view, linked: undefined };
    this.#entries.set(path, entry);
    this.state.setView(path, view);
    return entry;
  }

  drop(path: string): void {
    this.#entries.delete(path);
    this.state.removeView(path);
  }

  /** Version of a file as its facts name it. */
  versionOf(path: string): string {
    return this.open.get(path)?.version ?? this.#entries.get(path)?.source?.hash ?? '';
  }

  async load(paths: readonly string[], signal: AbortSignal | undefined, enough: Enough = 'any'): Promise<void> {
    const reading = this.reading(signal, enough);
    for (const path of paths) reading.add(path);
    await reading.rest();
  }

  /** Reads the files that it is given from now on. Its rest rejects with the signal's reason. */
  reading(signal: AbortSignal | undefined, enough: Enough = 'any', onRead?: () => void): WorkQueue<string> {
    const extent: Extent = enough === 'whole' ? enough : { sought: this.state.wrappers.names(), enough };
    const pace = new Pace(this.tools);
    const { readers } = this.tools;
    const queue = new WorkQueue<string>(readAtOnce + (readers?.room ?? 0), async (path) => {
      await pace.step();
      signal?.throwIfAborted();
      if (queue.waiting > manyFiles) readers?.start();
      await this.#read(path, extent);
      onRead?.();
    });
    return queue;
  }

  async #read(path: string, extent: Extent): Promise<void> {
    const known = this.#entries.get(path);
    const source = await this.#source(path, known?.source, extent).catch((error: unknown) => {
      this.unread(path, error);
      return undefined;
    });
    if (source !== known?.source) this.parsed++;
    if (this.open.has(path)) {
      const entry = this.#entries.get(path);
      if (entry) entry.source = source;
    } else if (source) this.put(path, source);
    else if (known) this.drop(path);
  }

  async #source(path: string, known: SourceFile | undefined, extent: Extent): Promise<SourceFile | undefined> {
    const absolute = this.absolute(path);
    const here = (): Promise<SourceFile | undefined> => readSource(absolute, path, known, extent, this.tools);
    // What is known of a file stays in this thread; and a thread that ended says nothing of the file it was given.
    const elsewhere = known ? undefined : this.tools.readers?.read({ absolute, path, extent });
    return elsewhere ? elsewhere.catch(here) : here();
  }
}
