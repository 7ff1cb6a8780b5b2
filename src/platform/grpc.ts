/**
 * One call of a server-streaming method. Messages are bytes; who calls knows their protobuf. Certificates and the
 * connection come from the platform.
 */
export interface GrpcRequest {
  /** `http://host:port/package.Service/Method`; `https` is TLS. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message: Uint8Array;
  /** A longer message ends the call with `tooLarge` before it is held. */
  readonly maxMessageBytes: number;
  /** Not connected by then, the call ends with `timeout`. A connected one may be silent for as long as it lives. */
  readonly connectMs: number;
  readonly signal?: AbortSignal;
}

/**
 * The server ended a call with a status other than OK. Codes:
 * https://github.com/grpc/grpc/blob/master/doc/statuscodes.md (4 DEADLINE_EXCEEDED, 12 UNIMPLEMENTED, 16 UNAUTHENTICATED).
 */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  constructor(
    readonly code: number,
    /** Origin only. */
    readonly origin: string,
    message: string,
  ) {
    super(message);
  }
  static is(error: unknown, ...codes: number[]): error is GrpcError {
    return error instanceof GrpcError && (codes.length === 0 || codes.includes(error.code));
  }
}

/** Calls over HTTP/2. */
export interface Grpc {
  /**
   * The messages as they come. Ends when the server ends the call with OK; throws {@link GrpcError} for any other status
   * and HttpError when the connection cannot be made, breaks or is given up. Leaving the loop cancels the call.
   */
  stream(request: GrpcRequest): AsyncIterable<Uint8Array>;
}
