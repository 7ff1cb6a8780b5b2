import type { Compress } from '../../platform/compress';
import type { IncomingRequest } from '../../platform/listen';
import { RefusedError } from './reply';

export interface BodyLimits {
  /** One body, compressed or not. */
  readonly maxBytes: number;
  /** All bodies that are being read or wait to be decoded. */
  readonly queueBytes: number;
  readonly queueRequests: number;
}

/** 64 MiB is what the OTLP specification recommends a receiver to take. */
export const defaultBodyLimits: BodyLimits = {
  maxBytes: 64 * 2 ** 20,
  queueBytes: 192 * 2 ** 20,
  queueRequests: 256,
};

/** Reads bodies within bounds: of one, and of all that are in hand at a time. */
export class BodyReader {
  readonly #compress: Compress;
  readonly #limits: BodyLimits;
  #bytes = 0;
  #requests = 0;

  constructor(compress: Compress, limits: BodyLimits = defaultBodyLimits) {
    this.#compress = compress;
    this.#limits = limits;
  }

  /** Reads and inflates the body and hands it to `use`; the room it takes is free again when that is done. */
  async read<T>(request: IncomingRequest, use: (body: Uint8Array) => T | Promise<T>): Promise<T> {
    const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    if (encoding !== 'identity' && encoding !== 'gzip')
      throw new RefusedError(415, `Content-Encoding "${encoding.slice(0, 40)}" is not taken; use gzip or none`);
    if (Number(request.headers['content-length'] ?? 0) > this.#limits.maxBytes) throw this.#tooLarge();
    if (this.#requests >= this.#limits.queueRequests) throw busy();
    const room = { held: 0 };
    this.#requests++;
    try {
      const sent = await this.#collect(request, room);
      if (encoding === 'identity') return await use(sent);
      return await use(await this.#inflate(sent, room));
    } finally {
      this.#requests--;
      this.#bytes -= room.held;
    }
  }

  async #collect(request: IncomingRequest, room: { held: number }): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      await request.read((chunk) => {
        size += chunk.length;
        if (size > this.#limits.maxBytes) throw this.#tooLarge();
        this.#take(chunk.length, room);
        chunks.push(chunk);
      });
    } catch (error) {
      throw error instanceof RefusedError ? error : new RefusedError(400, 'The request was cut off');
    }
    const [only] = chunks;
    if (only && chunks.length === 1) return only;
    const body = new Uint8Array(size);
    let at = 0;
    for (const chunk of chunks) {
      body.set(chunk, at);
      at += chunk.length;
    }
    return body;
  }

  async #inflate(sent: Uint8Array, room: { held: number }): Promise<Uint8Array> {
    if (sent.length === 0) return sent;
    let inflated: Uint8Array;
    try {
      inflated = await this.#compress.gunzip(sent, this.#limits.maxBytes);
    } catch (error) {
      if (error instanceof RangeError) throw this.#tooLarge();
      throw new RefusedError(400, 'The body is not gzip');
    }
    this.#take(inflated.length, room);
    return inflated;
  }

  #take(bytes: number, room: { held: number }): void {
    if (this.#bytes + bytes > this.#limits.queueBytes) throw busy();
    this.#bytes += bytes;
    room.held += bytes;
  }

  #tooLarge(): RefusedError {
    return new RefusedError(413, `The body is larger than ${this.#limits.maxBytes} bytes, as sent or inflated`);
  }
}

/** 503 with Retry-After is what OTLP exporters wait and send again for. */
const busy = (): RefusedError =>
  new RefusedError(503, 'Too much is waiting to be read; send again in a second', { 'retry-after': '1' });
