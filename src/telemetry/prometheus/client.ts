import type { Clock } from '../../platform/clock';
import type { HttpResponse } from '../../platform/http';
import type { Remote } from '../../platform/remotes';
import type { Window } from '../../model/signal';
import { failureOf, PromError, refusalOf, type Asked } from './failure';
import {
  PromAnswerError,
  readEnvelope,
  readExemplars,
  readNames,
  readRows,
  type PromExemplar,
  type Rows,
} from './response';

const timeoutMs = 10_000;
/** Beyond these an answer is cut, and said to be partial. */
const mostBytes = 16 * 2 ** 20;
const mostSeries = 5_000;
const mostNames = 2_000;
const mostExemplars = 200;
const mostCached = 256;
/** Requests at a time: a server has others to serve. */
const atOnce = 4;
/** After a failure the server is left alone: twice as long each time. */
const firstPauseMs = 2_000;
const longestPauseMs = 120_000;

/** How long answers may be told again. What the unfinished minute holds changes with every scrape. */
export const fresh = { series: 15_000, listing: 60_000, names: 300_000 } as const;

interface Held {
  readonly answer: Promise<unknown>;
  readonly until: number;
}

/**
 * One Prometheus-compatible server. Equal questions are asked once and told again while they are fresh; a server in
 * trouble is left alone for a while. Rejects with {@link PromError}, or the signal's reason.
 */
export class PromClient {
  readonly #remote: Remote;
  readonly #clock: Clock;
  readonly #asked: Asked;
  readonly #held = new Map<string, Held>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #failures = 0;
  #closed: { readonly until: number; readonly error: PromError } | null = null;
  #postIsRefused = false;

  constructor(of: { readonly remote: Remote; readonly clock: Clock } & Asked) {
    this.#remote = of.remote;
    this.#clock = of.clock;
    this.#asked = of;
  }

  /** Consent, token or network are other than they were: asks anew. What is known stays known. */
  retry(): void {
    this.#closed = null;
    this.#failures = 0;
  }

  /** Values of `__name__` that match a pattern, of series of the last hour. */
  metricNames(pattern: string, now: number, signal: AbortSignal): Promise<readonly string[]> {
    const parameters = {
      'match[]': `{__name__=~${JSON.stringify(pattern)}}`,
      ...lastHour(now),
      limit: String(mostNames),
    };
    return this.#ask('GET', '/api/v1/label/__name__/values', parameters, fresh.names, signal, (data) =>
      readNames(data, mostNames),
    );
  }

  /** Names of the labels that series of the last hour have. */
  labelNames(series: string, now: number, signal: AbortSignal): Promise<readonly string[]> {
    const parameters = { 'match[]': series, ...lastHour(now) };
    return this.#ask('POST', '/api/v1/labels', parameters, fresh.names, signal, (data) => readNames(data, mostNames));
  }

  instant(query: string, at: number, freshMs: number, signal: AbortSignal): Promise<Rows> {
    return this.#query('/api/v1/query', { query, time: seconds(at) }, freshMs, signal);
  }

  /** At `from`, `from + stepMs`, ... up to `to`. */
  range(query: string, { from, to }: Window, stepMs: number, signal: AbortSignal): Promise<Rows> {
    const parameters = { query, start: seconds(from), end: seconds(to), step: seconds(stepMs) };
    return this.#query('/api/v1/query_range', parameters, fresh.series, signal);
  }

  exemplars(query: string, { from, to }: Window, signal: AbortSignal): Promise<readonly PromExemplar[]> {
    const parameters = { query, start: seconds(from), end: seconds(to) };
    return this.#ask('POST', '/api/v1/query_exemplars', parameters, fresh.series, signal, (data) =>
      readExemplars(data, mostExemplars),
    );
  }

  /** `nocache`: VictoriaMetrics else moves the ends to its own grid and repeats the last but one value at the newest. */
  #query(path: string, parameters: Record<string, string>, freshMs: number, signal: AbortSignal): Promise<Rows> {
    const bounds = { timeout: `${timeoutMs / 1_000 - 1}s`, limit: String(mostSeries), nocache: '1' };
    return this.#ask('POST', path, { ...parameters, ...bounds }, freshMs, signal, (data, partial) => {
      const read = readRows(data, mostSeries);
      return { ...read, partial: read.partial || partial };
    });
  }

  async #ask<T>(
    method: 'GET' | 'POST',
    path: string,
    parameters: Readonly<Record<string, string>>,
    freshMs: number,
    signal: AbortSignal,
    read: (data: unknown, partial: boolean) => T,
  ): Promise<T> {
    signal.throwIfAborted();
    // "Now" and the two ends of "the last hour" slide; the answer is the same for as long as it is fresh.
    const { start, end, ...rest } = parameters;
    const key = JSON.stringify([path, { ...rest, time: null }, freshMs === fresh.series ? [start, end] : null]);
    const now = this.#clock.monotonic();
    const known = this.#held.get(key);
    if (known && known.until > now) return wanted(known.answer as Promise<T>, signal);
    if (this.#closed && this.#closed.until > now) throw this.#closed.error;
    const form = new URLSearchParams(parameters).toString();
    const answer = this.#inTurn(() => this.#send(method, path, form)).then((response) =>
      this.#understand(response, read),
    );
    this.#held.delete(key);
    this.#held.set(key, { answer, until: now + freshMs });
    for (const oldest of this.#held.keys()) if (this.#held.size > mostCached) this.#held.delete(oldest);
    answer.then(
      () => this.retry(),
      (error: unknown) => {
        // A question it refused, it refuses again; what else went wrong is looked after in `#failed`.
        const isRefused = error instanceof PromError && error.kind === 'question';
        if (this.#held.get(key)?.answer === answer && !isRefused) this.#held.delete(key);
        this.#failed(error);
      },
    );
    return wanted(answer, signal);
  }

  async #inTurn<T>(run: () => Promise<T>): Promise<T> {
    if (this.#running >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await run();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  /** Asked once for all who want it, so none of them can call it off: its own timeout ends it. */
  async #send(method: 'GET' | 'POST', path: string, form: string): Promise<HttpResponse> {
    const { tenant } = this.#asked;
    const headers = { accept: 'application/json', ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }) };
    const bounds = { timeoutMs, maxBytes: mostBytes };
    // It may have failed another while this one waited for its turn.
    if (this.#closed && this.#closed.until > this.#clock.monotonic()) throw this.#closed.error;
    try {
      if (method === 'POST' && !this.#postIsRefused) {
        const answer = await this.#remote.request({
          ...bounds,
          method,
          path,
          headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
          body: new TextEncoder().encode(form),
        });
        // Proxies that let only reading through refuse POST; GET asks the same.
        if (answer.status !== 405) return answer;
        this.#postIsRefused = true;
      }
      return await this.#remote.request({ ...bounds, method: 'GET', path: `${path}?${form}`, headers });
    } catch (error) {
      throw failureOf(error, this.#asked);
    }
  }

  #understand<T>(response: HttpResponse, read: (data: unknown, partial: boolean) => T): T {
    if (response.status !== 200) throw refusalOf(response, this.#asked);
    try {
      const { data, partial } = readEnvelope(response.body);
      return read(data, partial);
    } catch (error) {
      if (error instanceof PromAnswerError) throw refusalOf(response, this.#asked);
      throw error;
    }
  }

  #failed(error: unknown): void {
    if (!(error instanceof PromError) || error.kind !== 'server' || error === this.#closed?.error) return;
    const pause = Math.min(firstPauseMs * 2 ** this.#failures, longestPauseMs);
    this.#failures += 1;
    this.#closed = { until: this.#clock.monotonic() + Math.max(pause, error.retryAfterMs ?? 0), error };
  }
}

const seconds = (ms: number): string => String(ms / 1_000);
const lastHour = (now: number): { start: string; end: string } => ({
  start: seconds(now - 3_600_000),
  end: seconds(now),
});

/** The answer, unless the one who asked no longer wants it by then. */
async function wanted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const value = await answer;
  signal.throwIfAborted();
  return value;
}
