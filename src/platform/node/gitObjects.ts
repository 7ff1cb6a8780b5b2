import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Disposable } from '../disposable';
import { gitEnvironment, GitError, tame } from './gitProcess';

const patienceMs = 60_000;

/** git ends at an object that it would have to fetch; it is started anew for the others, not without end. */
const mostStarts = 50;

interface Waiting {
  readonly id: string;
  readonly resolve: (answer: Answered) => void;
  readonly reject: (error: unknown) => void;
}

/** `body` is null where only the size was asked for. */
type Answered =
  { readonly kind: 'missing' } | { readonly kind: string; readonly size: number; readonly body: Buffer | null };

/** Contents of a repository's objects, by their full names; two processes of git that last until it is disposed of. */
export class GitObjects implements Disposable {
  readonly #sizes: BatchProcess;
  readonly #contents: BatchProcess;

  constructor(executable: string, cwd: string) {
    this.#sizes = new BatchProcess(executable, cwd, false);
    this.#contents = new BatchProcess(executable, cwd, true);
  }

  /** null: this clone does not have the object, or it is no file. Rejects with {@link GitError}. */
  async size(id: string): Promise<number | null> {
    const answer = await this.#sizes.ask(id);
    return 'size' in answer && answer.kind === 'blob' ? answer.size : null;
  }

  /** null as above, and for one of more bytes than that. */
  async read(id: string, maxBytes: number): Promise<Uint8Array | null> {
    const size = await this.size(id);
    if (size === null || size > maxBytes) return null;
    const answer = await this.#contents.ask(id);
    return 'body' in answer ? answer.body : null;
  }

  dispose(): void {
    this.#sizes.dispose();
    this.#contents.dispose();
  }
}

/** `git cat-file --batch` or `--batch-check`: a name a line in, in the same order what it is out. */
class BatchProcess {
  readonly #waiting: Waiting[] = [];
  #child: ChildProcessWithoutNullStreams | undefined;
  #chunks: Buffer[] = [];
  #length = 0;
  /** How much is needed before there is something to take. */
  #wanted = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended: GitError | undefined;
  #starts = 0;

  constructor(
    private readonly executable: string,
    private readonly cwd: string,
    private readonly withBody: boolean,
  ) {}

  ask(id: string): Promise<Answered> {
    if (!/^[0-9a-f]{40,64}$/.test(id)) return Promise.reject(new GitError(`${id} is no name of an object.`));
    if (this.#ended) return Promise.reject(this.#ended);
    const child = (this.#child ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, resolve, reject });
      this.#watch();
      child.stdin.write(`${id}\n`);
    });
  }

  dispose(): void {
    this.#fail(new GitError('git was stopped.'));
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = spawn(this.executable, [...tame, 'cat-file', this.withBody ? '--batch' : '--batch-check'], {
      cwd: this.cwd,
      env: gitEnvironment(),
      shell: false,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stderr.resume();
    // It may end while something is written to it: `close` tells.
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (data: Buffer) => this.#take(data));
    child.once('error', (error) => this.#fail(new GitError(`git could not be started: ${error.message}`)));
    child.once('close', () => this.#closed());
    return child;
  }

  #closed(): void {
    if (this.#ended) return;
    [this.#child, this.#chunks, this.#length, this.#wanted] = [undefined, [], 0, 0];
    this.#waiting.shift()?.resolve({ kind: 'missing' });
    if (++this.#starts >= mostStarts) this.#fail(new GitError('git ended again and again while objects were read.'));
    else if (this.#waiting.length > 0) {
      this.#child = this.#start();
      for (const { id } of this.#waiting) this.#child.stdin.write(`${id}\n`);
    }
    this.#watch();
  }

  #take(data: Buffer): void {
    this.#chunks.push(data);
    this.#length += data.byteLength;
    while (this.#length > 0 && this.#length >= this.#wanted) {
      const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks, this.#length);
      if (!all) return;
      const used = this.#one(all);
      const rest = all.subarray(used);
      this.#chunks = rest.byteLength === 0 ? [] : [rest];
      this.#length = rest.byteLength;
      if (used === 0) return;
    }
  }

  /** Takes one answer from the start; how many bytes it was, nought as long as it is not whole. */
  #one(all: Buffer): number {
    const end = all.indexOf(0x0a);
    if (end < 0) return 0;
    const [, kind = '', size = ''] = all.toString('latin1', 0, end).split(' ');
    const has = /^\d+$/.test(size);
    const bytes = has ? Number(size) : 0;
    const used = has && this.withBody ? end + 1 + bytes + 1 : end + 1;
    if (all.byteLength < used) {
      this.#wanted = used;
      return 0;
    }
    this.#wanted = 0;
    const waiting = this.#waiting.shift();
    this.#watch();
    if (!has) waiting?.resolve({ kind: 'missing' });
    else {
      const body = this.withBody ? Buffer.from(all.subarray(end + 1, end + 1 + bytes)) : null;
      waiting?.resolve({ kind, size: bytes, body });
    }
    return used;
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.length === 0) return;
    this.#timer = setTimeout(
      () => this.#fail(new GitError('git took longer than a minute for an object.')),
      patienceMs,
    );
  }

  #fail(why: GitError): void {
    clearTimeout(this.#timer);
    this.#ended ??= why;
    this.#child?.kill('SIGKILL');
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
