import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../../../src/platform/memory/files';
import { MemoryLog } from '../../../../src/platform/memory/log';
import { memoryPaths } from '../../../../src/platform/memory/paths';
import { CallEdges } from '../../../../src/telemetry/join/callEdges';
import { defaultTraceBufferLimits } from '../../../../src/telemetry/join/traceBuffer';
import { decodeJsonTraces } from '../../../../src/telemetry/otlp/jsonTraces';
import { decodeProtobufTraces } from '../../../../src/telemetry/otlp/protobufTraces';
import type { SpanRecord } from '../../../../src/telemetry/otlp/record';
import { defaultRollupLimits } from '../../../../src/telemetry/rollup/limits';
import { Segments } from '../../../../src/telemetry/store/segments';
import { SignalStore } from '../../../../src/telemetry/store/signalStore';
import { storeGraph } from '../../../../src/telemetry/store/storeGraph';
import { encode, fromHex, jsonBytes } from './otlpMessages';
import { clockAt, decoded, resource, span, spanId, start, traceHex, traceId } from './signals';

const day = { from: start - 86_400_000, to: start + 86_400_000 };
const graphOf = (store: SignalStore, environment = 'production', window = day) =>
  storeGraph(store, environment, window);

/** `web -> shop GET /cart: 3`; a caller that is not traced is `?`. */
const edgesOf = (store: SignalStore, environment?: string): string[] =>
  graphOf(store, environment)
    .edges.map(({ client, server, operation, kind, requests }) => {
      const arrow = kind === 'messaging' ? '~>' : '->';
      return `${client ?? '?'} ${arrow} ${server} ${operation?.name ?? ''}: ${requests}`;
    })
    .sort();

const web = resource('web');
const shop = resource('shop');
const entry = span({ resource: web, spanId: spanId(1), kind: 'server', name: 'GET /' });
const call = span({ resource: web, spanId: spanId(2), parentId: spanId(1), kind: 'client', name: 'GET' });
const served = span({ resource: shop, spanId: spanId(3), parentId: spanId(2), parentRemote: true });

describe('who called whom', () => {
  it('is told by spans whose parent is another service’s, in whatever order and request they come', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([entry, call, served], { minLength: 3 }),
        fc.boolean(),
        fc.boolean(),
        (spans, apart, says) => {
          const store = new SignalStore(clockAt());
          const all = spans.map((one) => (says ? one : { ...one, parentRemote: undefined }));
          if (apart) for (const one of all) store.ingest(decoded([one]));
          else store.ingest(decoded(all));
          expect(edgesOf(store)).toEqual(['? -> web GET /: 1', 'web -> shop GET /cart: 1']);
        },
      ),
    );
  });

  it('counts each once, however often it is sent, and with the minutes it was seen in', () => {
    const store = new SignalStore(clockAt());
    for (let times = 0; times < 3; times++) store.ingest(decoded([entry, call, served]));
    const later = { traceId: traceId(2), endMs: start + 120_000 };
    store.ingest(decoded([entry, call, served].map((one) => ({ ...one, ...later }))));
    const edge = graphOf(store).edges.find(({ client }) => client === 'web');
    const minute = Math.floor(start / 60_000) * 60_000;
    expect(edge).toMatchObject({ requests: 2, since: minute, lastSeen: minute + 180_000 });
    expect(graphOf(store, 'production', { from: start + 120_000, to: day.to }).edges).toHaveLength(2);
    expect(graphOf(store).services).toEqual(['shop', 'web']);
  });

  it('takes a caller that never comes for one that is not traced, once its time is over', async () => {
    const clock = clockAt();
    const store = new SignalStore(clock);
    store.ingest(decoded([served]));
    expect(edgesOf(store)).toEqual([]);
    await clock.advance(61_000);
    store.maintain();
    expect(edgesOf(store)).toEqual(['? -> shop GET /cart: 1']);
  });

  it('takes a producer of messages from the parent or from links, whichever comes first', () => {
    const consumed: SpanRecord = span({
      ...{ resource: shop, traceId: traceId(9), spanId: spanId(9), kind: 'consumer', name: 'process orders' },
      links: [{ traceId: traceId(1), spanId: spanId(5) }],
    });
    const produced = span({ resource: web, spanId: spanId(5), kind: 'producer', name: 'send orders', parentId: '' });
    for (const order of [
      [produced, consumed],
      [consumed, produced],
    ]) {
      const store = new SignalStore(clockAt());
      for (const one of order) store.ingest(decoded([one]));
      expect(edgesOf(store)).toEqual(['web ~> shop process orders: 1']);
    }
    const store = new SignalStore(clockAt());
    const both = { ...consumed, traceId: traceId(1), parentId: spanId(5), parentRemote: true };
    store.ingest(decoded([both, produced]));
    expect(edgesOf(store)).toEqual(['web ~> shop process orders: 1']);
    // One whose parent is its own service's poll, which ends after it.
    const polled = { ...consumed, parentId: spanId(8), parentRemote: undefined };
    const poll = span({ resource: shop, traceId: traceId(9), spanId: spanId(8), kind: 'internal', name: 'poll' });
    const third = new SignalStore(clockAt());
    third.ingest(decoded([produced]));
    third.ingest(decoded([polled]));
    third.ingest(decoded([poll]));
    expect(edgesOf(third)).toEqual(['web ~> shop process orders: 1']);
  });

  it('says of messages without a producer that nobody traced sent them, and of jobs nothing', async () => {
    const clock = clockAt();
    const store = new SignalStore(clock);
    const consumed = span({
      ...{ kind: 'consumer', name: 'process orders' },
      links: [{ traceId: traceId(7), spanId: spanId(7) }],
    } as const);
    const job = span({ traceId: traceId(3), kind: 'internal', name: 'nightly' });
    store.ingest(decoded([consumed, job]));
    await clock.advance(61_000);
    store.maintain();
    expect(edgesOf(store)).toEqual(['? ~> shop process orders: 1']);
  });

  it('waits for the producer of each message as long as of any other', async () => {
    const clock = clockAt();
    const store = new SignalStore(clock);
    const consumed = (number: number): SpanRecord =>
      span({
        ...{ resource: shop, traceId: traceId(number), kind: 'consumer', name: 'process orders' },
        links: [{ traceId: traceId(1), spanId: spanId(5) }],
      });
    store.ingest(decoded([consumed(7)]));
    await clock.advance(40_000);
    store.ingest(decoded([consumed(8)]));
    await clock.advance(25_000);
    store.maintain();
    expect(edgesOf(store)).toEqual(['? ~> shop process orders: 1']);
    store.ingest(decoded([span({ resource: web, spanId: spanId(5), kind: 'producer', name: 'send orders' })]));
    await clock.advance(120_000);
    store.maintain();
    expect(edgesOf(store)).toEqual(['? ~> shop process orders: 1', 'web ~> shop process orders: 1']);
  });

  it('counts links that are held as what they take, and holds them no longer than they are needed', async () => {
    const clock = clockAt();
    const limits = { ...defaultTraceBufferLimits, items: 1_000 };
    const store = new SignalStore(clock, undefined, limits);
    const links = Array.from({ length: 64 }, (_, at) => ({ traceId: traceId(1), spanId: spanId(100 + at) }));
    const consumed = (number: number, parentId: string): SpanRecord =>
      span({ ...{ traceId: traceId(number), parentId, kind: 'consumer', name: 'process orders', links } });
    store.ingest(decoded([consumed(2, '')]));
    expect(store.heldItems).toBe(1);
    store.ingest(decoded([consumed(3, spanId(8))]));
    expect(store.heldItems).toBe(1 + 65);
    store.ingest(decoded([span({ traceId: traceId(3), spanId: spanId(8), kind: 'internal' })]));
    expect(store.heldItems).toBe(3);
    for (let number = 10; number < 50; number++) store.ingest(decoded([consumed(number, spanId(8))]));
    expect(store.heldItems).toBeLessThanOrEqual(limits.items);
    expect(store.heldTraces).toBe(Math.floor(limits.items / 65));
    await clock.advance(61_000);
    store.maintain();
    expect([store.heldItems, store.heldTraces]).toEqual([0, 0]);
  });

  it('holds no trace for a message that waits for its producer', async () => {
    const { edges, operations } = new SignalStore(clockAt()).rollups;
    const calls = new CallEdges(edges, () => undefined);
    const service = operations.service(shop, start);
    const operation = operations.operation(service, 'consumer', served);
    const wait = (): WeakRef<object> => {
      const call = { operation, minute: 1, bucket: 1, refused: false, labels: undefined };
      const node = {
        ...{ spanId: '1', parentId: '', service, undecided: undefined, before: undefined },
        call: { ...call, exemplar: { traceId: '1', at: start, seconds: 1, error: false } },
        links: [{ traceId: '2', spanId: '2' }],
      };
      calls.decide(node, undefined, 0);
      return new WeakRef(node);
    };
    const node = wait();
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    // What a WeakRef was made of stays until the turn is over.
    await new Promise((done) => setTimeout(done, 0));
    collect();
    expect(node.deref()).toBeUndefined();
    calls.expire(1);
    expect([...edges.ofHour(0)]).toMatchObject([{ minute: 1, count: 1 }]);
  });

  it('is of the asked environment, or of telemetry that names none where nothing names it', () => {
    const store = new SignalStore(clockAt());
    const nameless = [entry, call, served].map((one) => ({
      ...one,
      resource: { ...one.resource, environment: '' },
    }));
    store.ingest(decoded(nameless));
    expect(edgesOf(store, 'production')).toHaveLength(2);
    expect(graphOf(store).environment).toBe('');
    store.ingest(decoded([{ ...entry, traceId: traceId(4) }]));
    expect(edgesOf(store, 'production')).toEqual(['? -> web GET /: 1']);
  });

  it('is bounded, and says what it left out', () => {
    const store = new SignalStore(clockAt(), { ...defaultRollupLimits, edgesPerHour: 1 });
    store.ingest(decoded([entry, call, served]));
    expect(graphOf(store)).toMatchObject({ partial: true, edges: [{ requests: 1 }] });
    for (const limit of [{ services: 1 }, { operations: 1 }]) {
      const lumped = new SignalStore(clockAt(), { ...defaultRollupLimits, ...limit });
      lumped.ingest(decoded([entry, call]));
      expect(graphOf(lumped).partial).toBe(false);
      lumped.ingest(decoded([served]));
      expect(graphOf(lumped).partial).toBe(true);
    }
  });

  it('is added up by the hour, of the minutes that any of the window lies in', () => {
    const store = new SignalStore(clockAt());
    const { edges, operations } = store.rollups;
    const [from, to] = [operations.service(web, start), operations.service(shop, start)];
    const operation = operations.operation(to, 'server', served);
    const hour = Math.floor(start / 3_600_000) * 60;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: hour, max: hour + 179 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: -70_000, max: 190 * 60_000 }),
        fc.integer({ min: 0, max: 190 * 60_000 }),
        (minutes, after, length) => {
          edges.forget(hour + 180);
          for (const minute of minutes) edges.add(from, operation, 'call', minute);
          const window = { from: hour * 60_000 + after, to: hour * 60_000 + after + length };
          const inside = minutes.filter((at) => at * 60_000 < window.to && (at + 1) * 60_000 > window.from);
          const parts = [...edges.within(window.from, window.to)];
          expect(parts.map(({ edge }) => edge.hour)).toEqual([...new Set(parts.map(({ edge }) => edge.hour))]);
          const seen = inside.length === 0 ? {} : { since: Math.min(...inside) * 60_000, requests: inside.length };
          const lastSeen = (Math.max(...inside) + 1) * 60_000;
          const graph = graphOf(store, 'production', window).edges;
          expect(graph).toMatchObject(inside.length === 0 ? [] : [{ ...seen, lastSeen }]);
        },
      ),
    );
  });

  it('comes back from disk as it was, after any number of writes', async () => {
    const [files, log] = [new MemoryFiles(), new MemoryLog()];
    const at = { files, paths: memoryPaths, log };
    const store = new SignalStore(clockAt());
    const disk = new Segments(at, '/home/store', store.rollups);
    for (let trace = 1; trace < 6; trace++) {
      const of = { traceId: traceId(trace), endMs: start + trace * 20_000 };
      store.ingest(decoded([entry, call, served].map((one) => ({ ...one, ...of }))));
      if (trace % 2 === 0) await disk.flush(start + trace * 20_000);
    }
    await disk.flush(start + 120_000);
    // Past its hour the file is written anew.
    await disk.flush(start + 2 * 3_600_000);
    const read = new SignalStore(clockAt());
    const segments = new Segments(at, '/home/store', read.rollups);
    read.restored(await segments.load(start + 2 * 3_600_000));
    expect(graphOf(read).edges).toEqual(graphOf(store).edges);
    expect(graphOf(read).edges).toHaveLength(2);
    expect(log.lines.filter(({ level }) => level !== 'info' && level !== 'debug')).toEqual([]);
  });
});

it('links are read of JSON and protobuf alike, of consumers alone; damaged ones make none', () => {
  const of = (kind: number, bytes: (hex: string) => unknown) => ({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                ...{ traceId: bytes(traceHex(1)), spanId: bytes('c0ffee0000000001'), name: 'process', kind },
                ...{ startTimeUnixNano: 1_000_000_000n, endTimeUnixNano: 2_000_000_000n },
                links: [
                  { traceId: bytes(traceHex(2)), spanId: bytes('c0ffee0000000002') },
                  { traceId: bytes(traceHex(2)), spanId: bytes('c0ff') },
                  { spanId: bytes('c0ffee0000000002') },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
  const expected = [{ traceId: traceId(2), spanId: spanId(2) }];
  for (const [kind, links] of [
    [5, expected],
    [2, undefined],
  ] as const) {
    const [json] = decodeJsonTraces(jsonBytes(of(kind, (hex) => hex))).spans;
    const [protobuf] = decodeProtobufTraces(encode('TracesRequest', of(kind, fromHex))).spans;
    expect(json?.links).toEqual(links);
    expect(protobuf?.links).toEqual(links);
  }
});
