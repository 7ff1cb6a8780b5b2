import type { Problem } from '../../model/problem';
import { sleep } from '../../platform/clock';
import { DisposableStack } from '../../platform/disposable';
import { HttpError, type HttpResponse } from '../../platform/http';
import { RemoteError, type Remote } from '../../platform/remotes';
import type { SystemDeps } from '../deps';
import type { FlagSource } from '../files/flagSource';
import { ClosedTime } from '../closedTime';
import { patiently } from '../patience';
import { connectionWords } from '../sourceWords';
import type { Turns } from '../turns';
import type { GoffFile } from './flagFile';
import { readRelayAnswer } from './relayAnswer';
import { answerWords } from './relayWords';

const TIMEOUT_MS = 10_000;
const CONNECT_MS = 10_000;
/** Looks in a burst are one; what the relay pushes is asked for at once. */
const ASKED_AGAIN_MS = 2_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A push names what changed; only that it came counts. */
const MAX_PUSH_BYTES = 16 * 1024 * 1024;
const CONFIGURATION = '/v1/flag/configuration';
const CHANGES = '/ws/v1/flag/change';

/**
 * A relay proxy of GO Feature Flag: its flags with the ETag of what is known, asked again whenever the project is looked
 * at and as soon as its WebSocket tells of a change. Nobody can write to it.
 */
export class RelaySource implements FlagSource<GoffFile> {
  readonly kind = 'http';
  readonly path: string;
  readonly #remote: Remote;
  readonly #maxBytes: number;
  readonly #deps: SystemDeps;
  readonly #changed: () => void;
  readonly #held = new DisposableStack();
  readonly #disposed = new AbortController();
  #file: GoffFile | null = null;
  #problem: Problem | null = null;
  #refusal: RemoteError | null = null;
  #etag: string | null = null;
  readonly #closed: ClosedTime;
  #askedAt = -Infinity;
  #asking: Promise<void> | null = null;
  /** A push came while an answer was on its way. */
  #again = false;
  #reached = false;
  #heard = false;
  #push: AbortController | null = null;
  #pushed = false;
  #hurry = (): void => undefined;

  constructor(
    of: { readonly remote: Remote; readonly name: string; readonly maxBytes: number },
    deps: SystemDeps,
    changed: () => void,
  ) {
    this.path = of.name;
    this.#remote = of.remote;
    this.#maxBytes = of.maxBytes;
    this.#deps = deps;
    this.#closed = new ClosedTime(deps.clock);
    this.#changed = changed;
    this.#held.add(deps.remotes.onDidChange(() => this.#hurry()));
  }

  get file(): GoffFile | null {
    return this.#file;
  }

  get reached(): boolean {
    return this.#reached;
  }

  get refusal(): RemoteError | null {
    return this.#refusal;
  }

  get waiting(): boolean {
    return !this.#heard;
  }

  /** Its WebSocket is open: changes are told at once. */
  get pushed(): boolean {
    return this.#pushed;
  }

  get problems(): readonly Problem[] {
    return [...(this.#problem ? [this.#problem] : []), ...(this.#file?.problems ?? [])];
  }

  get version(): string {
    return `${this.#file?.hash ?? ''}:${String(this.#pushed)}:${this.#problem ? JSON.stringify(this.#problem) : ''}`;
  }

  async load(_turns: Turns, signal: AbortSignal): Promise<void> {
    if (this.#disposed.signal.aborted) return;
    const { clock, l10n } = this.#deps;
    this.#listen();
    if (this.#asking === null && clock.monotonic() - this.#askedAt >= ASKED_AGAIN_MS) this.#askNow();
    // Down the last time, it is not waited for: what it says is told when it comes.
    if (this.#asking === null || (this.#heard && !this.#reached && this.#refusal === null)) return;
    await patiently(this.#asking, clock, signal);
    if (!this.#heard) this.#fail(l10n.t('{0} has not answered yet.', this.path));
  }

  setPaused(paused: boolean): void {
    if (!paused) return;
    this.#push?.abort(new Error('paused'));
    this.#push = null;
    this.#pushed = false;
  }

  dispose(): void {
    this.#push?.abort(new Error('disposed'));
    this.#disposed.abort(new Error('disposed'));
    this.#held.dispose();
  }

  #askNow(): void {
    // What it pushes meanwhile is in the next answer.
    if (!this.#closed.isOver) return;
    this.#askedAt = this.#deps.clock.monotonic();
    this.#asking = this.#ask().finally(() => {
      this.#asking = null;
      if (!this.#again || this.#disposed.signal.aborted) return;
      this.#again = false;
      this.#askNow();
    });
  }

  /** Never rejects. */
  async #ask(): Promise<void> {
    const { signal } = this.#disposed;
    const before = this.version;
    try {
      const known: Readonly<Record<string, string>> =
        this.#etag !== null && this.#file ? { 'if-none-match': this.#etag } : {};
      const answer = await this.#remote.request({
        method: 'POST',
        path: CONFIGURATION,
        headers: { accept: 'application/json', 'content-type': 'application/json', ...known },
        body: new TextEncoder().encode('{"flags":[]}'),
        timeoutMs: TIMEOUT_MS,
        maxBytes: this.#maxBytes,
        signal,
      });
      this.#take(answer);
    } catch (error) {
      this.#reached = false;
      this.#refusal = RemoteError.is(error) ? error : null;
      this.#fail(this.#wordsOf(error));
      // Nothing was sent: as soon as that may change, it is asked.
      if (this.#refusal) this.#askedAt = -Infinity;
    }
    this.#heard = true;
    if (this.version !== before && !signal.aborted) this.#changed();
  }

  #take(answer: HttpResponse): void {
    const { l10n, hash } = this.#deps;
    const { status, headers, body } = answer;
    this.#refusal = null;
    const waitMs = this.#closed.note(answer);
    this.#reached = status === 200 || (status === 304 && this.#file !== null);
    if (!this.#reached) {
      this.#fail(answerWords(this.path, answer, waitMs, l10n));
      return;
    }
    this.#problem = null;
    if (status === 304) return;
    const digest = hash.sha256(body);
    const read =
      digest === this.#file?.hash
        ? this.#file
        : readRelayAnswer(this.path, new TextDecoder().decode(body), digest, this.#deps);
    if (read) {
      this.#file = read;
      this.#etag = headers.etag ?? null;
      return;
    }
    // An answer that cannot be read is asked for whole again; the last good state stays.
    this.#etag = null;
    this.#reached = false;
    this.#fail(answerWords(this.path, answer, waitMs, l10n));
  }

  #wordsOf(error: unknown): string {
    const { t } = this.#deps.l10n;
    if (HttpError.is(error, 'tooLarge'))
      return t('{0} sends more than is read. Raise "maxMegabytes" of the environment.', this.path);
    return connectionWords(error, this.#deps.l10n);
  }

  #fail(message: string): void {
    this.#problem = { severity: 'error', code: 'goff.unreachable', message };
  }

  #listen(): void {
    if (this.#push || !this.#remote.listen) return;
    const push = (this.#push = new AbortController());
    void this.#run(push.signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    for (let failures = 0; !stopped(); failures++) {
      const opened = await this.#follow(signal);
      if (stopped()) return;
      if (opened) failures = 0;
      if (this.#pushed) {
        this.#pushed = false;
        // It may be gone: who looks now is to hear so.
        this.#askedAt = -Infinity;
        this.#changed();
      }
      await this.#pause(failures, signal).catch(() => undefined);
    }
  }

  /** Resolves with whether it was open, when it is no longer. Without a WebSocket it is only asked. */
  async #follow(signal: AbortSignal): Promise<boolean> {
    let opened = false;
    try {
      const asked = { path: CHANGES, tokenParameter: 'apiKey', maxMessageBytes: MAX_PUSH_BYTES, connectMs: CONNECT_MS };
      for await (const event of this.#remote.listen?.({ ...asked, signal }) ?? []) {
        opened = true;
        this.#pushed = true;
        // Once it is open too: what changed before is in the next answer only.
        if (this.#asking === null) this.#askNow();
        else this.#again = true;
        if (event.kind === 'open') this.#changed();
      }
    } catch (error) {
      if (!signal.aborted) this.#deps.log.info(`${this.path} is asked, it does not push: ${String(error)}`);
    }
    return opened;
  }

  /** Longer after every failure and never the same twice, so that not all clients come back at once. */
  #pause(failures: number, signal: AbortSignal): Promise<void> {
    const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10));
    const woken = new AbortController();
    this.#hurry = () => woken.abort();
    return sleep(this.#deps.clock, most * (0.5 + Math.random() / 2), AbortSignal.any([signal, woken.signal]));
  }
}
