import * as z from 'zod';
import { sleep, type Clock } from '../../platform/clock';
import { HttpError, type HttpResponse } from '../../platform/http';
import type { L10n } from '../../platform/l10n';
import type { Remote } from '../../platform/remotes';
import {
  aboutWords,
  answerWords,
  ApiError,
  gaveUp,
  noAnswerWords,
  saidWords,
  type About,
  type ApiTerms,
  type Refusal,
} from './apiErrors';
import { Pace, type Limits } from './pace';

const TIMEOUT_MS = 10_000;
const FEW_BYTES = 4 * 1024 * 1024;
const MOST_BYTES = 32 * 1024 * 1024;
/** Beyond a window of the limits, a little is waited for. */
const LITTLE_MS = 1_000;

/** One question or order. `urgent`: a person waits for it. */
export interface Asked {
  readonly about: About;
  readonly signal: AbortSignal;
  readonly urgent?: boolean;
}

/** What tells one system's API from another's. */
export interface ApiProfile extends Omit<ApiTerms, 'url'> {
  readonly headers: Readonly<Record<string, string>>;
  /** Without a token it is asked all the same. Absent: it is not. */
  readonly tokenOptional?: boolean;
  readonly limits: Limits;
  /** What a status means here; undefined: what it means everywhere. `said`: the answer, where it is JSON. */
  readonly refusalOf: (status: number, said: SaidError) => Refusal | undefined;
}

const errorSchema = z.looseObject({
  code: z.string().nullish().catch(null),
  message: z.string().nullish().catch(null),
});
export type SaidError = z.infer<typeof errorSchema>;

interface Kept {
  readonly etag: string;
  readonly value: unknown;
}

/** A REST API over one remote. Rejects with {@link ApiError}, RemoteError, or the signal's reason. */
export class ApiClient {
  readonly #remote: Remote;
  readonly #profile: ApiProfile;
  readonly #clock: Clock;
  readonly #l10n: L10n;
  readonly #pace: Pace;
  /** Answers that came with an ETag: asked for again on condition. */
  readonly #kept = new Map<string, Kept>();

  constructor(remote: Remote, profile: ApiProfile, clock: Clock, l10n: L10n) {
    this.#remote = remote;
    this.#profile = profile;
    this.#clock = clock;
    this.#l10n = l10n;
    this.#pace = new Pace(clock, profile.limits);
  }

  get url(): string {
    return this.#remote.options.url.replace(/\/+$/, '');
  }

  /** Milliseconds for which nothing should be asked that nobody waits for. */
  get restMs(): number {
    return this.#pace.waitMs(false);
  }

  get #terms(): ApiTerms {
    return { ...this.#profile, url: this.url };
  }

  /** Longer is not waited for with a request in hand. */
  get #mostWaitMs(): number {
    return this.#profile.limits.windowMs + LITTLE_MS;
  }

  async get<T>(path: string, schema: z.ZodType<T>, asked: Asked): Promise<T> {
    const response = await this.#send('GET', path, undefined, FEW_BYTES, asked);
    return this.#read(response, schema, asked.about);
  }

  /** As {@link get}; the same object again where the server offers ETags and says that nothing changed. */
  async getKept<T>(path: string, schema: z.ZodType<T>, asked: Asked): Promise<T> {
    const kept = this.#kept.get(path);
    const response = await this.#send('GET', path, undefined, MOST_BYTES, asked, kept?.etag);
    if (response.status === 304 && kept) return kept.value as T;
    const value = this.#read(response, schema, asked.about);
    const { etag } = response.headers;
    if (etag === undefined) this.#kept.delete(path);
    else this.#kept.set(path, { etag, value });
    return value;
  }

  /**
   * The ETag of what stands there, `known` again while nothing changed; null without one, or for what is no JSON. The body
   * is let go of unread. Rejects with `unreadable` where it is too large to come at all.
   */
  async etagOf(path: string, known: string | null, asked: Asked): Promise<string | null> {
    const { status, headers } = await this.#send('GET', path, undefined, MOST_BYTES, asked, known ?? undefined);
    if (status === 304) return known;
    return /\bjson\b/i.test(headers['content-type'] ?? '') ? (headers.etag ?? null) : null;
  }

  async write<T>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    asked: Asked,
  ): Promise<T> {
    const response = await this.#send(method, path, body, FEW_BYTES, { ...asked, urgent: true });
    return this.#read(response, schema, asked.about);
  }

  forget(): void {
    this.#kept.clear();
    this.#pace.forget();
  }

  #read<T>(response: HttpResponse, schema: z.ZodType<T>, about: About): T {
    const json = parsed(response);
    const read = schema.safeParse(json);
    if (read.success) return read.data;
    const issue = read.error.issues[0];
    const where = json === undefined ? 'JSON' : (issue?.path.join('.') ?? '');
    throw new ApiError(
      'unreadable',
      this.#l10n.t(
        '{0} at {1} answered about {2} in a way that cannot be read ({3}: {4}). Is this its address?',
        this.#profile.name,
        this.url,
        aboutWords(about, this.#l10n),
        where,
        issue?.message ?? '',
      ),
    );
  }

  async #send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body: unknown,
    maxBytes: number,
    asked: Asked,
    etag?: string,
  ): Promise<HttpResponse> {
    const { signal, about } = asked;
    for (let again = method === 'GET'; ; again = false) {
      await this.#wait(asked);
      const headers = {
        accept: 'application/json',
        ...this.#profile.headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(etag !== undefined && { 'if-none-match': etag }),
      };
      let response: HttpResponse;
      try {
        response = await this.#remote.request({
          method,
          path,
          headers,
          timeoutMs: TIMEOUT_MS,
          maxBytes,
          signal,
          ...(body !== undefined && { body: new TextEncoder().encode(JSON.stringify(body)) }),
        });
      } catch (error) {
        if (signal.aborted || !(error instanceof HttpError)) throw error;
        const words = noAnswerWords(this.#terms, aboutWords(about, this.#l10n), error, this.#l10n);
        throw new ApiError(error.reason === 'tooLarge' ? 'unreadable' : 'noAnswer', words);
      }
      this.#pace.heard(response.status, response.headers);
      const { status } = response;
      if (status === 304 || (status >= 200 && status < 300)) return response;
      if (status !== 429) throw this.#failed(response, about, 0);
      const wait = this.#pace.refused(response.headers);
      if (!again || wait > this.#mostWaitMs) throw this.#failed(response, about, wait);
    }
  }

  /** Until the limits allow it; rejects with `tooMany`, nothing sent, where that takes longer than a window. */
  async #wait({ signal, urgent, about }: Asked): Promise<void> {
    const wait = this.#pace.waitMs(urgent === true);
    if (wait <= 0) return;
    if (wait > this.#mostWaitMs) {
      const place = aboutWords(about, this.#l10n);
      throw new ApiError('tooMany', answerWords(this.#terms, place, 429, 'tooMany', '', wait, this.#l10n));
    }
    await sleep(this.#clock, wait, signal);
  }

  #failed(response: HttpResponse, about: About, wait: number): ApiError {
    const { status } = response;
    const json = parsed(response);
    const answer = errorSchema.safeParse(json).data ?? {};
    const refusal = this.#profile.refusalOf(status, answer) ?? refusalOf(status);
    const said = saidWords(answer.message ?? '');
    const place = aboutWords(about, this.#l10n);
    return new ApiError(refusal, answerWords(this.#terms, place, status, refusal, said, wait, this.#l10n), json);
  }
}

function refusalOf(status: number): Refusal {
  switch (status) {
    case 401:
      return 'signedOut';
    case 402:
      return 'unpaid';
    case 403:
      return 'forbidden';
    case 404:
    case 410:
      return 'notFound';
    case 409:
    case 412:
      return 'moved';
    case 423:
      return 'locked';
    case 429:
      return 'tooMany';
    default:
      if (gaveUp(status)) return 'noAnswer';
      return status >= 500 ? 'server' : 'invalid';
  }
}

/** Errors of proxies and of rate limiters are HTML. */
function parsed({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
