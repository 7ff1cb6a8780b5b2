/** A request whose whole answer is bounded in time and size. Bodies are bytes. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Why no answer came; an HTTP error status is an answer. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  /** undici's adapter, and flag systems apart, are bundles that have a class of their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'HttpError';
  }
  constructor(
    readonly reason: 'timeout' | 'unreachable' | 'tooLarge' | 'certificate' | 'aborted',
    readonly url: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
  static is(error: unknown, ...reasons: HttpError['reason'][]): error is HttpError {
    return error instanceof HttpError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}

export interface Http {
  request(request: HttpRequest): Promise<HttpResponse>;
}
