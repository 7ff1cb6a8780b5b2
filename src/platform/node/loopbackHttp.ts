import { request as send } from 'node:http';
import { HttpError, type Http, type HttpRequest, type HttpResponse } from '../http';

/** Plain HTTP to another process of this machine: no proxy, no TLS, no connection kept. */
export const loopbackHttp: Http = {
  request: (request) => new Promise((resolve, reject) => run(request, resolve, reject)),
};

function run(wanted: HttpRequest, resolve: (response: HttpResponse) => void, reject: (error: HttpError) => void): void {
  const { method, url, headers, body, timeoutMs, maxBytes, signal } = wanted;
  const fail = (reason: HttpError['reason'], message: string, cause?: unknown): void => {
    settle();
    reject(new HttpError(reason, url, `${url}: ${message}`, { cause }));
    request.destroy();
  };
  // Node tells no length of a DELETE's body by itself.
  const length = body ? { 'content-length': String(body.byteLength) } : {};
  const request = send(url, { method, headers: { ...headers, ...length }, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) fail('tooLarge', `the answer is larger than ${maxBytes} bytes`);
      else chunks.push(chunk);
    });
    response.on('error', (error) => fail('unreachable', error.message, error));
    response.on('end', () => {
      settle();
      const named: Record<string, string> = {};
      for (const [name, value] of Object.entries(response.headers))
        if (value !== undefined) named[name] = Array.isArray(value) ? value.join(', ') : value;
      resolve({ status: response.statusCode ?? 0, headers: named, body: Buffer.concat(chunks) });
    });
  });
  const timer = setTimeout(() => fail('timeout', `no answer within ${timeoutMs} ms`), timeoutMs);
  const aborted = (): void => fail('aborted', 'aborted');
  const settle = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
  };
  request.on('error', (error) => fail('unreachable', error.message, error));
  if (signal?.aborted) {
    aborted();
    return;
  }
  signal?.addEventListener('abort', aborted, { once: true });
  request.end(body);
}
