import * as z from 'zod';
import type { Clock } from './clock';
import { DisposableStack, type Disposable } from './disposable';
import { Emitter, type Event } from './emitter';
import { FileError, type Files, type Paths } from './files';
import type { Log } from './log';

const fileName = 'origins.json';
const maxBytes = 1024 * 1024;
const lockWaitMs = 2_000;

/** `{ "origins": { "https://unleash.example.com": { "at": 1790000000000, "by": "ana" } } }`, times in epoch ms. */
const schema = z.object({
  origins: z.record(z.string(), z.object({ at: z.number().catch(0), by: z.string().max(200).catch('') })),
});
type Allowed = z.infer<typeof schema>['origins'];

export interface AllowedOriginsOf {
  readonly files: Files;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly log: Log;
  /** The per-user folder that all windows and the command line share. */
  readonly home: string;
}

/**
 * Origins that this person said yes to on this machine, in one file of the per-user folder (never in a repository),
 * read by every window and the command line. What cannot be read allows nothing.
 */
export class AllowedOrigins implements Disposable {
  readonly #of: AllowedOriginsOf;
  readonly #path: string;
  readonly #held = new DisposableStack();
  readonly #changed: Emitter<void>;
  /** Another process allowed or forgot one, or this one did. */
  readonly onDidChange: Event<void>;
  #known: Promise<Allowed> | undefined;
  #text = '';

  constructor(of: AllowedOriginsOf) {
    this.#of = of;
    this.#path = of.paths.join(of.home, fileName);
    this.#changed = new Emitter((error) => of.log.error('A listener failed', error));
    this.onDidChange = this.#changed.event;
  }

  async has(origin: string): Promise<boolean> {
    return Object.hasOwn(await this.#all(), origin);
  }

  /** Sorted. */
  async list(): Promise<readonly string[]> {
    return Object.keys(await this.#all()).sort();
  }

  /** Rejects with FileError where it cannot be written down: a yes that is not remembered is not one. */
  async allow(origin: string, by: string): Promise<void> {
    await this.#change((known) => ({ ...known, [origin]: { at: this.#of.clock.now(), by } }));
  }

  async forget(origins: readonly string[]): Promise<void> {
    await this.#change((known) =>
      Object.fromEntries(Object.entries(known).filter(([origin]) => !origins.includes(origin))),
    );
  }

  dispose(): void {
    this.#held.dispose();
    this.#changed.dispose();
  }

  /** From memory after the first time; the file is watched from then on. */
  #all(): Promise<Allowed> {
    if (!this.#known) {
      this.#held.add(this.#of.files.watch(this.#path, () => void this.#look()));
      this.#known = this.#read();
    }
    return this.#known;
  }

  async #look(): Promise<void> {
    const before = this.#text;
    const known = await this.#read();
    this.#known = Promise.resolve(known);
    if (this.#text !== before) this.#changed.fire();
  }

  async #read(): Promise<Allowed> {
    const { files, log } = this.#of;
    try {
      const text = new TextDecoder().decode(await files.read(this.#path, maxBytes));
      this.#text = text;
      return schema.parse(JSON.parse(text)).origins;
    } catch (error) {
      if (!FileError.is(error, 'notFound')) log.warn(`${this.#path} cannot be read, so it allows nothing`);
      else this.#text = '';
      return {};
    }
  }

  async #change(change: (known: Allowed) => Allowed): Promise<void> {
    const { files, home } = this.#of;
    await this.#all();
    await files.makeFolder(home, 0o700);
    const known = await files.withLock(this.#path, lockWaitMs, async () => {
      const next = change(await this.#read());
      const text = `${JSON.stringify({ origins: next }, null, 2)}\n`;
      // Before the watcher tells of it: what we wrote ourselves is told once.
      this.#text = text;
      await files.writeAtomic(this.#path, new TextEncoder().encode(text), 0o600);
      return next;
    });
    this.#known = Promise.resolve(known);
    this.#changed.fire();
  }
}
