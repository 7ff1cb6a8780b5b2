import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getGlobalDispatcher } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpError, type Http } from '../../../src/platform/http';
import { lazyHttp } from '../../../src/platform/node/lazyHttp';
import { createUndiciHttp } from '../../../src/platform/node/undiciHttp';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const started = createServer(handle);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const bounds = { timeoutMs: 2_000, maxBytes: 1_000 };
const get = (http: Http, url: string, over: object = {}) => http.request({ method: 'GET', url, ...bounds, ...over });

describe('http over undici', () => {
  it('sends what it is given and answers with whatever status came', async () => {
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.writeHead(404, { 'X-Said': 'a', 'set-cookie': ['b=1', 'c=2'] });
        response.end(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
      });
    });
    const answer = await createUndiciHttp().request({
      method: 'POST',
      url: `${url}/flags?x=1`,
      headers: { authorization: 'Bearer secret' },
      body: new TextEncoder().encode('hello'),
      ...bounds,
    });
    expect(answer.status).toBe(404);
    expect(answer.headers).toMatchObject({ 'x-said': 'a', 'set-cookie': 'b=1, c=2' });
    expect(new TextDecoder().decode(answer.body)).toBe('POST /flags?x=1 Bearer secret hello');
  });

  it('does not follow a redirect, which could carry a token elsewhere', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    expect((await get(createUndiciHttp(), url)).status).toBe(302);
  });

  it('ends in time and in size', async () => {
    const slow = await serve((_request, response) => void response.write('a'));
    await expect(get(createUndiciHttp(), slow, { timeoutMs: 100 })).rejects.toMatchObject({ reason: 'timeout' });
    server?.closeAllConnections();
    server?.close();
    const large = await serve((_request, response) => response.end('x'.repeat(2_000)));
    await expect(get(createUndiciHttp(), large)).rejects.toMatchObject({ reason: 'tooLarge' });
  });

  it('says what happened, and of the address no more than its origin', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(get(createUndiciHttp(), 'http://127.0.0.1:1/', { signal: controller.signal })).rejects.toMatchObject({
      reason: 'aborted',
    });
    const refused = await get(createUndiciHttp(), 'http://127.0.0.1:1/users/ana?token=secret').catch(
      (error: unknown) => error,
    );
    expect(HttpError.is(refused, 'unreachable')).toBe(true);
    expect((refused as HttpError).message).toBe('http://127.0.0.1:1 cannot be reached (ECONNREFUSED)');
  });

  it('goes through a proxy that is named', async () => {
    const seen: string[] = [];
    const proxy = await serve(() => undefined);
    server?.on('connect', (request, socket) => {
      seen.push(request.url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await expect(get(createUndiciHttp({ proxy }), 'http://flags.example:80/')).rejects.toBeInstanceOf(HttpError);
    expect(seen).toEqual(['flags.example:80']);
  });

  it("leaves the process's own dispatcher alone", () => {
    const before = getGlobalDispatcher();
    createUndiciHttp({ proxy: 'http://127.0.0.1:1' });
    expect(getGlobalDispatcher()).toBe(before);
  });
});

describe('http loaded when needed', () => {
  it('loads once, with the first request', async () => {
    const url = await serve((_request, response) => response.end('ok'));
    let loads = 0;
    const http = lazyHttp({}, async () => {
      loads++;
      return import('../../../src/platform/node/undiciHttp');
    });
    expect(loads).toBe(0);
    await Promise.all([get(http, url), get(http, url)]);
    expect(loads).toBe(1);
  });
});
