/** A WebSocket (RFC 6455) that is only listened to. */
export interface SocketRequest {
  /** `http://host:port/path`; `https` is TLS. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A longer message ends the connection with `tooLarge`. */
  readonly maxMessageBytes: number;
  /** Not open by then, it ends with `timeout`. An open one may be silent for as long as it lives. */
  readonly connectMs: number;
  readonly signal?: AbortSignal;
}

/** `open` once it is, then what the server says. */
export type SocketEvent = { readonly kind: 'open' } | { readonly kind: 'message'; readonly text: string };

export interface Sockets {
  /**
   * Ends when the server closes the connection; throws HttpError when it cannot be opened, breaks or is given up. Leaving
   * the loop closes it.
   */
  listen(request: SocketRequest): AsyncIterable<SocketEvent>;
}
