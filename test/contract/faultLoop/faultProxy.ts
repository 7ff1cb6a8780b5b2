import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpError, type Http } from '../../../src/platform/http';
import { loopbackHttp } from '../../../src/platform/node/loopbackHttp';
import type { SeededDraws } from '../../unit/telemetry/seededDraws';
import { faults, type FaultScene, type Strike } from './faults';

const idHeader = 'x-of-the-loop';
/** A client waits for 10 s; of a server that will never answer, the loop waits for this long. */
const silenceMs = 30;
const notPassedOn = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', idHeader]);

interface Behind extends Omit<FaultScene, 'draws' | 'stranger'> {
  readonly url: string;
  readonly isWrite: (method: string, path: string) => boolean;
}
interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Stands before a server and strikes a share of what passes, by chance, with one of {@link faults}. */
export class FaultProxy {
  /** Of the requests, 0..1. */
  share = { ofReads: 0, ofWrites: 0 };
  /** How often each fault struck. */
  readonly struck = new Map<string, number>();
  /** Orders that the server got. */
  writes = 0;
  /** Questions to the host that answers lead away to. */
  strayed = 0;
  url = '';
  readonly #behind: Behind;
  readonly #draws: SeededDraws;
  readonly #silent = new Map<string, () => void>();
  readonly #servers: Server[] = [];
  #stranger = '';
  #asked = 0;

  constructor(behind: Behind, draws: SeededDraws) {
    this.#behind = behind;
    this.#draws = draws;
  }

  async start(): Promise<void> {
    this.#stranger = await this.#listen((_request, response) => {
      this.strayed += 1;
      response.end('{}');
    });
    this.url = await this.#listen((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  /** What the product asks through. */
  readonly http: Http = {
    request: async (asked) => {
      const id = String((this.#asked += 1));
      const patience = new AbortController();
      this.#silent.set(id, () => setTimeout(() => patience.abort(), silenceMs));
      const signal = asked.signal ? AbortSignal.any([patience.signal, asked.signal]) : patience.signal;
      try {
        return await loopbackHttp.request({ ...asked, headers: { ...asked.headers, [idHeader]: id }, signal });
      } catch (error) {
        if (!patience.signal.aborted) throw error;
        throw new HttpError('timeout', asked.url, `no answer within ${String(asked.timeoutMs)} ms`);
      } finally {
        this.#silent.delete(id);
      }
    },
  };

  async #listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(answer);
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await whole(request);
    const [method, path] = [request.method ?? '', request.url ?? ''];
    const isWrite = this.#behind.isWrite(method, path);
    const strike = this.#strike(isWrite);
    const forward = async (): Promise<Answered> => {
      if (isWrite) this.writes += 1;
      return forwarded(`${this.#behind.url}${path}`, method, request.headers, body);
    };
    switch (strike?.do) {
      case undefined:
        answer(response, await forward());
        return;
      case 'answer': {
        if (strike.forwarded) await forward();
        answer(response, { ...strike, body: Buffer.from(strike.body) });
        return;
      }
      case 'silence':
        if (strike.forwarded) await forward();
        this.#silent.get(String(request.headers[idHeader]))?.();
        return;
      case 'reset':
        if (strike.forwarded) await forward();
        request.socket.resetAndDestroy();
        return;
      case 'cut': {
        const said = await forward();
        response.writeHead(said.status, { ...kept(said.headers), 'content-length': String(said.body.length + 1) });
        response.write(said.body.subarray(0, said.body.length / 2), () => response.destroy());
        return;
      }
      case 'drift': {
        const said = await forward();
        answer(response, { ...said, body: drifted(said.body, strike.change) });
      }
    }
  }

  #strike(isWrite: boolean): Strike | null {
    if (this.#draws.uniform() >= (isWrite ? this.share.ofWrites : this.share.ofReads)) return null;
    const names = Object.keys(faults);
    const name = names[Math.floor(this.#draws.uniform() * names.length)] ?? '';
    this.struck.set(name, (this.struck.get(name) ?? 0) + 1);
    const { vendorError, requiredFields } = this.#behind;
    return faults[name]?.({ draws: this.#draws, vendorError, requiredFields, stranger: this.#stranger }) ?? null;
  }
}

function answer(response: ServerResponse, { status, headers, body }: Answered): void {
  response.writeHead(status, { ...kept(headers), 'content-length': String(body.length) }).end(body);
}

const kept = (headers: IncomingMessage['headers']): IncomingMessage['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !notPassedOn.has(name)));

async function whole(message: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forwarded(url: string, method: string, headers: IncomingMessage['headers'], body: Buffer): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
    const request = send(url, { method, agent: false, headers: { ...kept(headers), ...length } }, (response) => {
      whole(response).then(
        (said) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: said }),
        reject,
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

function drifted(body: Buffer, change: (answer: unknown) => unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(change(JSON.parse(body.toString()))));
  } catch {
    return body;
  }
}
