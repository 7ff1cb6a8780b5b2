/** A request that reached our listener. Its body streams; the handler bounds it. */
export interface IncomingRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Names in lower case; repeated headers joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Hands on the body's pieces as they come. Rejects when the client goes away, or with what `take` throws, after which
   * nothing more is read. To be called once.
   */
  readonly read: (take: (chunk: Uint8Array) => void) => Promise<void>;
  readonly remoteAddress: string;
}

export interface OutgoingResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Listener {
  readonly port: number;
  readonly address: string;
  close(): Promise<void>;
}

/** `inUse`: another program holds the port. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  constructor(
    readonly reason: 'inUse' | 'denied' | 'other',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Listen {
  /** `port` 0 picks a free one. Rejects with {@link ListenError}. */
  http(
    address: string,
    port: number,
    handle: (request: IncomingRequest) => Promise<OutgoingResponse>,
  ): Promise<Listener>;
}
