import { GrpcError, type Grpc, type GrpcRequest } from '../grpc';
import { HttpError } from '../http';

type Next = { readonly message: Uint8Array } | { readonly error: Error } | { readonly end: true };

/** Streams held in memory: a test sends what servers would. `open` are the calls that have not ended, oldest first. */
export class MemoryGrpc implements Grpc {
  readonly calls: GrpcRequest[] = [];
  readonly #open = new Set<(next: Next) => void>();

  get open(): number {
    return this.#open.size;
  }

  send(message: Uint8Array): void {
    for (const call of this.#open) call({ message });
  }

  /** Breaks all streams. `code`: a gRPC status; without one the connection is lost. */
  fail(code?: number): void {
    const error =
      code === undefined
        ? new HttpError('unreachable', '', 'The stream broke off')
        : new GrpcError(code, '', `The stream was ended (gRPC status ${String(code)})`);
    for (const call of this.#open) call({ error });
  }

  end(): void {
    for (const call of this.#open) call({ end: true });
  }

  async *stream(request: GrpcRequest): AsyncGenerator<Uint8Array> {
    this.calls.push(request);
    const waiting: Next[] = [];
    let wake = (): void => undefined;
    const call = (next: Next): void => {
      waiting.push(next);
      wake();
    };
    const abort = (): void => call({ error: new HttpError('aborted', request.url, 'given up') });
    request.signal?.addEventListener('abort', abort, { once: true });
    this.#open.add(call);
    try {
      for (;;) {
        const next = waiting.shift();
        if (!next) await new Promise<void>((resolve) => (wake = resolve));
        else if ('error' in next) throw next.error;
        else if ('end' in next) return;
        else yield next.message;
      }
    } finally {
      this.#open.delete(call);
      request.signal?.removeEventListener('abort', abort);
    }
  }
}
