import type { Problem } from '../../model/problem';
import { sleep } from '../../platform/clock';
import { DisposableStack } from '../../platform/disposable';
import { GrpcError } from '../../platform/grpc';
import type { Remote, RemoteError } from '../../platform/remotes';
import type { SystemDeps } from '../deps';
import type { Turns } from '../turns';
import type { FlagFile } from './flagFile';
import type { FlagSource } from '../files/flagSource';
import { patiently } from '../patience';
import { RemoteText, silentWords } from './remoteText';
import { flagConfigurationOf, SYNC_FLAGS, syncFlagsRequest } from './syncMessages';

const CONNECT_MS = 10_000;
/** A flagd that restarts is back soon; one that stays away is tried at most this rarely. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** flagd ends streams with it that are older than its `--stream-deadline`: nothing is wrong. */
const DEADLINE_EXCEEDED = 4;

/** flagd's sync stream: every message is the whole state, pushed when it changes. Connected from the first load on. */
export class SyncSource implements FlagSource<FlagFile> {
  readonly kind = 'sync';
  readonly path: string;
  readonly #selector: string | null;
  readonly #maxBytes: number;
  readonly #remote: Remote;
  readonly #deps: SystemDeps;
  readonly #changed: () => void;
  readonly #text: RemoteText;
  readonly #held = new DisposableStack();
  #arrived: { readonly text: string; readonly hash: string } | null = null;
  #reached = false;
  #stream: AbortController | null = null;
  /** Settles with the first message or the first failure of the stream that runs. */
  #first: Promise<void> = Promise.resolve();
  /** Ends the wait before the next attempt. */
  #hurry = (): void => undefined;
  #paused = false;
  /** A message came, or a failure. */
  #heard = false;

  constructor(
    of: { readonly name: string; readonly selector: string | null; readonly maxBytes: number; readonly remote: Remote },
    deps: SystemDeps,
    changed: () => void,
  ) {
    this.path = of.name;
    this.#selector = of.selector;
    this.#maxBytes = of.maxBytes;
    this.#remote = of.remote;
    this.#deps = deps;
    this.#changed = changed;
    this.#text = new RemoteText(of.name, deps);
    this.#held.add(deps.remotes.onDidChange(() => this.#hurry()));
  }

  get file(): FlagFile | null {
    return this.#text.file;
  }

  get reached(): boolean {
    return this.#reached;
  }

  get refusal(): RemoteError | null {
    return this.#text.refusal;
  }

  get waiting(): boolean {
    return !this.#heard;
  }

  get problems(): readonly Problem[] {
    return this.#text.problems;
  }

  get version(): string {
    return this.#text.version;
  }

  async load(turns: Turns, signal: AbortSignal): Promise<void> {
    if (!this.#paused) this.#start();
    await patiently(this.#first, this.#deps.clock, signal);
    if (!this.#heard) this.#text.fail('flagd.unreachable', silentWords(this.path, this.#deps));
    if (this.#arrived && this.#reached) await this.#text.take(this.#arrived.text, this.#arrived.hash, turns, signal);
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (!paused) return;
    this.#stop();
    // What is known grows old; the next message says whether it still holds.
    this.#reached = false;
    this.#heard = false;
  }

  dispose(): void {
    this.#stop();
    this.#held.dispose();
  }

  #start(): void {
    if (this.#stream) return;
    const stream = (this.#stream = new AbortController());
    this.#first = new Promise((resolve) => {
      const answered = (): void => {
        this.#heard = true;
        resolve();
      };
      void this.#run(stream.signal, answered).finally(resolve);
    });
  }

  #stop(): void {
    this.#stream?.abort(new Error('stopped'));
    this.#stream = null;
  }

  async #run(signal: AbortSignal, answered: () => void): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    for (let failures = 0; !stopped(); failures++) {
      const error = await this.#read(signal, () => {
        failures = 0;
        answered();
      });
      if (stopped()) return;
      if (!(this.#reached && GrpcError.is(error, DEADLINE_EXCEEDED))) this.#lost(error);
      answered();
      await this.#pause(failures, signal).catch(() => undefined);
    }
  }

  /** Resolves with why the stream ended. */
  async #read(signal: AbortSignal, took: () => void): Promise<unknown> {
    const { l10n, hash } = this.#deps;
    if (!this.#remote.stream) return new Error(l10n.t('{0}: streams cannot be read here.', this.path));
    try {
      const messages = this.#remote.stream({
        path: SYNC_FLAGS,
        headers: this.#selector === null ? {} : { 'flagd-selector': this.#selector },
        message: syncFlagsRequest('sightglass', this.#selector),
        maxMessageBytes: this.#maxBytes,
        connectMs: CONNECT_MS,
        signal,
      });
      for await (const message of messages) {
        const text = flagConfigurationOf(message);
        this.#arrived = { text, hash: hash.sha256(message) };
        this.#reached = true;
        took();
        this.#changed();
      }
      return new Error(l10n.t('{0} ended the stream.', this.path));
    } catch (error) {
      return error;
    }
  }

  #lost(error: unknown): void {
    const before = this.version;
    this.#reached = false;
    this.#text.unreachable(error);
    if (this.version === before) return;
    this.#deps.log.warn(`${this.path}: ${String(error)}`);
    this.#changed();
  }

  /** Longer after every failure and never the same twice, so that not all clients come back at once. */
  #pause(failures: number, signal: AbortSignal): Promise<void> {
    const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10));
    const woken = new AbortController();
    this.#hurry = () => woken.abort();
    return sleep(this.#deps.clock, most * (0.5 + Math.random() / 2), AbortSignal.any([signal, woken.signal]));
  }
}
