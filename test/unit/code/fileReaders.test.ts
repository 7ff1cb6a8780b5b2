import { describe, expect, it } from 'vitest';
import { FileReaders, type ReadRequest } from '../../../src/code/fileReaders';
import { emptySummary, type SourceFile } from '../../../src/code/readSource';
import type { WorkerHandle, Workers } from '../../../src/platform/channel';
import { disposable } from '../../../src/platform/disposable';

const request = (path: string): ReadRequest => ({ absolute: `/w/${path}`, path, extent: 'whole' });
const read = (path: string): SourceFile => ({ size: 1, modified: 1, hash: 'h', summary: emptySummary(path, 'binary') });

/** Threads that answer when they are told to. */
class FakeThreads implements Workers {
  readonly threads: FakeThread[] = [];
  refuses = false;

  start(name: string): WorkerHandle {
    if (this.refuses) throw new Error('ERR_WORKER_INIT_FAILED');
    expect(name).toBe('reader');
    const thread = new FakeThread();
    this.threads.push(thread);
    return thread;
  }
}

interface Posted {
  readonly rpc: string;
  readonly id: number;
  readonly payload: ReadRequest;
}

class FakeThread implements WorkerHandle {
  readonly posted: Posted[] = [];
  ended = false;
  #say: (message: unknown) => void = () => undefined;
  readonly #closed: ((reason: string) => void)[] = [];
  readonly channel = {
    post: (message: unknown) => void this.posted.push(message as Posted),
    onMessage: (listener: (message: unknown) => void) => {
      this.#say = listener;
      return disposable(() => undefined);
    },
    onClose: (listener: (reason: string) => void) => {
      this.#closed.push(listener);
      return disposable(() => undefined);
    },
  };

  ready(): void {
    this.#say({ rpc: 'event', name: 'ready', payload: null });
  }

  answer(): void {
    const next = this.posted.shift();
    if (next) this.#say({ rpc: 'reply', id: next.id, payload: read(next.payload.path) });
  }

  die(): void {
    for (const listener of this.#closed) listener('out of memory');
  }

  dispose(): void {
    this.ended = true;
  }
}

function readers(count: number): { readonly fake: FakeThreads; readonly all: FileReaders } {
  const fake = new FakeThreads();
  return { fake, all: new FileReaders(fake, { grammars: '/g' }, count) };
}

describe('threads that read files', () => {
  it('take none before they are ready, then as many as they have room for, each', async () => {
    const { fake, all } = readers(2);
    all.use();
    all.start();
    all.start();
    expect(fake.threads).toHaveLength(2);
    expect(all.read(request('a.ts'))).toBeUndefined();
    for (const thread of fake.threads) thread.ready();
    const taken = Array.from({ length: all.room + 1 }, (_, i) => all.read(request(`${i}.ts`)));
    expect(taken.filter(Boolean)).toHaveLength(all.room);
    expect(fake.threads.map(({ posted }) => posted.length)).toEqual([all.room / 2, all.room / 2]);
    fake.threads[1]?.answer();
    expect(await taken[all.room / 2]).toEqual(read(`${all.room / 2}.ts`));
    expect(all.read(request('next.ts'))).toBeDefined();
  });

  it('are not started while nobody uses them, and end when the last one does, what they have in work read first', async () => {
    const { fake, all } = readers(1);
    all.start();
    expect(fake.threads).toHaveLength(0);
    const [first, second] = [all.use(), all.use()];
    all.start();
    const [thread] = fake.threads;
    thread?.ready();
    const reading = all.read(request('a.ts'));
    first.dispose();
    first.dispose();
    expect(thread?.ended).toBe(false);
    second.dispose();
    expect(thread?.ended).toBe(false);
    thread?.answer();
    expect(await reading).toEqual(read('a.ts'));
    await Promise.resolve();
    expect(thread?.ended).toBe(true);
    all.use();
    all.start();
    expect(fake.threads).toHaveLength(2);
  });

  it('that end by themselves fail what they had in work, take no more and are not started over and over', async () => {
    const { fake, all } = readers(1);
    all.use();
    all.start();
    fake.threads[0]?.ready();
    const reading = all.read(request('a.ts'));
    fake.threads[0]?.die();
    await expect(reading).rejects.toThrow('out of memory');
    expect(all.read(request('b.ts'))).toBeUndefined();
    all.start();
    expect(fake.threads).toHaveLength(1);
  });

  it('are done without where none may be had', () => {
    const { fake, all } = readers(1);
    fake.refuses = true;
    all.use();
    expect(() => all.start()).not.toThrow();
    expect(all.read(request('a.ts'))).toBeUndefined();
  });
});
