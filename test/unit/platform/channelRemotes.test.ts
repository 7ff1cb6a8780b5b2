import { describe, expect, it } from 'vitest';
import type { Channel } from '../../../src/platform/channel';
import {
  channelRemotes,
  serveRemotes,
  type RemoteEvents,
  type RemoteMethods,
} from '../../../src/platform/channelRemotes';
import { disposable } from '../../../src/platform/disposable';
import { Emitter } from '../../../src/platform/emitter';
import { HttpError } from '../../../src/platform/http';
import { RemoteError, type Remote, type Remotes } from '../../../src/platform/remotes';
import { rpcClient, rpcServer } from '../../../src/platform/rpc';

/** Two ends of one pipe; messages are cloned as between threads. */
function pipe(): [Channel, Channel] {
  const listeners = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
  const end = (own: 0 | 1): Channel => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => [...listeners[own === 0 ? 1 : 0]].forEach((listen) => listen(copy)));
    },
    onMessage: (listen) => {
      listeners[own].add(listen);
      return disposable(() => listeners[own].delete(listen));
    },
    onClose: () => disposable(() => undefined),
  });
  return [end(0), end(1)];
}

function world(request: Remote['request']) {
  const [host, worker] = pipe();
  const changed = new Emitter<void>(() => undefined);
  const remotes: Remotes = {
    onDidChange: changed.event,
    remote: (options) => ({
      options,
      origin: 'https://prom.example',
      request,
      refusal: () => Promise.resolve(new RemoteError('notAllowed', 'https://prom.example', 'not yet')),
    }),
  };
  // As in the worker: the host asks it things over the same channel.
  rpcServer(worker, { twice: async (of: number) => of * 2 });
  const asks = rpcClient<{ twice: (of: number) => Promise<number> }, Record<string, never>>(host);
  const served = serveRemotes(host, remotes);
  const theirs = channelRemotes(rpcClient<RemoteMethods, RemoteEvents>(worker));
  const remote = theirs.remote({ id: 'm', type: 'prometheus', url: 'https://prom.example/x', authorization: 'bearer' });
  return { asks, served, theirs, remote, changed };
}
const get = { method: 'GET', path: '/api', timeoutMs: 1_000, maxBytes: 1_000 } as const;

describe('configured servers asked from a worker', () => {
  it('are asked by the host, beside what else is asked over the channel', async () => {
    const { asks, remote } = world(async ({ path, body }) => ({
      status: 200,
      headers: { path },
      body: body ?? new Uint8Array(),
    }));
    const [answer, twice] = await Promise.all([
      remote.request({ ...get, body: Uint8Array.of(1, 2) }),
      asks.call('twice', 21),
    ]);
    expect(answer).toEqual({ status: 200, headers: { path: '/api' }, body: Uint8Array.of(1, 2) });
    expect(twice).toBe(42);
    expect(remote.origin).toBe('https://prom.example');
  });

  it('keep the reason why nothing was sent, or no answer came', async () => {
    const refused = world(() => Promise.reject(new RemoteError('noToken', 'https://prom.example', 'no token')));
    const failure: unknown = await refused.remote.request(get).catch((error: unknown) => error);
    expect(RemoteError.is(failure, 'noToken')).toBe(true);
    expect(await refused.remote.refusal()).toMatchObject({ reason: 'notAllowed', message: 'not yet' });
    const late = world(() => Promise.reject(new HttpError('timeout', 'https://prom.example/x', 'late')));
    const error: unknown = await late.remote.request(get).catch((thrown: unknown) => thrown);
    expect(HttpError.is(error, 'timeout')).toBe(true);
  });

  it('are given up when the worker gives up', async () => {
    let given: AbortSignal | undefined;
    const { remote } = world(({ signal }) => {
      given = signal;
      return new Promise(() => undefined);
    });
    const controller = new AbortController();
    const asked = remote.request({ ...get, signal: controller.signal });
    await Promise.resolve().then(() => undefined);
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await new Promise((done) => setTimeout(done));
    expect(given?.aborted).toBe(true);
  });

  it('tell the worker when consent or tokens change, until the channel is let go', async () => {
    const { theirs, changed, served } = world(() => Promise.reject(new Error('nobody')));
    let told = 0;
    theirs.onDidChange(() => (told += 1));
    changed.fire();
    await Promise.resolve().then(() => undefined);
    expect(told).toBe(1);
    served.dispose();
    changed.fire();
    await Promise.resolve().then(() => undefined);
    expect(told).toBe(1);
  });
});
