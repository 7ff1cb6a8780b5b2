import { baseAddress } from './addresses';
import type { Channel } from './channel';
import { DisposableStack, type Disposable } from './disposable';
import { Emitter } from './emitter';
import { HttpError, type HttpResponse } from './http';
import { RemoteError, type RemoteOptions, type RemoteRequest, type Remotes } from './remotes';
import { rpcServer, type RpcClient } from './rpc';

/** Configured servers asked from a worker: it has neither the editor's proxy and certificates, nor consent, nor tokens. */
export type RemoteMethods = {
  remoteRequest: (
    asked: { readonly options: RemoteOptions; readonly request: Omit<RemoteRequest, 'signal'> },
    signal: AbortSignal,
  ) => Promise<RemoteReply>;
  remoteRefusal: (options: RemoteOptions) => Promise<Refused | null>;
};

export type RemoteEvents = { remotesChanged: Record<string, never> };

/** Errors keep their reasons on the way, which an RPC error does not. */
export type RemoteReply =
  | { readonly kind: 'answer'; readonly response: HttpResponse }
  | { readonly kind: 'failed'; readonly reason: HttpError['reason']; readonly url: string; readonly message: string }
  | Refused;
interface Refused {
  readonly kind: 'refused';
  readonly reason: RemoteError['reason'];
  readonly origin: string;
  readonly message: string;
}

const refused = ({ reason, origin, message }: RemoteError): Refused => ({ kind: 'refused', reason, origin, message });

/** Answers a worker's requests to configured servers, beside whatever else goes over the channel. */
export function serveRemotes(channel: Channel, remotes: Remotes): Disposable {
  const held = new DisposableStack();
  const server = held.add(
    rpcServer<RemoteEvents>(channel, {
      remoteRequest: async ({ options, request }, signal) => {
        try {
          return { kind: 'answer', response: await remotes.remote(options).request({ ...request, signal }) };
        } catch (error) {
          if (RemoteError.is(error)) return refused(error);
          if (!HttpError.is(error)) throw error;
          const { reason, url, message } = error;
          return { kind: 'failed', reason, url, message };
        }
      },
      remoteRefusal: async (options) => {
        const refusal = await remotes.remote(options).refusal();
        return refusal && refused(refusal);
      },
    } satisfies RemoteMethods),
  );
  held.add(remotes.onDidChange(() => server.emit('remotesChanged', {})));
  return held;
}

/** The worker's end: {@link Remotes} whose every request the host sends. */
export function channelRemotes(client: RpcClient<RemoteMethods, RemoteEvents>): Remotes {
  const changed = new Emitter<void>(() => undefined);
  client.on('remotesChanged', () => changed.fire());
  return {
    onDidChange: changed.event,
    remote: (options) => ({
      options,
      origin: baseAddress(options.url)?.origin ?? '',
      request: async ({ signal, ...request }) => {
        const reply = await client.call('remoteRequest', { options, request }, signal);
        if (reply.kind === 'answer') return reply.response;
        if (reply.kind === 'failed') throw new HttpError(reply.reason, reply.url, reply.message);
        throw new RemoteError(reply.reason, reply.origin, reply.message);
      },
      refusal: async () => {
        const reply = await client.call('remoteRefusal', options);
        return reply && new RemoteError(reply.reason, reply.origin, reply.message);
      },
    }),
  };
}
