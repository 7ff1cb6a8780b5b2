import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { HttpError, type Http, type HttpRequest, type HttpResponse } from '../http';

// The same bundle: undici is in it.
export { createUndiciSockets } from './undiciSockets';

/** What our own settings may name; without any, requests go out directly. */
export interface UndiciHttpOptions {
  /** `http://proxy.acme.dev:3128`; credentials in it are sent to the proxy alone. */
  readonly proxy?: string;
  /** PEM of authorities trusted instead of Node's own. */
  readonly ca?: string;
  readonly clientCertificate?: { readonly cert: string; readonly key: string; readonly passphrase?: string };
}

/**
 * HTTP over undici with a dispatcher of its own, so that nothing process-wide is used or changed. Redirects are
 * answers: a redirect could carry a token to another origin.
 */
export function createUndiciHttp(options: UndiciHttpOptions = {}): Http {
  const dispatcher = dispatcherOf(options);
  return { request: (request) => send(dispatcher, request) };
}

function dispatcherOf({ proxy, ca, clientCertificate }: UndiciHttpOptions): Dispatcher {
  const tls = { ...(ca === undefined ? {} : { ca }), ...clientCertificate };
  // Short, so that a command that is done does not wait for idle connections.
  const keepAliveTimeout = 1_000;
  if (proxy !== undefined) return new ProxyAgent({ uri: proxy, keepAliveTimeout, requestTls: tls, proxyTls: tls });
  return new Agent({ keepAliveTimeout, connect: tls });
}

async function send(dispatcher: Dispatcher, asked: HttpRequest): Promise<HttpResponse> {
  const timeout = AbortSignal.timeout(asked.timeoutMs);
  const signal = asked.signal ? AbortSignal.any([timeout, asked.signal]) : timeout;
  try {
    const url = new URL(asked.url);
    const { statusCode, headers, body } = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: asked.method,
      headers: { ...asked.headers },
      body: asked.body ?? null,
      signal,
    });
    return { status: statusCode, headers: flat(headers), body: await bounded(body, asked) };
  } catch (error) {
    throw asHttpError(error, asked, timeout);
  }
}

async function bounded(body: AsyncIterable<Uint8Array>, asked: HttpRequest): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early destroys the body, and with it the connection.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > asked.maxBytes) {
      throw new HttpError('tooLarge', asked.url, `${where(asked.url)} answered more than ${asked.maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function asHttpError(error: unknown, asked: HttpRequest, timeout: AbortSignal): HttpError {
  if (HttpError.is(error)) return error;
  const at = where(asked.url);
  const of = (reason: HttpError['reason'], message: string): HttpError =>
    new HttpError(reason, asked.url, message, { cause: error });
  if (timeout.aborted) return of('timeout', `${at} did not answer in ${asked.timeoutMs} ms`);
  if (asked.signal?.aborted) return of('aborted', `The request to ${at} was given up`);
  const code = codeOf(error);
  return /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)
    ? of('certificate', `The certificate of ${at} is not trusted (${code})`)
    : of('unreachable', `${at} cannot be reached${code === '' ? '' : ` (${code})`}`);
}

/** A connection tried at several addresses fails with an error for each. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const own = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (own !== '') return own;
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : '';
}

/** Origin only: paths and queries may name users. */
function where(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'The address';
}
