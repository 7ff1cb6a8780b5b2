import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../../../src/platform/memory/files';
import { MemoryLog } from '../../../../src/platform/memory/log';
import { memoryPaths } from '../../../../src/platform/memory/paths';
import { operationSchema } from '../../../../src/model/signal';
import { ExponentialHistogram } from '../../../../src/telemetry/histogram';
import { decodeJsonTraces } from '../../../../src/telemetry/otlp/jsonTraces';
import { latencyBucket } from '../../../../src/telemetry/rollup/latencyBuckets';
import { LatencyCounts } from '../../../../src/telemetry/rollup/latencyCounts';
import { defaultRollupLimits } from '../../../../src/telemetry/rollup/limits';
import { readStored } from '../../../../src/telemetry/store/readStored';
import { Segments } from '../../../../src/telemetry/store/segments';
import { SignalStore } from '../../../../src/telemetry/store/signalStore';
import { storeBackend } from '../../../../src/telemetry/store/storeBackend';
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
  traceHex,
  traceId,
} from './signals';

const minute = 60_000;
const never = new AbortController().signal;

function disk(
  store: SignalStore,
  files: MemoryFiles,
  log = new MemoryLog(),
  limits?: { compactBytes: number; totalBytes: number },
) {
  return new Segments({ files, paths: memoryPaths, log }, '/home/store', store.rollups, limits);
}

const seconds = fc.oneof(
  fc.double({ min: 0, max: 200_000, noNaN: true }),
  fc.constantFrom(0, 1e-7, 1, 0.5, 2 ** 17, 3e5),
);

describe('latency counts', () => {
  it('are the exponential histogram, with subtraction', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ value: seconds, stays: fc.boolean() }), { maxLength: 60 }), (values) => {
        const counts = new LatencyCounts();
        const whole = new ExponentialHistogram();
        for (const { value } of values) counts.add(latencyBucket(value));
        for (const { value, stays } of values) {
          if (stays) whole.add(value);
          else counts.remove(latencyBucket(value));
        }
        expect(counts.serialise()).toEqual(whole.serialise());
        expect(LatencyCounts.deserialise(counts.serialise()).serialise()).toEqual(whole.serialise());
      }),
    );
  });
});

describe('the store as a backend', () => {
  it('answers series by step, split by flag and version, of the asked environment alone', async () => {
    const store = new SignalStore(clockAt());
    const unnamed = resource('shop', 'one', '');
    store.ingest(
      decoded(
        [
          span({ seconds: 0.2 }),
          span({ traceId: traceId(2), endMs: start - 3 * minute, seconds: 0.4, error: true }),
          span({ traceId: traceId(3), resource: unnamed }),
          span({ traceId: traceId(4), resource: resource('shop', 'one', 'staging') }),
        ],
        [evaluation(), evaluation({ traceId: traceId(2), variant: 'off', at: start - 3 * minute })],
      ),
    );
    const backend = storeBackend(store);
    const window = { from: start - 15 * minute, to: start + minute };
    const discovered = await backend.discover('production', never);
    expect(discovered).toEqual({
      services: ['shop'],
      environments: ['', 'production', 'staging'],
      flags: { beta: ['shop'] },
    });
    for (const asked of ['production', '', 'staging'])
      expect((await backend.operations(asked, window, never)).map(({ environment }) => environment)).toEqual([asked]);
    const { series, coverage } = await backend.series(
      { environment: 'production', operations: [], window, step: minute, split: { by: 'flag', key: 'beta' } },
      never,
    );
    expect(
      series.flatMap(({ arms }) =>
        arms.map(({ arm, points }) => [arm, points.map(({ at, calls, errors }) => [at, calls, errors])]),
      ),
    ).toEqual(
      expect.arrayContaining([
        [{ kind: 'variant', flag: 'beta', variant: 'on' }, [[start - 30_000, 1, 0]]],
        [{ kind: 'variant', flag: 'beta', variant: 'off' }, [[start - 30_000 - 3 * minute, 1, 1]]],
      ]),
    );
    expect(coverage).toEqual({
      sampled: false,
      approximate: false,
      partial: false,
      joinedShare: 1,
      newestSample: start,
      heardFrom: start - 30_000 - 3 * minute,
    });
    const versions = await backend.series(
      { environment: 'production', operations: [], window, step: minute, split: { by: 'version' } },
      never,
    );
    expect(versions.series.flatMap(({ arms }) => arms.map(({ arm }) => arm))).toContainEqual({
      kind: 'version',
      version: '1.0',
    });
    const exemplar = series
      .flatMap(({ arms }) => arms)
      .find(({ arm }) => arm.kind === 'variant' && arm.variant === 'off')!.exemplars[0]!;
    expect(exemplar).toEqual({ traceId: traceHex(2), at: start - 3 * minute, seconds: 0.4, error: true });
  });

  it('leaves out minutes outside the window', async () => {
    const store = new SignalStore(clockAt());
    store.ingest(decoded([span({ endMs: start - 20 * minute })]));
    const backend = storeBackend(store);
    expect(await backend.operations('production', { from: start - 15 * minute, to: start }, never)).toEqual([]);
    expect(await backend.operations('production', { from: start - 25 * minute, to: start }, never)).toHaveLength(1);
  });

  it('says when a sender of this environment samples, and no longer when none of it is in the window', async () => {
    const store = new SignalStore(clockAt());
    const staging = span({ traceId: traceId(2), resource: resource('shop', 'one', 'staging') });
    store.ingest(decoded([span({ sampled: true, endMs: start - 20 * minute }), staging]));
    expect((await ask(store)).coverage.sampled).toBe(true);
    expect((await ask(store, undefined, 'staging')).coverage.sampled).toBe(false);
    const of = { environment: 'production', operations: [], step: minute, split: { by: 'none' } } as const;
    const later = await storeBackend(store).series({ ...of, window: { from: start - 15 * minute, to: start } }, never);
    expect(later.coverage.sampled).toBe(false);
  });
});

describe('one odd span', () => {
  const odd = (name: string, more: object = {}): object => ({
    name: `PLACE ${name}`,
    kind: 2,
    traceId: traceHex(7),
    spanId: 'c0ffee0000000007',
    startTimeUnixNano: `${start - 100}000000`,
    endTimeUnixNano: `${start}000000`,
    ...more,
  });
  const taken = async (spans: readonly object[], body = '') => {
    const store = new SignalStore(clockAt());
    const text = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    store.ingest(decodeJsonTraces(new TextEncoder().encode(body === '' ? text : text.replace('{', `{${body},`))));
    return (await ask(store, undefined, '')).series.map(({ operation }) => operation);
  };
  const good = odd('order', { traceId: traceHex(8) });

  it('with half a character in its name, or cut within one, hides no other', async () => {
    const long = 'long '.repeat(50);
    const names = [`\ud83d`, `${long}\u{1f600}`, `${long}x\u{1f600}`, '\udc00 here'];
    for (const name of names) {
      const operations = await taken([odd(name), good]);
      expect(operations).toHaveLength(2);
      for (const operation of operations) {
        expect(operation.name).not.toMatch(/\p{Surrogate}/u);
        expect(operationSchema.safeParse(operation).success).toBe(true);
      }
    }
  });

  it('with a line that is none says no line: one answer for all would else not be understood', async () => {
    for (const line of [{ doubleValue: 12.5 }, { doubleValue: 1e300 }, { intValue: '99999999999999999999' }]) {
      const attributes = ['code.lineno', 'code.line.number'].map((key) => ({ key, value: line }));
      const operations = await taken([odd('order', { attributes })]);
      expect(operations).toMatchObject([{ codeLine: null }]);
      expect(operationSchema.safeParse(operations[0]).success).toBe(true);
    }
  });

  it('beside a number of any length is taken', async () => {
    expect(await taken([good], `"more":${'7'.repeat(400_000)}`)).toHaveLength(1);
  });
});

describe('bounds', () => {
  const limits = {
    ...defaultRollupLimits,
    operations: 20,
    services: 5,
    flags: 3,
    variantsPerFlag: 4,
    versions: 3,
    cellsPerMinute: 400,
  };

  it('lumps together what is too much and says the answer is partial', async () => {
    const store = new SignalStore(clockAt(), limits);
    for (let at = 0; at < 200; at++)
      store.ingest(
        decoded(
          [
            span({
              traceId: traceId(at),
              name: `op ${String.fromCharCode(97 + (at % 26))}${'x'.repeat(at % 7)}`,
              httpRoute: null,
              resource: { ...resource(`s${at % 9}`), version: `v${at}` },
            }),
          ],
          [
            evaluation({
              traceId: traceId(at),
              resource: resource(`s${at % 9}`),
              flag: `flag${at % 8}`,
              variant: `v${at % 11}`,
            }),
          ],
        ),
      );
    // Each service and kind may have an `other` besides.
    expect(store.rollups.operations.size).toBeLessThanOrEqual(limits.operations + limits.services + 1);
    expect([...store.rollups.operations.services].length).toBeLessThanOrEqual(limits.services + 1);
    const answer = await ask(store);
    expect(answer.coverage.partial).toBe(true);
    const calls = answer.series
      .flatMap(({ arms }) => arms.flatMap(({ points }) => points))
      .reduce((sum, point) => sum + point.calls, 0);
    const elsewhere = (await ask(store, undefined, '')).series.flatMap(({ arms }) =>
      arms.flatMap(({ points }) => points),
    );
    expect(calls).toBeGreaterThanOrEqual(200);
    // What is lumped together stays in its environment.
    expect(elsewhere).toEqual([]);
    expect([...store.rollups.operations.services].map(({ service }) => service)).toContain('other');
  });

  it('packs old minutes and reads, relabels and counts in them as before', async () => {
    const clock = clockAt();
    const store = new SignalStore(clock);
    const files = new MemoryFiles();
    const segments = disk(store, files);
    await segments.load(clock.now());
    store.ingest(decoded([span({ seconds: 0.3 })], [evaluation()]));
    await segments.flush(clock.now());
    await clock.advance(30 * minute);
    store.maintain();
    const [held] = [...store.rollups.minutes];
    expect(held!.isPacked).toBe(true);
    expect(await summary(store, 'beta')).toEqual(['shop server GET /cart = on: 1/0 (1)']);
    expect(held!.isPacked).toBe(true);
    store.ingest(decoded([span({ traceId: traceId(8) })]));
    expect(await summary(store)).toEqual(['shop server GET /cart = all: 2/0 (2)']);
  });

  it('lets the oldest minutes go when there is too much, and what is older than a day', async () => {
    const clock = clockAt();
    const store = new SignalStore(clock, { ...defaultRollupLimits, packedBytes: 2_000 });
    const files = new MemoryFiles();
    const segments = disk(store, files);
    await segments.load(clock.now());
    for (let at = 0; at < 60; at++) {
      store.ingest(decoded([span({ traceId: traceId(at), spanId: spanId(at + 1), endMs: clock.now() })]));
      await segments.flush(clock.now());
      await clock.advance(minute);
      store.maintain();
    }
    const packed = [...store.rollups.minutes].reduce((sum, one) => sum + one.packedSize, 0);
    expect(packed).toBeLessThanOrEqual(2_000);
    expect((await ask(store)).coverage.partial).toBe(true);
    await clock.advance(25 * 60 * minute);
    store.maintain();
    await segments.flush(clock.now());
    expect([...store.rollups.minutes]).toEqual([]);
    expect(store.rollups.operations.size).toBe(0);
    expect(await files.list('/home/store')).toEqual([]);
  });
});

describe('minutes that were let go', () => {
  it('are not begun anew by a late call, which would pass for all of them and replace them on disk', async () => {
    const clock = clockAt();
    const store = new SignalStore(clock, { ...defaultRollupLimits, packedBytes: 1 });
    const files = new MemoryFiles();
    const segments = disk(store, files);
    await segments.load(clock.now());
    for (let call = 1; call <= 9; call++) store.ingest(decoded([span({ traceId: traceId(call) })], [evaluation()]));
    await segments.flush(clock.now());
    await clock.advance(25 * minute);
    store.maintain();
    expect([...store.rollups.minutes]).toEqual([]);
    store.ingest(decoded([span({ traceId: traceId(10) })], [evaluation({ traceId: traceId(10) })]));
    expect([...store.rollups.minutes]).toEqual([]);
    expect((await ask(store)).coverage.partial).toBe(true);
    await segments.flush(clock.now());
    const again = new SignalStore(clock);
    await disk(again, files).load(clock.now());
    expect(await summary(again)).toEqual(['shop server GET /cart = all: 9/0 (9)']);
  });
});

describe('an hour of which minutes were let go', () => {
  /** Minutes go as soon as they are packed, which is when calls are no longer moved in them. */
  const started = async (compactBytes: number) => {
    const clock = clockAt(Math.floor(start / 3_600_000) * 3_600_000);
    const store = new SignalStore(clock, { ...defaultRollupLimits, openCells: 0, packedBytes: 1 });
    const [files, log] = [new MemoryFiles(), new MemoryLog()];
    const segments = disk(store, files, log, { compactBytes, totalBytes: 1e9 });
    await segments.load(clock.now());
    let calls = 0;
    const flush = async (): Promise<number> => {
      store.ingest(decoded([span({ traceId: traceId(++calls), endMs: clock.now() })]));
      await segments.flush(clock.now());
      const [file] = await files.list('/home/store');
      return (await files.read(`/home/store/${file!.name}`, 1e9)).length;
    };
    const afterMinutes = async (minutes: number): Promise<void> => {
      await clock.advance(minutes * minute);
      store.maintain();
    };
    return { clock, files, flush, afterMinutes, calls: () => calls };
  };

  it('does not grow on disk without end', async () => {
    const { flush, afterMinutes } = await started(4_000);
    let largest = 0;
    for (let at = 0; at < 50; at++) {
      for (let often = 0; often < 5; often++) largest = Math.max(largest, await flush());
      await afterMinutes(1);
    }
    expect(largest).toBeLessThan(8_000);
  });

  it('is written on when a write has failed, and keeps what was there', async () => {
    const { clock, files, flush, afterMinutes, calls } = await started(1e9);
    await flush();
    await afterMinutes(10);
    const append = files.append.bind(files);
    files.append = () => Promise.reject(new Error('no space left'));
    await flush();
    files.append = append;
    await flush();
    const again = new SignalStore(clock);
    await disk(again, files).load(clock.now());
    expect(await summary(again)).toEqual([`shop server GET /cart = all: ${calls()}/0 (${calls()})`]);
  });
});

describe('segments', () => {
  const filled = (clock = clockAt()): SignalStore => {
    const store = new SignalStore(clock);
    store.ingest(
      decoded(
        [span({ seconds: 0.3, error: true }), span({ traceId: traceId(2) })],
        [evaluation(), evaluation({ traceId: traceId(2), variant: 'off' }), evaluation({ traceId: traceId(99) })],
      ),
    );
    return store;
  };
  const reloaded = async (files: MemoryFiles, log?: MemoryLog): Promise<SignalStore> => {
    const store = new SignalStore(clockAt());
    await disk(store, files, log).load(start);
    return store;
  };

  it('bring back series, evaluations and exemplars', async () => {
    const [store, files] = [filled(), new MemoryFiles()];
    await disk(store, files).flush(start);
    const again = await reloaded(files);
    for (const flag of [undefined, 'beta'])
      expect(await ask(again, flag)).toMatchObject({ series: (await ask(store, flag)).series });
    expect(await evaluations(again)).toEqual(await evaluations(store));
    // What was held when it was written can no longer be joined.
    expect((await ask(again)).coverage.joinedShare).toBeCloseTo(2 / 3);
  });

  it('make nothing newer than it is', async () => {
    const files = new MemoryFiles();
    const store = new SignalStore(clockAt());
    store.ingest(decoded([span({ endMs: start - 3 * 60 * minute })]));
    await disk(store, files).flush(start);
    const backend = await readStored({ files, paths: memoryPaths, log: new MemoryLog(), clock: clockAt() }, '/home');
    const window = { from: start - 6 * 60 * minute, to: start };
    const { series, coverage } = await backend.series(
      { environment: 'production', operations: [], window, step: minute, split: { by: 'none' } },
      never,
    );
    expect(series).toHaveLength(1);
    expect(coverage.newestSample).toBe(Math.floor((start - 3 * 60 * minute) / minute) * minute);
  });

  it('are right after any number of writes, by several owners one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('span', 'label', 'flush', 'restart', 'compact'), { maxLength: 25 }),
        async (steps) => {
          const files = new MemoryFiles();
          let store = new SignalStore(clockAt());
          let segments = disk(store, files);
          await segments.load(start);
          let spans = 0;
          for (const step of steps) {
            if (step === 'span') store.ingest(decoded([span({ traceId: traceId(++spans) })]));
            if (step === 'label') store.ingest(decoded([], [evaluation({ traceId: traceId(spans) })]));
            if (step === 'flush') await segments.flush(start);
            if (step === 'compact')
              await disk(store, files, new MemoryLog(), { compactBytes: 0, totalBytes: 1e9 }).flush(start);
            if (step === 'restart') {
              await segments.flush(start);
              store = new SignalStore(clockAt());
              segments = disk(store, files);
              await segments.load(start);
            }
          }
          await segments.flush(start);
          const again = await reloaded(files);
          expect(await summary(again)).toEqual(await summary(store));
          expect(await summary(again, 'beta')).toEqual(await summary(store, 'beta'));
          expect(await summary(store)).toEqual(
            spans === 0 ? [] : [`shop server GET /cart = all: ${spans}/0 (${spans})`],
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('survive being cut off anywhere: whole lines count, the rest is skipped', async () => {
    const files = new MemoryFiles();
    await disk(filled(), files).flush(start);
    const [file] = await files.list('/home/store');
    const path = `/home/store/${file!.name}`;
    const whole = files.text(path);
    for (let cutAt = 0; cutAt < whole.length; cutAt += 7) {
      files.set(path, whole.slice(0, cutAt));
      const store = await reloaded(files);
      await disk(store, files).load(start);
      store.ingest(decoded([span({ traceId: traceId(50), name: 'after' })]));
      await disk(store, files).flush(start);
      expect(await summary(await reloaded(files))).toContain('shop server after = all: 1/0 (1)');
    }
  });

  it('skip damaged lines and say so', async () => {
    const files = new MemoryFiles();
    await disk(filled(), files).flush(start);
    const [file] = await files.list('/home/store');
    const path = `/home/store/${file!.name}`;
    files.set(
      path,
      `{}\n["v",2]\n["c",1,0,0,1,0,0,[5,0]]\n${files.text(path)}["c",1,77,0,1,0,0,[5,0]]\n["c",29000000,0,0,-1,0,0,[5,0]]\n["x"]\n`,
    );
    const log = new MemoryLog();
    expect(await summary(await reloaded(files, log))).toEqual(['shop server GET /cart = all: 2/1 (2)']);
    expect(log.lines.map(({ message }) => message).join()).toContain('5 damaged lines');
  });

  it('keep what could not be written for the next time', async () => {
    const [store, files] = [filled(), new MemoryFiles()];
    const failing = Object.create(files) as MemoryFiles;
    let fails = true;
    failing.append = (path, data, mode) =>
      fails ? Promise.reject(new Error('disk full')) : files.append(path, data, mode);
    failing.writeAtomic = (path, data, mode) =>
      fails ? Promise.reject(new Error('disk full')) : files.writeAtomic(path, data, mode);
    failing.remove = (path) => files.remove(path);
    const log = new MemoryLog();
    const segments = disk(store, failing, log);
    await segments.flush(start);
    expect(log.lines.some(({ level }) => level === 'error')).toBe(true);
    fails = false;
    await segments.flush(start);
    expect(await summary(await reloaded(files))).toEqual(await summary(store));
  });
});

describe('instances', () => {
  it('tell what each was last seen evaluating, by the second', () => {
    const store = new SignalStore(clockAt());
    const at = (instance: string, variant: string, ms: number) =>
      evaluation({ resource: resource('shop', instance), variant, at: ms });
    store.ingest(
      decoded(
        [],
        [
          at('a', 'on', start - 5_000),
          at('a', 'on', start - 5_000),
          at('a', 'off', start),
          at('b', 'on', start - 1_000),
        ],
      ),
    );
    expect(store.instancesSince('beta', 'production', start - 10_000)).toHaveLength(3);
    expect(store.instancesSince('beta', 'production', start - 2_000)).toEqual([
      { service: 'shop', instance: 'a', flag: 'beta', variant: 'off', lastSeen: start, count: 1 },
      { service: 'shop', instance: 'b', flag: 'beta', variant: 'on', lastSeen: start - 1_000, count: 1 },
    ]);
    expect(store.instancesSince('other', 'production', 0)).toEqual([]);
    expect(store.instancesSince('beta', 'staging', 0)).toEqual([]);
  });

  it('are bounded', () => {
    const store = new SignalStore(clockAt());
    for (let batch = 0; batch < 60; batch++)
      store.ingest(
        decoded(
          [],
          Array.from({ length: 100 }, (_, at) =>
            evaluation({ traceId: '', spanId: '', resource: resource('shop', `i${batch * 100 + at}`) }),
          ),
        ),
      );
    expect(store.instancesSince('beta', 'production', 0)).toHaveLength(5_000);
  });
});
