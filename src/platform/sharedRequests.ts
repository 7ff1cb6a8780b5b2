import { HttpError, type Http, type HttpRequest, type HttpResponse } from './http';

/** So many requests to one origin at a time; the others wait their turn. */
const atOnce = 6;

interface Shared {
  readonly answer: Promise<HttpResponse>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * Spares servers: equal GETs that are under way at the same time are sent once, and no origin is asked more than six
 * things at once. A request is given up when all who wait for it have given up.
 */
export class SharedRequests implements Http {
  readonly #http: Http;
  readonly #shared = new Map<string, Shared>();
  readonly #running = new Map<string, number>();
  readonly #queue: { readonly origin: string; readonly go: () => void }[] = [];

  constructor(http: Http) {
    this.#http = http;
  }

  request(asked: HttpRequest): Promise<HttpResponse> {
    if (asked.method !== 'GET' || asked.body) return this.#inTurn(asked);
    const { signal, ...rest } = asked;
    const key = JSON.stringify(rest);
    let shared = this.#shared.get(key);
    if (!shared) {
      const stop = new AbortController();
      shared = { answer: this.#inTurn({ ...rest, signal: stop.signal }), stop, waiting: 0 };
      this.#shared.set(key, shared);
      const done = (): void => {
        if (this.#shared.get(key) === shared) this.#shared.delete(key);
      };
      shared.answer.then(done, done);
    }
    return this.#join(shared, asked, () => this.#shared.delete(key), signal);
  }

  async #join(shared: Shared, asked: HttpRequest, forget: () => void, signal?: AbortSignal): Promise<HttpResponse> {
    shared.waiting++;
    try {
      return await abortable(shared.answer, asked, signal);
    } finally {
      if (--shared.waiting === 0 && signal?.aborted) {
        // Whoever asks from now on gets a request of its own.
        forget();
        shared.stop.abort(signal.reason);
      }
    }
  }

  async #inTurn(asked: HttpRequest): Promise<HttpResponse> {
    const { origin } = new URL(asked.url);
    await this.#turn(origin, asked);
    try {
      return await this.#http.request(asked);
    } finally {
      this.#release(origin);
    }
  }

  #release(origin: string): void {
    this.#running.set(origin, (this.#running.get(origin) ?? 1) - 1);
    const next = this.#queue.findIndex((one) => one.origin === origin);
    if (next !== -1) this.#queue.splice(next, 1)[0]?.go();
  }

  /** Waiting counts as much as asking: no longer than the request itself may take. */
  async #turn(origin: string, asked: HttpRequest): Promise<void> {
    const take = (): void => void this.#running.set(origin, (this.#running.get(origin) ?? 0) + 1);
    if ((this.#running.get(origin) ?? 0) < atOnce) {
      take();
      return;
    }
    const late = AbortSignal.timeout(asked.timeoutMs);
    let go = (): void => undefined;
    const turn = new Promise<void>((resolve) => (go = resolve));
    const place = {
      origin,
      go: () => {
        take();
        go();
      },
    };
    this.#queue.push(place);
    try {
      await abortable(turn, asked, asked.signal ? AbortSignal.any([late, asked.signal]) : late);
    } catch (error) {
      const at = this.#queue.indexOf(place);
      if (at !== -1) this.#queue.splice(at, 1);
      // Its turn came in the same moment.
      else this.#release(origin);
      if (!late.aborted) throw error;
      throw new HttpError('timeout', asked.url, `${origin} is busy: its turn did not come in ${asked.timeoutMs} ms`);
    }
  }
}

/** Rejects as soon as the signal fires; what it waited for goes on for others. */
async function abortable<T>(waited: Promise<T>, { url }: HttpRequest, signal?: AbortSignal): Promise<T> {
  if (!signal) return waited;
  const given = (): HttpError => new HttpError('aborted', url, `The request to ${new URL(url).origin} was given up`);
  if (signal.aborted) {
    waited.catch(() => undefined);
    throw given();
  }
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(given());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([waited, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
