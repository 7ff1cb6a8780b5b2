import { readFileSync, realpathSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { withoutShares, type FileWorld } from './fileWorld';

/**
 * What is done to a flag file on the way to its change: the lock made, the file read, its successor filled and flushed, the
 * file looked at once more, renamed over; or, where it is written in place, its bytes put there and the rest cut off.
 */
export type Step = 'lock' | 'read' | 'fill' | 'sync' | 'look' | 'rename' | 'put';

/** Takes a step; where bytes are put in place: of so much of them, 0..1. */
export type Go = (part?: number) => Promise<unknown>;
/** In place of a step. */
type Meddling = (go: Go) => unknown;

/** A write of one flag: ours, as the folder saw it happen, or another program's. */
export interface Written {
  readonly by: 'us' | 'another';
  readonly file: string;
  readonly key: string;
  readonly share: number;
  /** Another program wrote over it before anybody could look. */
  gone?: boolean;
}

type Promises = Record<string, (...given: never[]) => Promise<unknown>>;
const promises = createRequire(import.meta.url)('node:fs/promises') as Promises;

/**
 * Stands under the product's own adapter of files (`node:fs/promises` itself), beside one or more flag files: lets a step
 * fail once, lets others in between, and keeps its own record of what was written by whom.
 */
export class FaultyDisk {
  readonly log: Written[] = [];
  /** What is not so. */
  readonly wrong: string[] = [];
  /** Writes of others that ours replaced, unseen by its look. */
  overwrote = 0;
  readonly #world: FileWorld;
  readonly #shares = new Map<string, Readonly<Record<string, number>>>();
  readonly #whole: string;
  readonly #armed = new Map<Step, Meddling>();
  /** How much of the log was there before this change, and the flag that it is of. */
  #before = 0;
  #key = '';
  readonly #originals = new Map<string, Promises[string]>();

  constructor(world: FileWorld, paths: readonly string[]) {
    this.#world = world;
    this.#whole = withoutShares(world, readFileSync(paths[0] ?? '', 'utf8'));
    for (const path of paths) this.#shares.set(path, world.sharesOf(readFileSync(path, 'utf8')));
    this.#patch();
  }

  /** The next time this step is taken, and only then. */
  arm(step: Step, meddling: Meddling): void {
    this.#armed.set(step, meddling);
  }

  /** A change of this flag begins. */
  begin(key: string): void {
    this.#key = key;
  }

  /** A change is over: whether nothing is left that was armed for it. */
  disarm(): boolean {
    const struck = this.#armed.size === 0;
    this.#armed.clear();
    this.#before = this.log.length;
    return struck;
  }

  /** Whether it is a whole file in which nothing but shares is another than at first. */
  isSound(path: string): boolean {
    const text = readFileSync(path, 'utf8');
    try {
      this.#world.sharesOf(text);
    } catch {
      return false;
    }
    return withoutShares(this.#world, text) === this.#whole;
  }

  /** Looks who changed what at this path (under its first name, whatever it links to by now). */
  record(by: Written['by'], path: string, isRename = false): void {
    const text = readFileSync(path, 'utf8');
    const file = this.#named(path);
    const before = this.#shares.get(file) ?? {};
    let after;
    try {
      after = this.#world.sharesOf(text);
    } catch {
      // Half a file, for now.
      return;
    }
    this.#shares.set(file, after);
    if (withoutShares(this.#world, text) !== this.#whole) this.wrong.push(`${file} by ${by}: more than shares changed`);
    for (const [key, share] of Object.entries(after)) {
      // Ours is a write also where another program wrote the same share a moment before, by chance.
      if (share === before[key] && !(isRename && key === this.#key)) continue;
      const last = this.log.slice(this.#before).findLast((each) => each.file === file && each.key === key);
      if (by === 'another' && last?.by === 'us') last.gone = true;
      this.log.push({ by, file, key, share });
    }
  }

  dispose(): void {
    for (const [name, original] of this.#originals) promises[name] = original;
    syncBuiltinESMExports();
  }

  #named(path: string): string {
    if (this.#shares.has(path)) return path;
    return [...this.#shares.keys()].find((each) => realOf(each) === path) ?? path;
  }

  #isFlags(path: unknown): path is string {
    return typeof path === 'string' && [...this.#shares.keys()].some((each) => each === path || realOf(each) === path);
  }

  #isSuccessor(path: unknown): path is string {
    if (typeof path !== 'string' || !path.endsWith('.tmp')) return false;
    const [of] = /(?<=^\.).*(?=\.[0-9a-f]{12}\.tmp$)/.exec(basename(path)) ?? [];
    return this.#isFlags(`${dirname(path)}/${of ?? ''}`);
  }

  async #step(step: Step, go: Go): Promise<unknown> {
    const meddling = this.#armed.get(step);
    this.#armed.delete(step);
    return meddling ? meddling(go) : go();
  }

  #replace(name: string, by: (original: (...given: unknown[]) => Promise<unknown>) => unknown): void {
    const original = promises[name];
    if (!original) throw new Error(`no ${name} in this Node`);
    this.#originals.set(name, original);
    promises[name] = by(original.bind(promises) as (...given: unknown[]) => Promise<unknown>) as Promises[string];
  }

  #patch(): void {
    this.#replace('link', (link) => async (from: string, to: string) => {
      const isLock = to.endsWith('.lock') && this.#isFlags(to.slice(0, -'.lock'.length));
      return isLock ? this.#step('lock', () => link(from, to)) : link(from, to);
    });
    this.#replace('rename', (rename) => async (from: string, to: string) => {
      if (!this.#isSuccessor(from) || !this.#isFlags(to)) return rename(from, to);
      return this.#step('rename', async () => {
        await rename(from, to);
        this.record('us', to, true);
      });
    });
    this.#replace('open', (open) => async (path: unknown, how: unknown, ...more: unknown[]) => {
      const opened = (): Promise<FileHandle> => open(path, how, ...more) as Promise<FileHandle>;
      if (this.#isSuccessor(path)) {
        const handle = await opened();
        this.#wrap(handle, 'writeFile', 'fill');
        this.#wrap(handle, 'sync', 'sync');
        return handle;
      }
      if (!this.#isFlags(path)) return opened();
      if (how === 'r') return this.#step('look', opened);
      const handle = await opened();
      if (typeof how === 'number') this.#wrap(handle, 'read', 'read');
      else {
        const write = handle.write.bind(handle) as (...given: unknown[]) => Promise<unknown>;
        const put = (data: Uint8Array, from: number, length: number, at: number): Promise<unknown> =>
          this.#step('put', (part = 1) => write(data, from, Math.floor(length * part), at));
        Object.assign(handle, { write: put });
        const cut = handle.truncate.bind(handle);
        handle.truncate = async (length) => {
          await cut(length);
          this.record('us', path);
        };
      }
      return handle;
    });
    syncBuiltinESMExports();
  }

  #wrap(handle: FileHandle, name: 'writeFile' | 'sync' | 'read', step: Step): void {
    const of = handle as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
    const original = of[name]?.bind(handle);
    if (original) of[name] = (...given) => this.#step(step, () => original(...given));
  }
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

export const failure = (code: string): Error => Object.assign(new Error(`${code}: by chance`), { code });
