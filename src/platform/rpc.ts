import { DisposableStack, disposable, type Disposable } from './disposable';
import type { Channel } from './channel';

/**
 * Requests and events over a {@link Channel}. `Methods` maps a name to (request) => reply. Both sides are our own
 * code, built together, so payloads are not validated again here; what comes from outside was, at its edge.
 */
export type RpcMethods = Record<string, (request: never, signal: AbortSignal) => unknown>;

interface Envelope {
  readonly rpc: 'request' | 'reply' | 'cancel' | 'event';
  readonly id?: number;
  readonly name?: string;
  readonly payload?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

const isEnvelope = (message: unknown): message is Envelope =>
  typeof message === 'object' && message !== null && 'rpc' in message;

/** The other side said no, or is gone. `remoteName` is its error's name. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  constructor(
    readonly remoteName: string,
    message: string,
  ) {
    super(message);
  }
}

export interface RpcClient<Methods extends RpcMethods, Events extends Record<string, unknown>> extends Disposable {
  call<Name extends keyof Methods & string>(
    name: Name,
    request: Parameters<Methods[Name]>[0],
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<Methods[Name]>>>;
  on<Name extends keyof Events & string>(name: Name, listener: (payload: Events[Name]) => void): Disposable;
}

export function rpcClient<Methods extends RpcMethods, Events extends Record<string, unknown>>(
  channel: Channel,
): RpcClient<Methods, Events> {
  const held = new DisposableStack();
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  let nextId = 1;
  let closed: string | undefined;

  const close = (reason: string): void => {
    closed = reason;
    for (const { reject } of pending.values()) reject(new RpcError('Closed', reason));
    pending.clear();
  };
  held.add(channel.onClose(close));
  held.add(
    channel.onMessage((message) => {
      if (!isEnvelope(message)) return;
      if (message.rpc === 'event' && message.name !== undefined) {
        for (const listener of listeners.get(message.name) ?? []) listener(message.payload as never);
      } else if (message.rpc === 'reply' && message.id !== undefined) {
        const waiting = pending.get(message.id);
        pending.delete(message.id);
        if (message.error) waiting?.reject(new RpcError(message.error.name, message.error.message));
        else waiting?.resolve(message.payload as never);
      }
    }),
  );

  return {
    call(name, request, signal) {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        if (closed !== undefined) throw new RpcError('Closed', closed);
        const id = nextId++;
        const abort = (): void => {
          if (!pending.delete(id)) return;
          channel.post({ rpc: 'cancel', id } satisfies Envelope);
          reject(signal?.reason as Error);
        };
        const settled = (): void => signal?.removeEventListener('abort', abort);
        pending.set(id, {
          resolve: (value) => {
            settled();
            resolve(value);
          },
          reject: (error) => {
            settled();
            reject(error);
          },
        });
        signal?.addEventListener('abort', abort, { once: true });
        channel.post({ rpc: 'request', id, name, payload: request } satisfies Envelope);
      });
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      return disposable(() => set.delete(listener));
    },
    dispose() {
      close('disposed');
      held.dispose();
    },
  };
}

export interface RpcServer<Events extends Record<string, unknown>> extends Disposable {
  emit<Name extends keyof Events & string>(name: Name, payload: Events[Name]): void;
}

/** Answers every request, with an error where `methods` throws or does not know the name. */
export function rpcServer<Events extends Record<string, unknown>>(
  channel: Channel,
  methods: RpcMethods,
): RpcServer<Events> {
  const running = new Map<number, AbortController>();

  const answer = async (id: number, name: string, payload: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
      if (!method) throw new RpcError('UnknownMethod', `No method "${name}"`);
      const reply = await method(payload as never, controller.signal);
      channel.post({ rpc: 'reply', id, payload: reply } satisfies Envelope);
    } catch (error) {
      const { name: errorName, message } = error instanceof Error ? error : new Error(String(error));
      const remote = { name: error instanceof RpcError ? error.remoteName : errorName, message };
      channel.post({ rpc: 'reply', id, error: remote } satisfies Envelope);
    } finally {
      running.delete(id);
    }
  };

  const listening = channel.onMessage((message) => {
    if (!isEnvelope(message) || message.id === undefined) return;
    if (message.rpc === 'request' && message.name !== undefined) void answer(message.id, message.name, message.payload);
    else if (message.rpc === 'cancel') running.get(message.id)?.abort(new RpcError('Cancelled', 'cancelled'));
  });

  return {
    emit: (name, payload) => {
      channel.post({ rpc: 'event', name, payload } satisfies Envelope);
    },
    dispose() {
      listening.dispose();
      for (const controller of running.values()) controller.abort(new RpcError('Closed', 'disposed'));
    },
  };
}
