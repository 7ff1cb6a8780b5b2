import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createUndiciHttp } from '../../../src/platform/node/undiciHttp';

let open: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of open) {
    server.closeAllConnections();
    server.close();
  }
  open = [];
});

async function listen(server: Server): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

it('goes through the proxy that the settings name, which learns the host and not the token', async () => {
  const url = await listen(
    createServer((request, response) => response.end(`hello ${request.headers.authorization ?? ''}`)),
  );
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, client: Socket) => {
    asked.push(`${request.url ?? ''} ${JSON.stringify(request.headers)}`);
    const { hostname, port } = new URL(`http://${request.url ?? ''}`);
    const onward = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(client);
      client.pipe(onward);
    });
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
  });
  const http = createUndiciHttp({ proxy: await listen(proxy) });
  const headers = { authorization: 'Bearer secret' };
  const answer = await http.request({ method: 'GET', url, headers, timeoutMs: 5_000, maxBytes: 100 });
  expect(new TextDecoder().decode(answer.body)).toBe('hello Bearer secret');
  expect(asked.length).toBe(1);
  expect(asked[0]).toContain(new URL(url).host);
  expect(asked[0]).not.toContain('secret');
});

it('says that a proxy which is not there cannot be reached', async () => {
  const gone = createServer();
  const proxy = await listen(gone);
  gone.close();
  const http = createUndiciHttp({ proxy });
  const asking = http.request({ method: 'GET', url: 'http://127.0.0.1:1', timeoutMs: 5_000, maxBytes: 100 });
  await expect(asking).rejects.toMatchObject({ reason: 'unreachable' });
});
