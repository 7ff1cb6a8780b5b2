import type { BackendConfig } from '../../model/config';
import type { ServiceGraph } from '../../model/serviceGraph';
import type { Window } from '../../model/signal';
import { HttpError, type HttpResponse } from '../../platform/http';
import type { L10n } from '../../platform/l10n';
import { RemoteError, type Remote, type Remotes } from '../../platform/remotes';
import { readDependencies, type Dependencies } from './dependencies';

const timeoutMs = 10_000;
const mostBytes = 8 * 2 ** 20;

/**
 * Who calls whom by Jaeger: `/api/v3/dependencies` (its query API 3, with RFC 3339 times) or, where the server does not
 * have that yet, `/api/dependencies` (`endTs` and `lookback` in milliseconds). Jaeger tells services apart, neither
 * operations nor environments nor times; with storages other than memory it counts in jobs of its own, once a day.
 */
export class JaegerGraph {
  readonly name: string;
  readonly #remote: Remote;
  readonly #where: string;
  readonly #environments: readonly string[];
  readonly #tenant: string | undefined;
  readonly #l10n: L10n;

  constructor(config: BackendConfig, { remotes, l10n }: { readonly remotes: Remotes; readonly l10n: L10n }) {
    const { id, type, url, environments, tenant } = config;
    this.#remote = remotes.remote({ id, type, url, authorization: 'bearer', tokenOptional: true });
    this.name = `Jaeger ${id}`;
    this.#where = l10n.t('Jaeger "{0}" at {1}', id, this.#remote.origin);
    this.#environments = environments;
    this.#tenant = tenant;
    this.#l10n = l10n;
  }

  /** Null: it holds other environments than the asked one. Rejects with an Error whose message is for people. */
  async serviceGraph(asked: string, window: Window, signal: AbortSignal): Promise<ServiceGraph | null> {
    const [alone] = this.#environments;
    if (alone !== undefined && !this.#environments.includes(asked)) return null;
    const { edges, services, partial } = await this.#dependencies(window, signal);
    const environment = this.#environments.length === 1 ? (alone ?? '') : '';
    return { edges: [...edges], services: [...services], environment, partial };
  }

  async #dependencies({ from, to }: Window, signal: AbortSignal): Promise<Dependencies> {
    const times = { startTime: new Date(from).toISOString(), endTime: new Date(to).toISOString() };
    const third = await this.#get(`/api/v3/dependencies?${new URLSearchParams(times).toString()}`, signal);
    const read = third.status === 200 ? this.#read(third) : null;
    if (read) return read;
    // Older ones answer 404, or 200 with their page.
    if (third.status !== 200 && ![400, 404, 405, 501].includes(third.status)) throw this.#refusal(third);
    const lookback = { endTs: String(Math.round(to)), lookback: String(Math.round(to - from)) };
    const older = await this.#get(`/api/dependencies?${new URLSearchParams(lookback).toString()}`, signal);
    if (older.status !== 200) throw this.#refusal(older);
    const known = this.#read(older);
    if (known) return known;
    throw new Error(
      this.#l10n.t('{0} is no Jaeger: its answer holds no dependencies. Is a path missing in its "url"?', this.#where),
    );
  }

  async #get(path: string, signal: AbortSignal): Promise<HttpResponse> {
    const headers = {
      accept: 'application/json',
      ...(this.#tenant === undefined ? {} : { 'x-tenant': this.#tenant }),
    };
    try {
      return await this.#remote.request({ method: 'GET', path, headers, signal, timeoutMs, maxBytes: mostBytes });
    } catch (error) {
      signal.throwIfAborted();
      if (RemoteError.is(error)) throw error;
      if (HttpError.is(error, 'timeout'))
        throw new Error(this.#l10n.t('{0} did not answer in time.', this.#where), { cause: error });
      if (HttpError.is(error, 'tooLarge'))
        throw new Error(this.#l10n.t('The answer of {0} is too large. Choose a shorter window.', this.#where), {
          cause: error,
        });
      throw new Error(this.#l10n.t('{0} cannot be reached.', this.#where), { cause: error });
    }
  }

  #read({ body }: HttpResponse): Dependencies | null {
    try {
      return readDependencies(body);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw new Error(this.#l10n.t('{0} could not answer: {1}', this.#where, said), { cause: error });
    }
  }

  #refusal({ status }: HttpResponse): Error {
    return new Error(
      status === 401 || status === 403
        ? this.#l10n.t('{0} wants another token ({1}). Sign in again.', this.#where, status)
        : this.#l10n.t('{0} could not answer ({1}).', this.#where, status),
    );
  }
}
