import { afterEach, expect, it } from 'vitest';
import { SignalFeed } from '../../../src/editor/signalFeed';
import { SupervisedWorker } from '../../../src/editor/supervisedWorker';
import type { Answer } from '../../../src/model/answer';
import type { SignalFacts } from '../../../src/model/facts';
import type { Channel, Workers } from '../../../src/platform/channel';
import { disposable, type Disposable } from '../../../src/platform/disposable';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { MemoryLog } from '../../../src/platform/memory/log';
import { rpcServer } from '../../../src/platform/rpc';
import type { ReceiverStatus, TelemetryEvents, TelemetryMethods } from '../../../src/telemetry/api';

const place = { home: '/home', address: '127.0.0.1', port: 4318, token: null };
const status = (role: ReceiverStatus['role'], problem: string | null = null): ReceiverStatus => ({
  role,
  address: '127.0.0.1',
  port: role === 'owner' ? 4318 : null,
  problem,
  spansReceived: 0,
  rejected: 0,
  newest: null,
});

/** One end of a pipe in memory; `close` is the other side going. */
function pipe(): { near: Channel; far: Channel; close: (reason: string) => void } {
  const heard = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
  const closed = new Set<(reason: string) => void>();
  const end = (mine: 0 | 1): Channel => ({
    post: (message) => queueMicrotask(() => heard[mine === 0 ? 1 : 0].forEach((listener) => listener(message))),
    onMessage: (listener) => {
      heard[mine].add(listener);
      return disposable(() => heard[mine].delete(listener));
    },
    onClose: (listener) => {
      closed.add(listener);
      return disposable(() => closed.delete(listener));
    },
  });
  return { near: end(0), far: end(1), close: (reason) => [...closed].forEach((listener) => listener(reason)) };
}

const held: Disposable[] = [];
afterEach(() => held.splice(0).forEach((one) => one.dispose()));

/** A feed over workers that answer as told. */
function feedOver(answer: { start: ReceiverStatus | Promise<ReceiverStatus>; facts: () => Promise<SignalFacts> }): {
  feed: SignalFeed;
  /** What the worker was asked beside facts. */
  told: string[];
  clock: MemoryClock;
  kill: (reason: string) => void;
} {
  const clock = new MemoryClock();
  let kill: (reason: string) => void = () => undefined;
  const told: string[] = [];
  const methods: TelemetryMethods = {
    start: async () => {
      told.push('start');
      return answer.start;
    },
    status: async () => answer.start,
    facts: () => answer.facts(),
    builtFrom: async () => ({}),
    instances: async () => [],
    stop: async () => void told.push('stop'),
  };
  const workers: Workers = {
    start: () => {
      const { near, far, close } = pipe();
      rpcServer<TelemetryEvents>(far, methods);
      kill = close;
      return { channel: near, dispose: () => undefined };
    },
  };
  const log = new MemoryLog();
  const feed = new SignalFeed({
    worker: new SupervisedWorker<TelemetryMethods, TelemetryEvents>({
      name: 'telemetry',
      workers,
      data: null,
      clock,
      log,
    }),
    clock,
    log,
    question: () => ({ windowMinutes: 15, codePaths: [], overrides: {}, services: {}, flags: [] }),
  });
  held.push(feed);
  feed.setEnvironments(['production']);
  return { feed, told, clock, kill: (reason) => kill(reason) };
}

/** Time goes by in steps, so that what is answered in between can set the next timer. */
async function pass(clock: MemoryClock, ms: number): Promise<void> {
  for (let step = 0; step < 10; step++) {
    await clock.advance(ms / 10);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const facts = { operationCount: 0 } as SignalFacts;
const { signal } = new AbortController();
const stateOf = (answer: Answer<SignalFacts> | null): string | undefined => answer?.state;

it('tells of a worker that went: no receiver, numbers unreachable with what was known, and back', async () => {
  const { feed, clock, kill } = feedOver({ start: status('owner'), facts: async () => facts });
  expect(feed.answer('production')).toBe(null);
  feed.start(place);
  await pass(clock, 100);
  expect(stateOf(feed.answer('production'))).toBe('ok');
  expect(feed.status?.role).toBe('owner');

  let told = 0;
  held.push(feed.onDidChangeStatus(() => told++));
  kill('out of memory');
  expect(feed.answer('production')).toMatchObject({
    state: 'unreachable',
    reason: 'out of memory',
    last: { value: facts },
  });
  // Nobody listens on the port now: the endpoint must not be offered.
  expect(feed.status).toBe(null);
  expect(told).toBe(1);

  await pass(clock, 2_000);
  expect(stateOf(feed.answer('production'))).toBe('ok');
  expect(feed.status?.role).toBe('owner');
});

it('says why when nothing could be listened on, and never that there is no traffic', async () => {
  const { feed, clock } = feedOver({
    start: status('failed', 'Ports 4318 to 4338 are all taken.'),
    facts: () => Promise.reject(new Error('Ports 4318 to 4338 are all taken.')),
  });
  feed.start(place);
  await pass(clock, 100);
  expect(feed.answer('production')).toMatchObject({
    state: 'unreachable',
    reason: expect.stringContaining('taken') as string,
  });
});

it('switched off is not connected: no answer of before, no receiver of before', async () => {
  const { feed, clock } = feedOver({ start: status('owner'), facts: async () => facts });
  feed.start(place);
  await pass(clock, 100);
  await feed.stop();
  expect(feed.answer('production')).toBe(null);
  expect(feed.status).toBe(null);
});

it('asks nobody before it is known who holds the store, and says so', async () => {
  let settle: (status: ReceiverStatus) => void = () => undefined;
  let asked = 0;
  const { feed, clock } = feedOver({
    start: new Promise<ReceiverStatus>((resolve) => (settle = resolve)),
    facts: async () => {
      asked++;
      return facts;
    },
  });
  let told = 0;
  held.push(feed.onDidChange(() => told++));
  feed.start(place);
  expect(told).toBe(1);
  await pass(clock, 30_000);
  expect(stateOf(feed.answer('production'))).toBe('notAsked');
  expect(asked).toBe(0);
  settle(status('reader'));
  await pass(clock, 100);
  expect(stateOf(feed.answer('production'))).toBe('ok');
});

it('what could not be reached stays so while it is asked again, and does not bring old numbers back', async () => {
  const answers: (() => Promise<SignalFacts>)[] = [
    async () => facts,
    () => Promise.reject(new Error('no answer')),
    () => new Promise(() => undefined),
  ];
  const { feed, clock } = feedOver({ start: status('reader'), facts: () => answers.shift()!() });
  feed.start(place);
  await pass(clock, 100);
  expect(stateOf(feed.answer('production'))).toBe('ok');
  await pass(clock, 16_000);
  expect(stateOf(feed.answer('production'))).toBe('unreachable');
  feed.askNow();
  await pass(clock, 1_000);
  expect(answers).toEqual([]);
  expect(feed.answer('production')).toMatchObject({ state: 'unreachable', last: { value: facts } });
});

it("an answer that comes after it was switched off is nobody's when it is switched on again", async () => {
  let fail: (error: Error) => void = () => undefined;
  const { feed, clock } = feedOver({
    start: status('owner'),
    facts: () => new Promise((_, reject) => (fail = reject)),
  });
  feed.start(place);
  await pass(clock, 100);
  expect(stateOf(feed.answer('production'))).toBe('asking');
  await feed.stop();
  fail(new Error('The receiver is not started'));
  await pass(clock, 1_000);
  feed.start(place);
  expect(stateOf(feed.answer('production'))).toBe('notAsked');
  await pass(clock, 100);
  expect(stateOf(feed.answer('production'))).toBe('asking');
});

it('asks the other sources where nothing is received, and lets a receiver go that was there', async () => {
  const { feed, told, clock } = feedOver({ start: status('owner'), facts: async () => facts });
  feed.start(null);
  await pass(clock, 100);
  expect(stateOf(feed.answer('production'))).toBe('ok');
  expect(feed.status).toBe(null);
  expect(told).not.toContain('start');
  await expect(feed.instances({ flag: 'beta', environment: 'production', since: 0 }, signal)).rejects.toThrow();

  feed.start(place);
  await pass(clock, 100);
  expect(feed.status?.role).toBe('owner');
  told.length = 0;
  feed.start(null);
  expect(feed.status).toBe(null);
  await pass(clock, 100);
  expect(told).toEqual(['stop']);
  expect(feed.status).toBe(null);
  expect(stateOf(feed.answer('production'))).toBe('ok');
});
