import { baseAddress, reachOf, type Reach } from './addresses';
import type { AllowedOrigins } from './allowedOrigins';
import { DisposableStack, type Disposable } from './disposable';
import { Emitter, type Event } from './emitter';
import { GrpcError, type Grpc } from './grpc';
import type { Http, HttpRequest, HttpResponse } from './http';
import type { L10n } from './l10n';
import type { Log } from './log';
import {
  RemoteError,
  type Remote,
  type RemoteOptions,
  type RemoteRequest,
  type Remotes,
  type RemoteSocketRequest,
  type RemoteStreamRequest,
} from './remotes';
import { SharedRequests } from './sharedRequests';
import type { SocketEvent, Sockets } from './sockets';
import { isTokenText, type Tokens } from './tokens';
import { withoutToken, withoutTokenIn } from './withoutToken';

/** A server that was to be asked and was not, or that did not accept the token: what the person could do about it. */
export interface WaitingServer {
  readonly options: RemoteOptions;
  readonly origin: string;
  readonly reach: Reach;
  /** `refused`: it answered 401 to what was sent. */
  readonly reason: RemoteError['reason'] | 'refused';
}

export interface GuardedRemotesOf {
  readonly http: Http;
  /** Absent where the platform has no gRPC. */
  readonly grpc?: Grpc;
  /** Absent where the platform has no WebSockets. */
  readonly sockets?: Sockets;
  readonly origins: Pick<AllowedOrigins, 'has' | 'onDidChange'>;
  readonly tokens: Tokens;
  readonly trusted: () => boolean;
  readonly onDidTrust: Event<void>;
  /** What the person can do, in the words of where they are: the editor's view, or a terminal. */
  readonly advice: (reason: 'notAllowed' | 'noToken' | 'untrusted', server: RemoteOptions) => string;
  readonly l10n: L10n;
  readonly log: Log;
}

/** Same-origin redirects of a GET that are followed (a missing slash, a moved path). */
const mostRedirects = 3;

/**
 * The one door to configured servers. A request goes out only when the workspace is trusted, this machine has said yes
 * to the origin and the token, where one is wanted, was given for that very origin. The token is put on here and
 * nowhere else, and taken out of every error.
 */
export class GuardedRemotes implements Remotes, Disposable {
  readonly #of: GuardedRemotesOf;
  readonly #http: Http;
  readonly #held = new DisposableStack();
  readonly #changed: Emitter<void>;
  readonly #waitingChanged: Emitter<void>;
  readonly onDidChange: Event<void>;
  /** {@link GuardedRemotes.waiting} differs. */
  readonly onDidChangeWaiting: Event<void>;
  readonly #waiting = new Map<string, WaitingServer>();

  constructor(of: GuardedRemotesOf) {
    this.#of = of;
    this.#http = new SharedRequests(of.http);
    const report = (error: unknown): void => of.log.error('A listener failed', error);
    this.#changed = new Emitter(report);
    this.#waitingChanged = new Emitter(report);
    this.onDidChange = this.#changed.event;
    this.onDidChangeWaiting = this.#waitingChanged.event;
    for (const event of [of.origins.onDidChange, of.tokens.onDidChange, of.onDidTrust])
      this.#held.add(event(() => void this.#lookAgain()));
  }

  /** Newest finding by server; a server that is no longer configured may still be among them. */
  get waiting(): readonly WaitingServer[] {
    return [...this.#waiting.values()];
  }

  remote(options: RemoteOptions): Remote {
    return this.#remote(options, (origin) => this.#of.tokens.get(options, origin), true);
  }

  /** A remote that sends this token instead of the kept one, to try it before it is kept. */
  candidate(options: RemoteOptions, token: string): Remote {
    return this.#remote(options, () => Promise.resolve(token === '' ? undefined : token), false);
  }

  dispose(): void {
    this.#held.dispose();
    this.#changed.dispose();
    this.#waitingChanged.dispose();
  }

  #remote(options: RemoteOptions, tokenFor: (origin: string) => Promise<string | undefined>, noted: boolean): Remote {
    const base = baseAddress(options.url);
    const look = (): Promise<RemoteError | { readonly token: string | undefined }> =>
      this.#admission(options, base?.origin ?? null, tokenFor);
    const admit = async (): Promise<string | undefined> => {
      const found = await look();
      if (noted) this.#note(options, base?.origin ?? '', found instanceof RemoteError ? found.reason : null);
      if (found instanceof RemoteError) throw found;
      return found.token;
    };
    return {
      options,
      origin: base?.origin ?? '',
      refusal: () =>
        admit().then(
          () => null,
          (error: unknown) => {
            if (RemoteError.is(error)) return error;
            throw error;
          },
        ),
      request: async (asked) => {
        const token = await admit();
        // `admit` refuses what has no base.
        const { origin, path } = base ?? { origin: '', path: '' };
        const answer = await this.#send(origin, path, asked, headerOf(options.authorization, token), token);
        if (noted && answer.status === 401) this.#note(options, origin, 'refused');
        if (noted && answer.status < 400) this.#accepted(options, origin);
        return answer;
      },
      ...(this.#of.grpc && {
        stream: (asked) => this.#stream(base ?? { origin: '', path: '' }, asked, options, admit, look),
      }),
      ...(this.#of.sockets && {
        listen: (asked) => this.#listen(base ?? { origin: '', path: '' }, asked, options, admit, look),
      }),
    };
  }

  async *#stream(
    { origin, path: basePath }: { readonly origin: string; readonly path: string },
    { path, headers, signal, ...rest }: RemoteStreamRequest,
    options: RemoteOptions,
    admit: () => Promise<string | undefined>,
    look: () => Promise<RemoteError | { readonly token: string | undefined }>,
  ): AsyncGenerator<Uint8Array> {
    const token = await admit();
    const url = this.#urlOf(origin, basePath, path);
    const watched = this.#whileAdmitted(token, look, signal);
    const sent = withAuthorization(headers, headerOf(options.authorization, token));
    try {
      for await (const message of this.#of.grpc?.stream({ ...rest, url, headers: sent, signal: watched.signal }) ??
        []) {
        this.#accepted(options, origin);
        yield message;
      }
    } catch (error) {
      if (GrpcError.is(error, 16)) this.#note(options, origin, 'refused');
      throw withoutToken(error, token);
    } finally {
      watched.dispose();
    }
  }

  async *#listen(
    { origin, path: basePath }: { readonly origin: string; readonly path: string },
    { path, headers, tokenParameter, signal, ...rest }: RemoteSocketRequest,
    options: RemoteOptions,
    admit: () => Promise<string | undefined>,
    look: () => Promise<RemoteError | { readonly token: string | undefined }>,
  ): AsyncGenerator<SocketEvent> {
    const token = await admit();
    const url = new URL(this.#urlOf(origin, basePath, path));
    if (token !== undefined) url.searchParams.set(tokenParameter, token);
    const watched = this.#whileAdmitted(token, look, signal);
    const sent = withAuthorization(headers, headerOf(options.authorization, token));
    const asked = { ...rest, url: url.href, headers: sent, signal: watched.signal };
    try {
      yield* this.#of.sockets?.listen(asked) ?? [];
    } catch (error) {
      throw withoutToken(error, token);
    } finally {
      watched.dispose();
    }
  }

  /** A stream can outlive the consent and the token it was opened with: they are looked at again whenever they may differ. */
  #whileAdmitted(
    token: string | undefined,
    look: () => Promise<RemoteError | { readonly token: string | undefined }>,
    signal: AbortSignal | undefined,
  ): Disposable & { readonly signal: AbortSignal } {
    const stop = new AbortController();
    const listening = this.onDidChange(() => {
      void look().then(
        (found) => {
          if (found instanceof RemoteError || found.token !== token) stop.abort(found);
        },
        (error: unknown) => stop.abort(error),
      );
    });
    const signals = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    return { signal: signals, dispose: () => listening.dispose() };
  }

  /** Throws {@link RemoteError} for a path that leads out of the origin. */
  #urlOf(origin: string, basePath: string, path: string): string {
    const url = `${origin}${basePath}${path}`;
    if (path.startsWith('/') && new URL(url).origin === origin) return url;
    throw new RemoteError('badAddress', origin, this.#of.l10n.t('{0} is no path of {1}.', path.slice(0, 100), origin));
  }

  async #admission(
    options: RemoteOptions,
    origin: string | null,
    tokenFor: (origin: string) => Promise<string | undefined>,
  ): Promise<RemoteError | { readonly token: string | undefined }> {
    const { l10n, origins, tokens, trusted, advice } = this.#of;
    if (origin === null) {
      const why = l10n.t(
        'The address of "{0}" cannot be asked: it is not http or https, or has a password in it.',
        options.id,
      );
      return new RemoteError('badAddress', '', why);
    }
    const no = (reason: 'notAllowed' | 'noToken' | 'untrusted', words: string): RemoteError =>
      new RemoteError(reason, origin, `${words} ${advice(reason, options)}`);
    if (!trusted()) return no('untrusted', l10n.t('{0} is not asked: this workspace is not trusted.', origin));
    if (!tokens.vouches(options, origin) && !(await origins.has(origin)))
      return no('notAllowed', l10n.t('{0} has not been asked: this machine has not said yes to it.', origin));
    if (options.authorization === 'none') return { token: undefined };
    const token = await tokenFor(origin);
    if (token === undefined && options.tokenOptional !== true)
      return no('noToken', l10n.t('{0} has not been asked: there is no token for it.', origin));
    if (token !== undefined && !isTokenText(token))
      return no('noToken', l10n.t('{0} has not been asked: its token has signs that none can have.', origin));
    return { token };
  }

  async #send(
    origin: string,
    basePath: string,
    { path, headers, ...rest }: RemoteRequest,
    authorization: Readonly<Record<string, string>>,
    token: string | undefined,
  ): Promise<HttpResponse> {
    let url = this.#urlOf(origin, basePath, path);
    const request: Omit<HttpRequest, 'url'> = { ...rest, headers: withAuthorization(headers, authorization) };
    try {
      for (let hop = 0; ; hop++) {
        const answer = await this.#http.request({ ...request, url });
        const next = rest.method === 'GET' && hop < mostRedirects ? redirectWithin(origin, url, answer) : null;
        if (next === null) return withoutTokenIn(answer, token);
        url = next;
      }
    } catch (error) {
      throw withoutToken(error, token);
    }
  }

  #note(options: RemoteOptions, origin: string, reason: WaitingServer['reason'] | null): void {
    const key = keyOf(options, origin);
    const before = this.#waiting.get(key);
    // That a token is there again does not make it a better one: only an answer does, or another token.
    if (reason === null && before?.reason === 'refused') return;
    if (before?.reason === reason || (reason === null && !before)) return;
    if (reason === null) this.#waiting.delete(key);
    else this.#waiting.set(key, { options, origin, reason, reach: origin === '' ? 'public' : reachOf(origin) });
    this.#waitingChanged.fire();
  }

  #accepted(options: RemoteOptions, origin: string): void {
    if (this.#waiting.delete(keyOf(options, origin))) this.#waitingChanged.fire();
  }

  /** Consent, a token or trust came or went: what stood in the way is looked at anew before others ask again. */
  async #lookAgain(): Promise<void> {
    for (const [key, { options, origin, reason }] of [...this.#waiting]) {
      if (origin === '') continue;
      const found = await this.#admission(options, origin, (of) => this.#of.tokens.get(options, of)).catch(() => null);
      if (this.#waiting.get(key)?.reason !== reason || found === null) continue;
      if (found instanceof RemoteError) this.#note(options, origin, found.reason);
      else this.#accepted(options, origin);
    }
    this.#changed.fire();
  }
}

const keyOf = ({ id, type }: RemoteOptions, origin: string): string => JSON.stringify([id, type, origin]);

function headerOf(kind: RemoteOptions['authorization'], token: string | undefined): Readonly<Record<string, string>> {
  if (token === undefined || kind === 'none') return {};
  return { authorization: kind === 'bearer' ? `Bearer ${token}` : token };
}

function withAuthorization(
  headers: Readonly<Record<string, string>> = {},
  authorization: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const others = Object.entries(headers).filter(([name]) => !(name.toLowerCase() in authorization));
  return { ...Object.fromEntries(others), ...authorization };
}

/** Where a redirect leads, when it stays within the origin; one that leaves it is an answer like any other. */
function redirectWithin(origin: string, from: string, { status, headers }: HttpResponse): string | null {
  const to = headers.location;
  if (![301, 302, 303, 307, 308].includes(status) || to === undefined || !URL.canParse(to, from)) return null;
  const next = new URL(to, from);
  return next.origin === origin && next.href !== from ? next.href : null;
}
