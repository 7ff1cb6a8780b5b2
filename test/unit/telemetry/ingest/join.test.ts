import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultTraceBufferLimits } from '../../../../src/telemetry/join/traceBuffer';
import type { EvaluationRecord, SpanRecord } from '../../../../src/telemetry/otlp/record';
import { SignalStore } from '../../../../src/telemetry/store/signalStore';
import {
  ask,
  clockAt,
  decoded,
  evaluation,
  evaluations,
  resource,
  span,
  spanId,
  start,
  summary,
  traceId,
} from './signals';

/** The measured shape: a SERVER span with the route, INTERNAL children below it, the evaluation on the deepest. */
const server = span({ spanId: spanId(1), parentRemote: false });
const middle = span({ spanId: spanId(2), parentId: spanId(1), kind: 'internal', name: 'middleware' });
const inner = span({ spanId: spanId(3), parentId: spanId(2), kind: 'internal', name: 'handler' });
const evaluated = evaluation({ spanId: spanId(3) });

const storeOf = (clock = clockAt()): SignalStore => new SignalStore(clock);

describe('joining evaluations to entry spans', () => {
  it('climbs from a deep child to the server span, in whatever order they come', async () => {
    const parts = [
      () => decoded([server]),
      () => decoded([middle]),
      () => decoded([inner]),
      () => decoded([], [evaluated]),
    ];
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 3, 0, 1],
      [1, 3, 0, 2],
    ];
    for (const order of orders) {
      const store = storeOf();
      for (const index of order) store.ingest(parts[index]!());
      expect(await summary(store)).toEqual(['shop server GET /cart = all: 1/0 (1)']);
      expect(await summary(store, 'beta')).toEqual(['shop server GET /cart = on: 1/0 (1)']);
    }
  });

  it('counts the entry span at once, and in its arm as soon as that is known', async () => {
    const store = storeOf();
    store.ingest(decoded([server]));
    expect(await summary(store)).toEqual(['shop server GET /cart = all: 1/0 (1)']);
    expect(await summary(store, 'beta')).toEqual([]);
    store.ingest(decoded([inner, middle], [evaluated]));
    expect(await summary(store, 'beta')).toEqual(['shop server GET /cart = on: 1/0 (1)']);
  });

  it('calls a trace mixed that evaluates a flag to several variants in one service, and moves what was counted', async () => {
    const store = storeOf();
    store.ingest(decoded([{ ...server, error: true }], [evaluation()]));
    expect(await summary(store, 'beta')).toEqual(['shop server GET /cart = on: 1/1 (1)']);
    store.ingest(decoded([], [evaluation({ variant: 'off' })]));
    expect(await summary(store, 'beta')).toEqual(['shop server GET /cart = mixed: 1/1 (1)']);
    expect((await ask(store, 'beta')).series[0]!.arms[0]!.exemplars).toHaveLength(1);
  });

  it('keeps services of one trace apart', async () => {
    const store = storeOf();
    const pay = resource('pay');
    const client = span({ spanId: spanId(4), parentId: spanId(1), kind: 'client', name: 'POST' });
    const remote = span({
      spanId: spanId(5),
      parentId: spanId(4),
      resource: pay,
      name: 'POST /pay',
      httpRoute: '/pay',
    });
    store.ingest(
      decoded(
        [remote, client, server],
        [evaluation(), evaluation({ spanId: spanId(5), resource: pay, variant: 'off' })],
      ),
    );
    expect(await summary(store, 'beta')).toEqual([
      'pay server POST /pay = off: 1/0 (1)',
      'shop server GET /cart = on: 1/0 (1)',
    ]);
  });

  it('counts roots and spans whose parent runs elsewhere, not inner spans and not evaluation spans', async () => {
    const store = storeOf();
    const job = span({ traceId: traceId(2), kind: 'internal', name: 'nightly' });
    const step = span({ traceId: traceId(2), spanId: spanId(2), parentId: spanId(1), kind: 'client', name: 'GET' });
    const hook = span({ traceId: traceId(3), kind: 'internal', name: 'feature_flag.evaluation', isEvaluation: true });
    const told = span({ traceId: traceId(4), parentId: spanId(9), parentRemote: true, kind: 'internal', name: 'told' });
    const found = span({ traceId: traceId(5), parentId: spanId(9), kind: 'internal', name: 'found' });
    store.ingest(decoded([step, job, hook, told, found]));
    expect(await summary(store)).toEqual(['shop root nightly = all: 1/0 (1)', 'shop root told = all: 1/0 (1)']);
    store.ingest(
      decoded([span({ traceId: traceId(5), spanId: spanId(9), kind: 'client', resource: resource('web') })]),
    );
    expect(await summary(store)).toContain('shop root found = all: 1/0 (1)');
  });

  it('counts a span once that is sent twice', async () => {
    const store = storeOf();
    store.ingest(decoded([server]));
    store.ingest(decoded([server]));
    expect(await summary(store)).toEqual(['shop server GET /cart = all: 1/0 (1)']);
  });

  it('keeps the share of evaluations that found no entry span', async () => {
    const clock = clockAt();
    const store = storeOf(clock);
    store.ingest(
      decoded([server], [evaluation(), evaluation({ traceId: traceId(7) }), evaluation({ traceId: '', spanId: '' })]),
    );
    expect((await ask(store, 'beta')).coverage.joinedShare).toBe(0.5);
    await clock.advance(61_000);
    store.maintain();
    expect((await ask(store, 'beta')).coverage.joinedShare).toBeCloseTo(1 / 3);
    expect(await evaluations(store)).toMatchObject([{ flag: 'beta', variant: 'on', count: 3, joined: 1 }]);
    // What comes after that is counted as a call, and in no arm.
    store.ingest(decoded([span({ traceId: traceId(7) })]));
    expect(await summary(store)).toEqual(['shop server GET /cart = all: 2/0 (2)']);
    expect(await summary(store, 'beta')).toEqual(['shop server GET /cart = on: 1/0 (1)']);
  });

  it('holds no more traces and spans than allowed', () => {
    const clock = clockAt();
    const store = new SignalStore(clock, undefined, {
      ...defaultTraceBufferLimits,
      traces: 100,
      items: 300,
      itemsPerTrace: 50,
    });
    for (let trace = 0; trace < 500; trace++)
      store.ingest(
        decoded(Array.from({ length: 5 }, (_, at) => span({ traceId: traceId(trace), spanId: spanId(at + 1) }))),
      );
    store.ingest(
      decoded(Array.from({ length: 1_000 }, (_, at) => span({ traceId: traceId(9_999), spanId: spanId(at + 1) }))),
    );
    expect(store.heldTraces).toBeLessThanOrEqual(100);
    expect(store.heldItems).toBeLessThanOrEqual(300);
  });

  it('does not follow a ring of parents for ever', async () => {
    const store = storeOf();
    const a = span({ spanId: spanId(1), parentId: spanId(2), kind: 'internal', parentRemote: false });
    const b = span({ spanId: spanId(2), parentId: spanId(1), kind: 'internal', parentRemote: false });
    store.ingest(decoded([a, b], [evaluation()]));
    expect(await summary(store)).toEqual([]);
  });

  it('leaves out what ended over a day ago or in the future, and says so', () => {
    const store = storeOf();
    const result = store.ingest(
      decoded([span({ endMs: start - 90_000_000 }), span({ endMs: start + 3_600_000 }), server]),
    );
    expect(result.rejected).toBe(2);
    expect(result.reasons.join()).toContain('24 hours');
    expect(store.spansReceived).toBe(1);
  });
});

interface Drawn {
  readonly spans: readonly SpanRecord[];
  readonly evaluations: readonly EvaluationRecord[];
}

/** A trace as a tree: span i hangs below an earlier one. */
const drawn: fc.Arbitrary<Drawn> = fc
  .array(
    fc.record({
      parent: fc.nat(),
      service: fc.constantFrom('shop', 'pay'),
      kind: fc.constantFrom('server', 'internal', 'client', 'consumer'),
      says: fc.boolean(),
      error: fc.boolean(),
      flags: fc.array(fc.record({ flag: fc.constantFrom('a', 'b'), variant: fc.constantFrom('on', 'off') }), {
        maxLength: 2,
      }),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((nodes) => {
    const spans: SpanRecord[] = [];
    const found: EvaluationRecord[] = [];
    nodes.forEach((node, at) => {
      const parent = at === 0 ? undefined : spans[node.parent % at];
      const of = resource(node.service);
      const remote = parent !== undefined && parent.resource.service !== node.service;
      spans.push(
        span({
          resource: of,
          spanId: spanId(at + 1),
          parentId: parent?.spanId ?? '',
          parentRemote: node.says ? remote : undefined,
          kind: node.kind as SpanRecord['kind'],
          name: `op${at}`,
          error: node.error,
        }),
      );
      for (const { flag, variant } of node.flags)
        found.push(evaluation({ resource: of, spanId: spanId(at + 1), flag, variant }));
    });
    return { spans, evaluations: found };
  });

/** What the rules say, worked out from the whole trace at once. */
function expected({ spans, evaluations: all }: Drawn, flag: string): string[] {
  const byId = new Map(spans.map((one) => [one.spanId, one]));
  const isEntry = (one: SpanRecord): boolean =>
    one.kind === 'server' ||
    one.kind === 'consumer' ||
    byId.get(one.parentId)?.resource.service !== one.resource.service;
  const entryOf = (one: SpanRecord): SpanRecord => (isEntry(one) ? one : entryOf(byId.get(one.parentId)!));
  const lines = new Set<string>();
  for (const record of all.filter((each) => each.flag === flag)) {
    const variants = new Set(
      all
        .filter((each) => each.flag === flag && each.resource.service === record.resource.service)
        .map((each) => each.variant),
    );
    const entry = entryOf(byId.get(record.spanId)!);
    const kind = entry.kind === 'server' || entry.kind === 'consumer' ? entry.kind : 'root';
    const arm = variants.size > 1 ? 'mixed' : record.variant;
    lines.add(`${entry.resource.service} ${kind} ${entry.name} = ${arm}: 1/${entry.error ? 1 : 0} (1)`);
  }
  return [...lines].sort();
}

describe('any order of arrival', () => {
  it('gives the rollups that the whole trace at once would give', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.infiniteStream(fc.nat()), async (trace, random) => {
        const parts = [
          ...trace.spans.map((one) => decoded([one])),
          ...trace.evaluations.map((one) => decoded([], [one])),
        ];
        const store = storeOf();
        while (parts.length > 0) {
          // One to three parts a request, drawn from anywhere.
          const batch = Array.from({ length: Math.min(parts.length, 1 + (random.next().value! % 3)) }, () =>
            parts.splice(random.next().value! % parts.length, 1),
          ).flat();
          store.ingest(
            decoded(
              batch.flatMap(({ spans }) => spans),
              batch.flatMap(({ evaluations: some }) => some),
            ),
          );
        }
        for (const flag of ['a', 'b']) expect(await summary(store, flag)).toEqual(expected(trace, flag));
        const counted = await evaluations(store);
        for (const { count, joined } of counted) expect(joined).toBe(count);
        expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(trace.evaluations.length);
      }),
      { numRuns: 300 },
    );
  });
});
