import { HttpError, type Http, type HttpRequest, type HttpResponse } from '../http';

/** The extension host's own `fetch`: VS Code's proxy, PAC file and certificates apply. */
export const fetchHttp: Http = { request };

async function request(asked: HttpRequest): Promise<HttpResponse> {
  const timeout = AbortSignal.timeout(asked.timeoutMs);
  const signal = asked.signal ? AbortSignal.any([timeout, asked.signal]) : timeout;
  try {
    const response = await fetch(asked.url, {
      method: asked.method,
      headers: { ...asked.headers },
      body: asked.body ? Uint8Array.from(asked.body) : null,
      // A redirect could carry a token to another origin: the caller decides.
      redirect: 'manual',
      signal,
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await bounded(response, asked),
    };
  } catch (error) {
    throw asHttpError(error, asked, timeout);
  }
}

async function bounded(response: Response, asked: HttpRequest): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (!read || read.done) break;
    size += read.value.byteLength;
    if (size > asked.maxBytes) {
      await reader?.cancel();
      throw new HttpError('tooLarge', asked.url, `${where(asked.url)} answered more than ${asked.maxBytes} bytes`);
    }
    chunks.push(read.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

function asHttpError(error: unknown, asked: HttpRequest, timeout: AbortSignal): HttpError {
  if (HttpError.is(error)) return error;
  const at = where(asked.url);
  if (timeout.aborted)
    return new HttpError('timeout', asked.url, `${at} did not answer in ${asked.timeoutMs} ms`, { cause: error });
  if (asked.signal?.aborted)
    return new HttpError('aborted', asked.url, `The request to ${at} was given up`, { cause: error });
  const code = causeCode(error);
  return /CERT|SSL|TLS|SELF_SIGNED/.test(code)
    ? new HttpError('certificate', asked.url, `The certificate of ${at} is not trusted (${code})`, { cause: error })
    : new HttpError('unreachable', asked.url, `${at} cannot be reached${code === '' ? '' : ` (${code})`}`, {
        cause: error,
      });
}

function causeCode(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}

/** Origin only: paths and queries may name users. */
function where(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'The address';
}
