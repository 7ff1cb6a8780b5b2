import { disposable, type Disposable } from '../disposable';
import { FileError, type Files, type FileStat } from '../files';
import { memoryPaths } from './paths';

interface Entry {
  data: Uint8Array;
  mode: number;
  modified: number;
}

/**
 * Files held in memory, with symlinks, locks and watching. `now` stamps modification times. Folders exist where
 * something is in them or `makeFolder` was called.
 */
export class MemoryFiles implements Files {
  readonly #entries = new Map<string, Entry>();
  readonly #links = new Map<string, string>();
  readonly #folders = new Set<string>(['/']);
  readonly #watchers = new Set<{ readonly path: string; readonly changed: () => void }>();
  readonly #locks = new Map<string, Promise<unknown>>();
  readonly #now: () => number;

  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  /** Puts a file there without going through the port, as another program would. */
  set(path: string, content: string | Uint8Array, mode = 0o644): void {
    const data = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    this.#entries.set(this.#resolve(path), { data, mode, modified: this.#now() });
    this.#told(path);
  }

  text(path: string): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#entry(path).data);
  }

  link(path: string, target: string): void {
    this.#links.set(path, target);
    this.#told(path);
  }

  async stat(path: string): Promise<FileStat | undefined> {
    const entry = this.#entries.get(this.#resolve(path));
    if (entry) return { kind: 'file', size: entry.data.byteLength, modified: entry.modified, mode: entry.mode };
    return this.#isFolder(path) ? { kind: 'directory', size: 0, modified: 0, mode: 0o755 } : undefined;
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array> {
    const { data } = this.#entry(path);
    if (data.byteLength > maxBytes) throw new FileError('tooLarge', path, `${path} has ${data.byteLength} bytes`);
    return data.slice();
  }

  async readWithStat(path: string, maxBytes: number): Promise<{ data: Uint8Array; stat: FileStat }> {
    const data = await this.read(path, maxBytes);
    const { modified, mode } = this.#entry(path);
    return { data, stat: { kind: 'file', size: data.byteLength, modified, mode } };
  }

  async list(path: string): Promise<readonly { readonly name: string; readonly kind: FileStat['kind'] }[]> {
    if (!this.#isFolder(path)) throw new FileError('notFound', path, `${path} does not exist`);
    const prefix = path.endsWith('/') ? path : `${path}/`;
    const found = new Map<string, FileStat['kind']>();
    for (const file of [...this.#entries.keys(), ...this.#folders]) {
      if (!file.startsWith(prefix) || file === prefix) continue;
      const [name, ...rest] = file.slice(prefix.length).split('/');
      if (name) found.set(name, rest.length > 0 || this.#folders.has(file) ? 'directory' : 'file');
    }
    return [...found].map(([name, kind]) => ({ name, kind }));
  }

  async realpath(path: string): Promise<string> {
    const target = this.#resolve(path);
    if (!this.#entries.has(target) && !this.#isFolder(target))
      throw new FileError('notFound', path, `${path} does not exist`);
    return target;
  }

  async makeFolder(path: string): Promise<void> {
    for (let folder = path; folder !== '/' && folder !== '.'; folder = memoryPaths.dirname(folder))
      this.#folders.add(folder);
  }

  async writeAtomic(path: string, data: Uint8Array, mode: number): Promise<void> {
    this.set(path, data.slice(), this.#entries.get(this.#resolve(path))?.mode ?? mode);
  }

  async replaceIf(path: string, expected: Uint8Array, data: Uint8Array): Promise<'changed' | 'replaced' | 'overwrote'> {
    const { data: found, mode } = this.#entry(path);
    if (found.byteLength !== expected.byteLength || found.some((byte, at) => byte !== expected[at])) return 'changed';
    await this.writeAtomic(path, data, mode);
    return 'replaced';
  }

  async writeInPlace(path: string, data: Uint8Array): Promise<void> {
    this.set(path, data.slice(), this.#entry(path).mode);
  }

  async append(path: string, data: Uint8Array, mode: number): Promise<void> {
    const before = this.#entries.get(this.#resolve(path));
    const joined = new Uint8Array((before?.data.byteLength ?? 0) + data.byteLength);
    joined.set(before?.data ?? []);
    joined.set(data, before?.data.byteLength ?? 0);
    this.set(path, joined, before?.mode ?? mode);
  }

  async remove(path: string): Promise<void> {
    if (!this.#links.delete(path) && !this.#entries.delete(path))
      throw new FileError('notFound', path, `${path} does not exist`);
    this.#told(path);
  }

  async rename(from: string, to: string): Promise<void> {
    const entry = this.#entry(from);
    this.#entries.delete(this.#resolve(from));
    this.#links.delete(to);
    this.#entries.set(to, entry);
    this.#told(from);
    this.#told(to);
  }

  async withLock<T>(path: string, waitMs: number, run: () => Promise<T>): Promise<T> {
    const held = this.#locks.get(path);
    if (held && waitMs <= 0) throw new FileError('locked', path, `${path} is being changed`);
    const mine = (held ?? Promise.resolve()).then(run);
    const quiet = mine
      .catch(() => undefined)
      .finally(() => {
        if (this.#locks.get(path) === quiet) this.#locks.delete(path);
      });
    this.#locks.set(path, quiet);
    return mine;
  }

  watch(path: string, changed: () => void): Disposable {
    const watcher = { path, changed };
    this.#watchers.add(watcher);
    return disposable(() => this.#watchers.delete(watcher));
  }

  #entry(path: string): Entry {
    const entry = this.#entries.get(this.#resolve(path));
    if (entry) return entry;
    if (this.#isFolder(path)) throw new FileError('notAFile', path, `${path} is not a file`);
    throw new FileError('notFound', path, `${path} does not exist`);
  }

  #resolve(path: string): string {
    let at = path;
    for (let hops = 0; hops < 40; hops++) {
      const target = this.#links.get(at);
      if (target === undefined) return at;
      at = memoryPaths.resolve(memoryPaths.dirname(at), target);
    }
    throw new FileError('other', path, `${path}: too many links`);
  }

  #isFolder(path: string): boolean {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    return this.#folders.has(path) || [...this.#entries.keys()].some((file) => file.startsWith(prefix));
  }

  #told(path: string): void {
    const target = this.#resolve(path);
    for (const watcher of [...this.#watchers])
      if (watcher.path === path || this.#resolve(watcher.path) === target) watcher.changed();
  }
}
