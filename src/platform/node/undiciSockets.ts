import { Agent, WebSocket, type Dispatcher } from 'undici';
import { HttpError } from '../http';
import type { SocketEvent, SocketRequest, Sockets } from '../sockets';

type Next = SocketEvent | { readonly kind: 'end'; readonly error: HttpError | null };

/** WebSockets over undici; no proxy is used. */
export function createUndiciSockets(): Sockets {
  return { listen };
}

async function* listen(asked: SocketRequest): AsyncGenerator<SocketEvent> {
  const at = new URL(asked.url).origin;
  const failure = (reason: HttpError['reason'], message: string): HttpError => new HttpError(reason, at, message);
  if (asked.signal?.aborted) throw failure('aborted', `Listening to ${at} was given up`);
  const waiting: Next[] = [];
  let wake = (): void => undefined;
  const tell = (next: Next): void => {
    waiting.push(next);
    wake();
  };
  const dispatcher: Dispatcher = new Agent({ keepAliveTimeout: 1 });
  const socket = new WebSocket(asked.url.replace(/^http/, 'ws'), {
    dispatcher,
    ...(asked.headers && { headers: { ...asked.headers } }),
  });
  const end = (error: HttpError | null): void => tell({ kind: 'end', error });
  const onAbort = (): void => end(failure('aborted', `Listening to ${at} was given up`));
  asked.signal?.addEventListener('abort', onAbort, { once: true });
  const late = setTimeout(() => {
    end(failure('timeout', `${at} did not open a WebSocket in ${String(asked.connectMs)} ms`));
  }, asked.connectMs);
  let open = false;
  socket.addEventListener('open', () => {
    open = true;
    clearTimeout(late);
    tell({ kind: 'open' });
  });
  socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
    if (typeof data !== 'string') return;
    if (Buffer.byteLength(data) > asked.maxMessageBytes)
      end(failure('tooLarge', `${at} sent more than ${String(asked.maxMessageBytes)} bytes at once`));
    else tell({ kind: 'message', text: data });
  });
  // What went wrong is not told; that it did is.
  socket.addEventListener('error', () =>
    end(failure('unreachable', open ? `The connection to ${at} broke off` : `${at} does not open a WebSocket`)),
  );
  socket.addEventListener('close', () => end(null));
  try {
    for (;;) {
      const next = waiting.shift();
      if (!next) await new Promise<void>((resolve) => (wake = resolve));
      else if (next.kind !== 'end') yield next;
      else if (next.error) throw next.error;
      else return;
    }
  } finally {
    clearTimeout(late);
    asked.signal?.removeEventListener('abort', onAbort);
    socket.close();
    // A peer that does not answer the close is not waited for.
    void dispatcher.destroy().catch(() => undefined);
  }
}
