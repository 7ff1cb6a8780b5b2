import type { Disposable } from '../platform/disposable';
import type { Workers, WorkerHandle } from '../platform/channel';
import { rpcClient, type RpcClient } from '../platform/rpc';
import type { Extent, SourceFile } from './readSource';

/** Data that a reader's thread starts with. */
export interface ReaderData {
  readonly grammars: string;
}

export interface ReadRequest {
  readonly absolute: string;
  readonly path: string;
  readonly extent: Extent;
}

/** What a reader's thread answers: one file that was not read before, as {@link readSource} reads it. */
export type ReaderMethods = {
  read: (request: ReadRequest) => Promise<SourceFile | undefined>;
};

/** `ready` once it can parse: until then files are better read by whoever waits. */
export type ReaderEvents = { ready: null };

/** Each has one file in work and the next ones at hand, since who hands them out is busy reading too. */
const roomOfEach = 12;

interface Reader extends Disposable {
  readonly rpc: RpcClient<ReaderMethods, ReaderEvents>;
  ready: boolean;
  reading: number;
}

/**
 * Threads that read files to summaries while the finder's own reads others: parsing is most of an index made anew, and
 * needs nothing but the file. They are there while much is to be read, no longer.
 */
export class FileReaders {
  #readers: Reader[] = [];
  #users = 0;

  constructor(
    private readonly workers: Workers,
    private readonly data: ReaderData,
    private readonly count: number,
  ) {}

  /** How many files they take at once, all together. */
  get room(): number {
    return this.count * roomOfEach;
  }

  /** Keeps threads that are started until it is disposed of. */
  use(): Disposable {
    let using = true;
    this.#users++;
    return {
      dispose: () => {
        if (using) this.#users--;
        using = false;
        this.#endIdle();
      },
    };
  }

  /** Much is to be read: threads are started, where somebody uses them. */
  start(): void {
    if (this.#users === 0) return;
    while (this.#readers.length < this.count) this.#readers.push(this.#started());
  }

  /** undefined: none has room now. Rejects when the thread ended meanwhile, which says nothing of the file. */
  read(request: ReadRequest): Promise<SourceFile | undefined> | undefined {
    const reader = this.#readers.find(({ ready, reading }) => ready && reading < roomOfEach);
    if (!reader) return undefined;
    reader.reading++;
    return reader.rpc.call('read', request).finally(() => {
      reader.reading--;
      this.#endIdle();
    });
  }

  #started(): Reader {
    const handle = this.#handle();
    const rpc = rpcClient<ReaderMethods, ReaderEvents>(handle.channel);
    const reader: Reader = {
      rpc,
      ready: false,
      reading: 0,
      dispose: () => {
        rpc.dispose();
        handle.dispose();
      },
    };
    rpc.on('ready', () => (reader.ready = true));
    // It keeps its place among the others: one that cannot live here is not started over and over.
    handle.channel.onClose(() => (reader.ready = false));
    return reader;
  }

  #handle(): WorkerHandle {
    try {
      return this.workers.start('reader', this.data);
    } catch {
      // Where no more threads may be had, all is read by the one that there is.
      const nothing = { dispose: () => undefined };
      return { channel: { post: () => undefined, onMessage: () => nothing, onClose: () => nothing }, ...nothing };
    }
  }

  #endIdle(): void {
    if (this.#users > 0) return;
    this.#readers = this.#readers.filter((reader) => {
      if (reader.reading > 0) return true;
      reader.dispose();
      return false;
    });
  }
}
