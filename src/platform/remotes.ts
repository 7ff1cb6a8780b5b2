import type { Event } from './emitter';
import type { GrpcRequest } from './grpc';
import type { HttpRequest, HttpResponse } from './http';
import type { SocketEvent, SocketRequest } from './sockets';

/** Why a configured server is not asked; nothing was sent. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  /** Flag systems apart are bundles that have a class of their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'RemoteError';
  }
  constructor(
    readonly reason: 'untrusted' | 'notAllowed' | 'noToken' | 'badAddress',
    /** Origin that would have been asked, `''` for an address that is none. */
    readonly origin: string,
    message: string,
  ) {
    super(message);
  }
  static is(error: unknown, ...reasons: RemoteError['reason'][]): error is RemoteError {
    return error instanceof RemoteError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}

/** A server as the configuration names it. */
export interface RemoteOptions {
  /** Id of the system or backend in `.sightglass.json`. */
  readonly id: string;
  /** Its type, for people: `unleash`, `prometheus`. */
  readonly type: string;
  /** Base URL as configured; may have a path. */
  readonly url: string;
  /** How its token is sent. */
  readonly authorization: 'none' | 'raw' | 'bearer';
  /** Without a token it is asked all the same. */
  readonly tokenOptional?: boolean;
}

export type RemoteRequest = Omit<HttpRequest, 'url'> & {
  /** Below the base URL, starting with `/`, query included. */
  readonly path: string;
};

export type RemoteStreamRequest = Omit<GrpcRequest, 'url'> & {
  /** `/package.Service/Method`. */
  readonly path: string;
};

export type RemoteSocketRequest = Omit<SocketRequest, 'url'> & {
  /** Below the base URL, starting with `/`. */
  readonly path: string;
  /** The parameter of the query that takes the token, at servers that read no header here. */
  readonly tokenParameter: string;
};

/**
 * One configured server. Every request is checked first: the workspace is trusted, this machine has said yes to the
 * origin, the token was entered for that very origin. Redirects to other origins are never followed.
 */
export interface Remote {
  readonly options: RemoteOptions;
  /** `https://unleash.example.com`; `''` when the address is none. */
  readonly origin: string;
  /** Rejects with {@link RemoteError} before anything is sent, or with HttpError; an HTTP error status is an answer. */
  request(request: RemoteRequest): Promise<HttpResponse>;
  /**
   * The messages of a gRPC stream, looked after like a request: throws {@link RemoteError} before anything is sent, and
   * ends with HttpError (`aborted`) when the consent is taken back or the token another one while it runs. Absent where
   * the platform has no gRPC.
   */
  stream?(request: RemoteStreamRequest): AsyncIterable<Uint8Array>;
  /** What a WebSocket says, looked after like {@link Remote.stream}. Absent where the platform has none. */
  listen?(request: RemoteSocketRequest): AsyncIterable<SocketEvent>;
  /** Null when {@link Remote.request} would send; else why not. From memory. */
  refusal(): Promise<RemoteError | null>;
}

export interface Remotes {
  remote(options: RemoteOptions): Remote;
  /** An origin was allowed or refused, a token entered or wiped, the workspace trusted: ask again. */
  readonly onDidChange: Event<void>;
}
