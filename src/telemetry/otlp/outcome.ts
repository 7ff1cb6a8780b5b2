import type { Scalar } from './scalar';

/** gRPC codes that are the server's fault (semantic conventions, rpc/grpc: UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS). */
const grpcServerCodes = new Set(['2', '4', '12', '13', '14', '15']);
const grpcServerNames = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/**
 * Whether a call failed: span status ERROR, HTTP >= 500, or a gRPC server code. Never by exception events, which
 * handled errors leave too. A 4xx is `refused` and no error, unless the application itself set status ERROR.
 */
export function outcomeOf(
  statusCode: number,
  httpStatus: number | null,
  grpcStatus: Scalar | null,
): { readonly error: boolean; readonly refused: boolean } {
  const http = httpStatus ?? 0;
  const error = statusCode === 2 || http >= 500 || (grpcStatus !== null && isServerCode(String(grpcStatus)));
  return { error, refused: !error && http >= 400 && http < 500 };
}

const isServerCode = (code: string): boolean => grpcServerCodes.has(code) || grpcServerNames.has(code);
