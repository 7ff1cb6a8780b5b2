import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { GrpcError, type Grpc, type GrpcRequest } from '../grpc';
import { FrameReader, FrameTooLarge, frameOf } from '../grpcFrames';
import { HttpError } from '../http';

/**
 * gRPC over Node's own HTTP/2: the framing is five bytes and a trailer, where a library is half a megabyte. Node's
 * HTTP/2 is loaded with the first call. Every call has a connection of its own, which ends with it. No proxy is used.
 */
export const http2Grpc: Grpc = { stream };

/**
 * A peer that is gone without a word is found by TCP within a minute; gRPC servers take pings as abuse when they come
 * more often than every five minutes (grpc-go's default; flagd itself allows 30 s since 0.15).
 */
const TCP_KEEPALIVE_MS = 30_000;
const PING_MS = 5 * 60_000;
const PONG_MS = 20_000;
/** A message is taken in pieces; with less in flight a megabyte would need many turns. */
const WINDOW_BYTES = 1024 * 1024;

async function* stream(asked: GrpcRequest): AsyncGenerator<Uint8Array> {
  const url = new URL(asked.url);
  const at = url.origin;
  if (asked.signal?.aborted) throw aborted(asked, at);
  const http2 = await import('node:http2');
  const session = http2.connect(url.origin, { settings: { enablePush: false, initialWindowSize: WINDOW_BYTES } });
  const failure: { error: HttpError | null } = { error: null };
  const fail = (error: HttpError): void => {
    failure.error ??= error;
    session.destroy();
  };
  const onAbort = (): void => fail(aborted(asked, at));
  asked.signal?.addEventListener('abort', onAbort, { once: true });
  const connecting = setTimeout(() => {
    fail(new HttpError('timeout', asked.url, `${at} did not answer in ${String(asked.connectMs)} ms`));
  }, asked.connectMs);
  session.once('connect', (_session, socket) => {
    clearTimeout(connecting);
    (socket as TLSSocket).setKeepAlive(true, TCP_KEEPALIVE_MS);
    session.setLocalWindowSize(WINDOW_BYTES);
  });
  session.on('error', (error) => fail(asHttpError(error, asked, at)));
  const pinging = keepAlive(session, () =>
    fail(new HttpError('unreachable', asked.url, `${at} does not answer any more`)),
  );
  try {
    const call = session.request({
      ':method': 'POST',
      ':path': url.pathname,
      te: 'trailers',
      'content-type': 'application/grpc',
      'grpc-accept-encoding': 'identity',
      ...asked.headers,
    });
    yield* messages(call, asked, at);
  } catch (error) {
    throw failure.error ?? (HttpError.is(error) || GrpcError.is(error) ? error : asHttpError(error, asked, at));
  } finally {
    clearTimeout(connecting);
    clearInterval(pinging);
    asked.signal?.removeEventListener('abort', onAbort);
    session.destroy();
  }
}

async function* messages(call: ClientHttp2Stream, asked: GrpcRequest, at: string): AsyncGenerator<Uint8Array> {
  const told: { status: Status | null; http: number } = { status: null, http: 0 };
  call.once('response', (headers) => {
    told.http = headers[':status'] ?? 0;
    // A call that fails at once has its status in the headers ("trailers-only").
    told.status = statusOf(headers);
  });
  call.once('trailers', (headers: IncomingHttpHeaders) => (told.status ??= statusOf(headers)));
  call.end(frameOf(asked.message));
  const reader = new FrameReader(asked.maxMessageBytes);
  try {
    for await (const piece of call as AsyncIterable<Uint8Array>)
      if (told.http === 200) for (const message of reader.push(piece)) yield message;
  } catch (error) {
    if (error instanceof FrameTooLarge) {
      const most = asked.maxMessageBytes;
      throw new HttpError(
        'tooLarge',
        asked.url,
        `${at} sends ${String(error.bytes)} bytes at once; at most ${String(most)} are taken`,
      );
    }
    // The status says more than how the stream broke.
    if (told.status === null) throw error;
  }
  const { status, http } = told;
  if (status === null && http !== 200 && http !== 0)
    throw new GrpcError(UNKNOWN, at, `${at} answered HTTP ${String(http)}, which is no gRPC`);
  if (status === null || (status.code === 0 && !reader.atEnd))
    throw new HttpError('unreachable', asked.url, `The stream from ${at} broke off`);
  const { code, message } = status;
  if (code !== 0) throw new GrpcError(code, at, `${at} ended the stream: ${message} (gRPC status ${String(code)})`);
}

const UNKNOWN = 2;

interface Status {
  readonly code: number;
  readonly message: string;
}

function statusOf(headers: IncomingHttpHeaders): Status | null {
  const code = headers['grpc-status'];
  if (code === undefined) return null;
  const message = String(headers['grpc-message'] ?? '').slice(0, 500);
  return { code: Number(code), message: decoded(message) || 'no reason given' };
}

/** gRPC's messages are percent-encoded; one that is not is shown as it came. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

function keepAlive(session: ClientHttp2Session, gone: () => void): NodeJS.Timeout {
  const pinging = setInterval(() => {
    if (session.destroyed || session.connecting) return;
    const late = setTimeout(gone, PONG_MS);
    const sent = session.ping(() => clearTimeout(late));
    if (!sent) clearTimeout(late);
  }, PING_MS);
  pinging.unref();
  return pinging;
}

const aborted = ({ url }: GrpcRequest, at: string): HttpError =>
  new HttpError('aborted', url, `The stream from ${at} was given up`);

function asHttpError(error: unknown, { url }: GrpcRequest, at: string): HttpError {
  const code = codeOf(error);
  return /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)
    ? new HttpError('certificate', url, `The certificate of ${at} is not trusted (${code})`, { cause: error })
    : new HttpError('unreachable', url, `${at} cannot be reached${code === '' ? '' : ` (${code})`}`, { cause: error });
}

/** A connection tried at several addresses fails with an error for each. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
