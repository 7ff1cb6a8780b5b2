import { journalEntrySchema, type JournalEntry } from '../model/change';
import type { Clock } from '../platform/clock';
import type { Disposable } from '../platform/disposable';
import { FileError, type Files, type Paths } from '../platform/files';
import type { Hash } from '../platform/hash';
import type { Log } from '../platform/log';
import type { JournalListing } from './api';

const entryName = /^(\d{8}T\d{9}Z-[0-9a-f]{8})\.json$/;
const largestEntry = 4 * 1024 * 1024;
const readAtOnce = 16;
/** Longer than any system takes to answer a change, and to be asked what became of it. */
const aloneWaitMs = 60_000;
/** An update takes milliseconds, whoever makes it. */
const updateWaitMs = 5_000;
const encoder = new TextEncoder();

export interface JournalPorts {
  readonly files: Files;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly hash: Hash;
  readonly log: Log;
  /** The per-user folder shared by all windows and the command line. */
  readonly home: string;
}

/**
 * The journal on disk: one file an entry in `<home>/journal`, named by time and a random part so that names sort by
 * time, replaced by rename at every step, mode 0600. What is read back is validated like anything from outside.
 */
export class Journal {
  readonly #ports: JournalPorts;
  readonly #folder: string;
  readonly #known = new Map<string, { readonly modified: number; readonly size: number; readonly entry: Read }>();
  readonly #holding = new Set<string>();
  readonly #updating = new Map<string, Promise<void>>();
  #made: Promise<void> | undefined;
  /** The newest entry that other windows were not told of yet, and the telling that is under way. */
  #untold: string | undefined;
  #telling: Promise<void> | undefined;

  constructor(ports: JournalPorts) {
    this.#ports = ports;
    this.#folder = ports.paths.join(ports.home, 'journal');
  }

  /** `20261122T231822123Z-9f3a2c1d` */
  newId(): string {
    const time = new Date(this.#ports.clock.now()).toISOString().replace(/[-:.]/g, '');
    return `${time}-${this.#ports.hash.random(4)}`;
  }

  /** Rejects with {@link FileError}: an entry that cannot be written must keep its change from being sent. */
  async write(entry: JournalEntry): Promise<void> {
    await this.#makeFolder();
    const data = encoder.encode(`${JSON.stringify(journalEntrySchema.parse(entry), null, 1)}\n`);
    if (data.byteLength > largestEntry) {
      throw new FileError('tooLarge', this.#pathOf(entry.id), `The journal entry of ${entry.id} is too large to keep`);
    }
    await this.#ports.files.writeAtomic(this.#pathOf(entry.id), data, 0o600);
    this.#tell(entry.id);
  }

  /** Resolves when the other windows were told of what was written so far. */
  async closed(): Promise<void> {
    await this.#telling;
  }

  /** Ids of all entries, readable or not, newest first. */
  async ids(): Promise<readonly string[]> {
    const ids = (await this.#names()).flatMap((name) => entryName.exec(name)?.[1] ?? []);
    return ids.sort().reverse();
  }

  /** An entry that is gone already is none to remove. */
  async remove(id: string): Promise<void> {
    if (!entryName.test(`${id}.json`)) return;
    this.#known.delete(`${id}.json`);
    try {
      await this.#ports.files.remove(this.#pathOf(id));
    } catch (error) {
      if (!FileError.is(error, 'notFound')) throw error;
    }
  }

  /** undefined when there is no such entry, or none that can be read. */
  async read(id: string): Promise<JournalEntry | undefined> {
    if (!entryName.test(`${id}.json`)) return undefined;
    const read = await this.#read(`${id}.json`);
    return read && 'entry' in read ? read.entry : undefined;
  }

  /** Replaces an entry by what `next` makes of it as it stands on disk; one at a time, whichever window does. */
  update(id: string, next: (entry: JournalEntry) => JournalEntry): Promise<JournalEntry> {
    const before = this.#updating.get(id) ?? Promise.resolve();
    const mine = before.then(() => this.#updateAlone(id, next));
    const quiet = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#updating.set(id, quiet);
    void quiet.then(() => this.#updating.get(id) === quiet && this.#updating.delete(id));
    return mine;
  }

  #updateAlone(id: string, next: (entry: JournalEntry) => JournalEntry): Promise<JournalEntry> {
    // Not the lock of the entry itself: that one is held for as long as a change is watched.
    const lock = this.#ports.paths.join(this.#folder, `${id}.update`);
    return this.#ports.files.withLock(lock, updateWaitMs, async () => {
      const entry = await this.read(id);
      if (!entry)
        throw new FileError('notFound', this.#pathOf(id), `The journal entry ${id} is gone or cannot be read`);
      const changed = next(entry);
      if (changed !== entry) await this.write(changed);
      return changed;
    });
  }

  async list(limit: number): Promise<JournalListing> {
    const names = (await this.#names()).sort().reverse();
    const wanted = names.slice(0, limit);
    const entries: JournalEntry[] = [];
    const unreadable: { file: string; words: string }[] = [];
    for (let at = 0; at < wanted.length; at += readAtOnce) {
      const batch = wanted.slice(at, at + readAtOnce);
      const read = await Promise.all(batch.map((name) => this.#read(name, true)));
      read.forEach((one, index) => {
        if (!one) return;
        if ('entry' in one) entries.push(one.entry);
        else unreadable.push({ file: batch[index] ?? '', words: one.words });
      });
    }
    for (const name of this.#known.keys()) if (!wanted.includes(name)) this.#known.delete(name);
    return { entries, unreadable, more: names.length > wanted.length };
  }

  /**
   * Marks an entry as being worked on by this process; it goes with the process. Resolves with the release, or
   * undefined when another process holds it.
   */
  async hold(id: string): Promise<(() => void) | undefined> {
    await this.#makeFolder();
    return new Promise((resolve, reject) => {
      this.#ports.files
        .withLock(this.#pathOf(id), 0, async () => {
          this.#holding.add(id);
          await new Promise<void>((release) => resolve(release));
          this.#holding.delete(id);
        })
        .catch((error: unknown) => {
          if (FileError.is(error, 'locked')) resolve(undefined);
          else reject(error instanceof Error ? error : new Error(String(error)));
        });
    });
  }

  /**
   * Runs while nobody else on this machine changes the flag and environment of `place`: two windows that are given a
   * yes at once go one after the other. Rejects with {@link FileError} `locked` when the other does not come to an end.
   */
  async alone<T>(place: string, run: () => Promise<T>): Promise<T> {
    await this.#makeFolder();
    const name = `${this.#ports.hash.sha256(place).slice(0, 24)}.place`;
    return this.#ports.files.withLock(this.#ports.paths.join(this.#folder, name), aloneWaitMs, run);
  }

  isHolding(id: string): boolean {
    return this.#holding.has(id);
  }

  /** Fires when an entry was written, by whichever window. */
  watch(changed: () => void): Disposable {
    return this.#ports.files.watch(this.#stamp, changed);
  }

  /** Must be there before it can be watched or locked in. */
  async prepare(): Promise<void> {
    await this.#makeFolder();
  }

  /**
   * A rename inside the folder is not seen by every watcher; one well-known file beside the entries is. No change waits
   * for it, and it need not outlive a crash: what it tells of does.
   */
  #tell(id: string): void {
    this.#untold = id;
    this.#telling ??= this.#tellAll();
  }

  async #tellAll(): Promise<void> {
    const { files, log } = this.#ports;
    for (let id = this.#untold; id !== undefined; id = this.#untold) {
      this.#untold = undefined;
      await files
        .writeAtomic(this.#stamp, encoder.encode(`${id}\n`), 0o600, false)
        .catch((error: unknown) => log.warn(`journal stamp: ${String(error)}`));
    }
    // In the same turn as the last look: whatever is written from here on starts another telling.
    this.#telling = undefined;
  }

  get #stamp(): string {
    return this.#ports.paths.join(this.#folder, 'latest');
  }

  #pathOf(id: string): string {
    return this.#ports.paths.join(this.#folder, `${id}.json`);
  }

  async #makeFolder(): Promise<void> {
    this.#made ??= this.#ports.files.makeFolder(this.#folder, 0o700);
    try {
      await this.#made;
    } catch (error) {
      this.#made = undefined;
      throw error;
    }
  }

  async #names(): Promise<string[]> {
    try {
      const all = await this.#ports.files.list(this.#folder);
      return all.filter(({ name, kind }) => kind === 'file' && name.endsWith('.json')).map(({ name }) => name);
    } catch (error) {
      if (FileError.is(error, 'notFound')) return [];
      throw error;
    }
  }

  /** `remember`: one of those that are listed again and again. */
  async #read(name: string, remember = false): Promise<Read | undefined> {
    const path = this.#ports.paths.join(this.#folder, name);
    try {
      const stat = await this.#ports.files.stat(path);
      if (!stat) return undefined;
      const known = this.#known.get(name);
      if (known?.modified === stat.modified && known.size === stat.size) return known.entry;
      const entry = parseEntry(name, await this.#ports.files.read(path, largestEntry));
      // A file changed within the clock's grain may change again unseen: remembered only once it has rested.
      if (remember && this.#ports.clock.now() - stat.modified > 2_000) {
        this.#known.set(name, { modified: stat.modified, size: stat.size, entry });
      }
      return entry;
    } catch (error) {
      if (FileError.is(error, 'notFound')) return undefined;
      return { words: error instanceof Error ? error.message : String(error) };
    }
  }
}

type Read = { readonly entry: JournalEntry } | { readonly words: string };

/** Epoch ms at which an entry was made; NaN for what is no id. */
export function timeOfId(id: string): number {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-/.exec(id) ?? [];
  return Date.parse(
    `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}.${ms ?? ''}Z`,
  );
}

/** Never throws: whatever stands in the folder is either an entry of that name or said to be unreadable. */
export function parseEntry(name: string, data: Uint8Array): Read {
  const id = entryName.exec(name)?.[1];
  if (id === undefined) return { words: 'Not a journal entry: its name has no time and number.' };
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    return { words: 'Not a journal entry: cut short, or not JSON.' };
  }
  const parsed = journalEntrySchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { words: `Not a journal entry: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim() };
  }
  if (parsed.data.id !== id) return { words: 'Not a journal entry: its id is not its name.' };
  return { entry: parsed.data };
}
