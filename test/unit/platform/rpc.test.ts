import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../../src/platform/channel';
import { disposable } from '../../../src/platform/disposable';
import { RpcError, rpcClient, rpcServer } from '../../../src/platform/rpc';

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

function channelOf(port: MessagePort): Channel {
  open.push(port);
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', listener);
      return disposable(() => port.off('message', listener));
    },
    onClose: (listener) => {
      const closed = (): void => listener('gone');
      port.on('close', closed);
      return disposable(() => port.off('close', closed));
    },
  };
}

type Methods = {
  double: (request: { readonly value: number }) => number;
  fail: (request: Record<string, never>) => never;
  wait: (request: Record<string, never>, signal: AbortSignal) => Promise<string>;
};

function pair(): {
  client: ReturnType<typeof rpcClient<Methods, { tick: number }>>;
  tick: (n: number) => void;
  aborted: () => boolean;
  port: MessagePort;
} {
  const { port1, port2 } = new MessageChannel();
  let aborted = false;
  const methods: Methods = {
    double: ({ value }) => value * 2,
    fail: () => {
      throw new RangeError('too far');
    },
    wait: (_request, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason as Error);
        });
      }),
  };
  const server = rpcServer<{ tick: number }>(channelOf(port2), methods);
  return {
    client: rpcClient<Methods, { tick: number }>(channelOf(port1)),
    tick: (n) => server.emit('tick', n),
    aborted: () => aborted,
    port: port2,
  };
}

describe('requests over a channel', () => {
  it('answers each request with its own reply', async () => {
    const { client } = pair();
    expect(await Promise.all([client.call('double', { value: 2 }), client.call('double', { value: 5 })])).toEqual([
      4, 10,
    ]);
  });

  it('brings an error back under its name', async () => {
    const { client } = pair();
    await expect(client.call('fail', {})).rejects.toMatchObject({ remoteName: 'RangeError', message: 'too far' });
  });

  it('refuses a name that only Object.prototype has', async () => {
    const { client } = pair();
    await expect(client.call('toString' as 'double', { value: 1 })).rejects.toMatchObject({
      remoteName: 'UnknownMethod',
    });
  });

  it('cancels on the other side, too', async () => {
    const { client, aborted } = pair();
    const controller = new AbortController();
    const waiting = client.call('wait', {}, controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect.poll(aborted).toBe(true);
  });

  it('hears events until it stops listening', async () => {
    const { client, tick } = pair();
    const heard: number[] = [];
    const listening = client.on('tick', (n) => heard.push(n));
    tick(1);
    await expect.poll(() => heard).toEqual([1]);
    listening.dispose();
    tick(2);
    await client.call('double', { value: 1 });
    expect(heard).toEqual([1]);
  });

  it('leaves nobody waiting when the other side goes', async () => {
    const { client, port } = pair();
    const waiting = client.call('wait', {});
    port.close();
    await expect(waiting).rejects.toBeInstanceOf(RpcError);
    await expect(client.call('double', { value: 1 })).rejects.toThrow('gone');
  });
});
