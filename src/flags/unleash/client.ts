import type * as z from 'zod';
import { jsonSchema } from '../../model/json';
import { HttpError, type HttpResponse } from '../../platform/http';
import type { Clock } from '../../platform/clock';
import type { L10n } from '../../platform/l10n';
import type { Remote } from '../../platform/remotes';
import { errorSchema } from './schema';
import { aboutWords, gaveUp } from '../rest/apiErrors';
import { aboutPath } from './aboutPath';
import { retryAfterMs } from '../rest/pace';
import { answerWords, noAnswerWords } from './errorWords';

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 32 * 1024 * 1024;
/** Answers to a single flag's questions. */
const FEW_BYTES = 4 * 1024 * 1024;
/** A 429 that says nothing is waited for longer each time. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
const LONGEST_TOLD_MS = 60 * 60_000;
/** Beyond so many addresses that are waited for, all are asked again. */
const MOST_CLOSED = 1_000;

/** Why Unleash did not do what it was asked, in words for people: what, where, what to do. */
export class UnleashError extends Error {
  override readonly name = 'UnleashError';
  constructor(
    /**
     * `approval`: changes to this environment go through a change request; `noAnswer`: it may have been done all the
     * same; `moved`: a JSON patch's `test` found another value; `unreadable`: an answer that is not as expected.
     */
    readonly reason:
      | 'signedOut'
      | 'forbidden'
      | 'approval'
      | 'notFound'
      | 'invalid'
      | 'tooMany'
      | 'server'
      | 'moved'
      | 'unreadable'
      | 'noAnswer',
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
  static is(error: unknown, ...reasons: UnleashError['reason'][]): error is UnleashError {
    return error instanceof UnleashError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}

interface Kept {
  readonly etag: string;
  readonly value: unknown;
}

/** Unleash's admin API over one remote. Rejects with {@link UnleashError}, RemoteError, or the signal's reason. */
export class UnleashClient {
  readonly #remote: Remote;
  readonly #clock: Clock;
  readonly #l10n: L10n;
  /** What said 429, by method and path: Unleash counts each of its questions apart. Monotonic ms, and how often in a row. */
  readonly #closed = new Map<string, { readonly until: number; readonly times: number }>();
  /** Lists are asked for every few seconds and rarely change: the server then says so in no bytes. */
  readonly #kept = new Map<string, Kept>();

  constructor(remote: Remote, clock: Clock, l10n: L10n) {
    this.#remote = remote;
    this.#clock = clock;
    this.#l10n = l10n;
  }

  get url(): string {
    return this.#remote.options.url.replace(/\/+$/, '');
  }

  async get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal, few = true): Promise<T> {
    const response = await this.#send({ method: 'GET', path, signal, maxBytes: few ? FEW_BYTES : MOST_BYTES });
    return this.#read(response, path, schema);
  }

  /** As {@link get}; the same object again while the server says that nothing changed. `path` must be one of few. */
  async getKept<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    const kept = this.#kept.get(path);
    const headers: Record<string, string> = kept ? { 'if-none-match': kept.etag } : {};
    const response = await this.#send({ method: 'GET', path, signal, maxBytes: MOST_BYTES, headers });
    if (response.status === 304 && kept) return kept.value as T;
    const value = this.#read(response, path, schema);
    const { etag } = response.headers;
    if (etag !== undefined) this.#kept.set(path, { etag, value });
    else this.#kept.delete(path);
    return value;
  }

  /**
   * Some writes answer with the new state, some (on, off) with nothing: the body as JSON, or null. Something else is not
   * Unleash's, whatever its status.
   */
  async write(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    const response = await this.#send({ method, path, body, signal, maxBytes: FEW_BYTES });
    return response.body.length === 0 ? null : this.#read(response, path, jsonSchema);
  }

  async ask<T>(path: string, body: unknown, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    const response = await this.#send({ method: 'POST', path, body, signal, maxBytes: MOST_BYTES });
    return this.#read(response, path, schema);
  }

  forget(): void {
    this.#closed.clear();
    this.#kept.clear();
  }

  #read<T>(response: HttpResponse, path: string, schema: z.ZodType<T>): T {
    const read = schema.safeParse(parsed(response));
    if (read.success) return read.data;
    const issue = read.error.issues[0];
    const where = issue?.path.join('.') ?? '';
    throw new UnleashError(
      'unreadable',
      this.#l10n.t(
        'Unleash at {0} answered {1} in a way that cannot be read ({2}: {3}). Is this the address of an Unleash server?',
        this.#asked(path),
        path.split('?')[0] ?? path,
        where === '' ? 'JSON' : where,
        issue?.message ?? '',
      ),
    );
  }

  async #send(asked: {
    readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
    readonly path: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    readonly maxBytes: number;
    readonly signal: AbortSignal;
  }): Promise<HttpResponse> {
    const { method, path, body, maxBytes, signal } = asked;
    const question = `${method} ${path.split('?')[0] ?? path}`;
    const wait = (this.#closed.get(question)?.until ?? Number.NEGATIVE_INFINITY) - this.#clock.monotonic();
    if (wait > 0) throw this.#tooMany(path, wait);
    let response: HttpResponse;
    try {
      response = await this.#remote.request({
        method,
        path,
        timeoutMs: TIMEOUT_MS,
        maxBytes,
        signal,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...asked.headers,
        },
        ...(body !== undefined && { body: new TextEncoder().encode(JSON.stringify(body)) }),
      });
    } catch (error) {
      if (signal.aborted || !(error instanceof HttpError)) throw error;
      throw new UnleashError('noAnswer', noAnswerWords(this.#asked(path), error, this.#l10n));
    }
    if (response.status === 429) throw this.#tooMany(path, this.#close(question, response));
    this.#closed.delete(question);
    if (response.status === 304 || (response.status >= 200 && response.status < 300)) return response;
    throw this.#failed(path, response);
  }

  /** How long it is not asked, in milliseconds. */
  #close(question: string, { headers }: HttpResponse): number {
    const times = (this.#closed.get(question)?.times ?? 0) + 1;
    const backoff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(times - 1, 10));
    const told = retryAfterMs({ 'retry-after': headers['ratelimit-reset'] ?? '', ...headers }, this.#clock.now());
    const wait = Math.min(LONGEST_TOLD_MS, told ?? backoff * (0.5 + Math.random() / 2));
    if (this.#closed.size >= MOST_CLOSED) this.#closed.clear();
    this.#closed.set(question, { until: this.#clock.monotonic() + wait, times });
    return wait;
  }

  /** Its address, and what it was asked about. */
  #asked(path: string): string {
    const about = aboutPath(path);
    return about ? this.#l10n.t('{0} (asked about {1})', this.url, aboutWords(about, this.#l10n)) : this.url;
  }

  #tooMany(path: string, wait: number): UnleashError {
    return new UnleashError('tooMany', answerWords(this.#asked(path), 429, 'tooMany', '', wait, this.#l10n), wait);
  }

  #failed(path: string, response: HttpResponse): UnleashError {
    const { status } = response;
    const answer = errorSchema.safeParse(parsed(response)).data;
    const said = answer?.details[0]?.message ?? answer?.message ?? '';
    const reason = reasonOf(status, said);
    return new UnleashError(reason, answerWords(this.#asked(path), status, reason, said, null, this.#l10n));
  }
}

function reasonOf(status: number, said: string): UnleashError['reason'] {
  // The whole document follows; its patch library's name for a `test` that failed comes as a 500.
  if (said.includes('TEST_OPERATION_FAILED')) return 'moved';
  if (status === 401) return 'signedOut';
  if (status === 403) return said.includes('SKIP_CHANGE_REQUEST') ? 'approval' : 'forbidden';
  if (status === 404 || status === 410) return 'notFound';
  if (gaveUp(status)) return 'noAnswer';
  return status >= 500 ? 'server' : 'invalid';
}

/** Errors of proxies and of the rate limiter are HTML. */
function parsed({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
