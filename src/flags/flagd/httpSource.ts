import type { Problem } from '../../model/problem';
import type { HttpResponse } from '../../platform/http';
import type { Remote, RemoteError } from '../../platform/remotes';
import type { SystemDeps } from '../deps';
import { Turns } from '../turns';
import type { FlagFile } from './flagFile';
import type { FlagSource } from '../files/flagSource';
import { ClosedTime } from '../closedTime';
import { patiently } from '../patience';
import { tooOftenWords } from '../sourceWords';
import { RemoteText, silentWords } from './remoteText';

const TIMEOUT_MS = 10_000;
/** Files that change in a burst make us look again and again; the server is not asked each time. */
const ASKED_AGAIN_MS = 2_000;

/**
 * Definitions at a URL, as flagd's HTTP sync has them: asked again with the ETag of what is known whenever the project
 * is looked at.
 */
export class HttpSource implements FlagSource<FlagFile> {
  readonly kind = 'http';
  readonly path: string;
  readonly #at: string;
  readonly #remote: Remote;
  readonly #maxBytes: number;
  readonly #deps: SystemDeps;
  readonly #text: RemoteText;
  #etag: string | null = null;
  readonly #closed: ClosedTime;
  #askedAt = -Infinity;
  #asking: Promise<void> | null = null;
  #reached = false;
  /** An answer came, or a failure. */
  #heard = false;
  readonly #disposed = new AbortController();
  readonly #changed: () => void;

  constructor(
    of: { readonly name: string; readonly path: string; readonly maxBytes: number; readonly remote: Remote },
    deps: SystemDeps,
    changed: () => void,
  ) {
    this.#changed = changed;
    this.path = of.name;
    this.#at = of.path;
    this.#remote = of.remote;
    this.#maxBytes = of.maxBytes;
    this.#deps = deps;
    this.#closed = new ClosedTime(deps.clock);
    this.#text = new RemoteText(of.name, deps);
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

  async load(_turns: Turns, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    if (this.#asking === null) {
      if (clock.monotonic() - this.#askedAt < ASKED_AGAIN_MS || !this.#closed.isOver) return;
      this.#askedAt = clock.monotonic();
      this.#asking = this.#ask().finally(() => (this.#asking = null));
    }
    // Down the last time, it is not waited for: what it says is told when it comes.
    if (this.#heard && !this.#reached && this.refusal === null) return;
    await patiently(this.#asking, clock, signal);
    if (!this.#heard) this.#text.fail('flagd.unreachable', silentWords(this.path, this.#deps));
  }

  dispose(): void {
    this.#disposed.abort(new Error('disposed'));
  }

  /** Never rejects. */
  async #ask(): Promise<void> {
    const { signal } = this.#disposed;
    const before = this.version;
    try {
      const answer = await this.#remote.request({
        method: 'GET',
        path: this.#at,
        headers: {
          accept: 'application/json',
          ...(this.#etag !== null && this.file && { 'if-none-match': this.#etag }),
        },
        timeoutMs: TIMEOUT_MS,
        maxBytes: this.#maxBytes,
        signal,
      });
      await this.#take(answer, new Turns(this.#deps.clock), signal);
    } catch (error) {
      this.#reached = false;
      this.#text.unreachable(error);
      // Nothing was sent: as soon as that may change, it is asked.
      if (this.refusal !== null) this.#askedAt = -Infinity;
    }
    this.#heard = true;
    if (this.version !== before && !signal.aborted) this.#changed();
  }

  async #take({ status, headers, body }: HttpResponse, turns: Turns, signal: AbortSignal): Promise<void> {
    const { l10n, hash } = this.#deps;
    const known = this.file;
    const waitMs = this.#closed.note({ status, headers });
    this.#reached = status === 200 || (status === 304 && known !== null);
    if (!this.#reached) {
      this.#text.fail('flagd.unreachable', statusWords(this.path, status, waitMs, l10n));
      return;
    }
    if (status === 304 && known) return this.#text.take(known.text, known.hash, turns, signal);
    const text = new TextDecoder('utf-8').decode(body);
    await this.#text.take(text, hash.sha256(body), turns, signal);
    // The answer to a text that cannot be read is asked for whole again.
    this.#etag = this.file?.text === text ? (headers.etag ?? null) : null;
  }
}

function statusWords(name: string, status: number, waitMs: number, l10n: SystemDeps['l10n']): string {
  const { t } = l10n;
  if (status === 401 || status === 403)
    return t(
      '{0} refused to hand out its flags ({1}). Enter a token for it, or allow this machine there.',
      name,
      status,
    );
  if (status === 404) return t('There are no flags at {0} (404). Correct "source" in .sightglass.json.', name);
  if (status === 429) return tooOftenWords(name, waitMs, l10n);
  if (status >= 300 && status < 400)
    return t('{0} leads elsewhere ({1}), which is not followed. Name the right address in "source".', name, status);
  if (status >= 500) return t('{0} failed to give its flags ({1}). Look at its log.', name, status);
  return t('{0} answered {1} instead of flags. Is "source" in .sightglass.json right?', name, status);
}
