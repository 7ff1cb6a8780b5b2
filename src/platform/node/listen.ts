import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListenError, type IncomingRequest, type Listen, type OutgoingResponse } from '../listen';

/** How long a client may still send what nobody reads, so that it gets to see the refusal. */
const drainMs = 2_000;

/** HTTP listener of this machine. Slow clients are cut off: 10 s for headers, 60 s for a request. */
export const nodeListen: Listen = {
  http: (address, port, handle) =>
    new Promise((resolve, reject) => {
      const server = createServer(
        { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 60_000, maxHeaderSize: 16 * 1024 },
        (request, response) => void answer(request, response, handle),
      );
      server.maxConnections = 1_000;
      server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(address, port, error)));
      server.listen({ host: address, port, exclusive: true }, () => {
        const bound = server.address() as AddressInfo;
        server.on('error', () => undefined);
        resolve({ port: bound.port, address: bound.address, close: () => close(server) });
      });
    }),
};

function listenError(address: string, port: number, error: NodeJS.ErrnoException): ListenError {
  const reason = error.code === 'EADDRINUSE' ? 'inUse' : error.code === 'EACCES' ? 'denied' : 'other';
  return new ListenError(reason, `Cannot listen on ${address}:${port}: ${error.message}`, { cause: error });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: IncomingRequest) => Promise<OutgoingResponse>,
): Promise<void> {
  // Clients that go away are the handler's and nobody's error.
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  const reply = await handle(incoming(request)).catch((): OutgoingResponse => ({
    status: 500,
    headers: {},
    body: new Uint8Array(),
  }));
  if (response.destroyed) return;
  const headers: Record<string, string> = { ...reply.headers, 'content-length': String(reply.body.length) };
  if (!request.complete) {
    headers.connection = 'close';
    request.resume();
    response.once('finish', () => setTimeout(() => request.destroy(), drainMs).unref());
  }
  response.writeHead(reply.status, headers);
  response.end(reply.body);
}

function incoming(request: IncomingMessage): IncomingRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers,
    read: (take) => readBody(request, take),
    remoteAddress: request.socket.remoteAddress ?? '',
  };
}

/** By events: an async iterator takes several turns for each piece, of which one request has many. */
function readBody(request: IncomingMessage, take: (chunk: Uint8Array) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const cutOff = (): void => reject(new Error('The client went away'));
    if (request.destroyed && !request.readableEnded) cutOff();
    const data = (chunk: Uint8Array): void => {
      try {
        take(chunk);
      } catch (error) {
        // What was refused is not read on; the connection stays for the answer.
        request.off('data', data);
        request.pause();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    request.once('end', resolve);
    request.once('error', cutOff);
    request.once('close', cutOff);
    request.on('data', data);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Whoever is still being answered has a second.
    setTimeout(() => server.closeAllConnections(), 1_000).unref();
  });
}
