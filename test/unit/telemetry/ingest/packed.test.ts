import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArmSeries } from '../../../../src/model/signal';
import { answerFacts } from '../../../../src/telemetry/facts';
import { sumSteps } from '../../../../src/telemetry/factsTotals';
import { LatencySum } from '../../../../src/telemetry/latencySum';
import { Cell } from '../../../../src/telemetry/rollup/cell';
import { cellData } from '../../../../src/telemetry/rollup/cellData';
import { CellTable } from '../../../../src/telemetry/rollup/cellTable';
import { latencyBucket } from '../../../../src/telemetry/rollup/latencyBuckets';
import { PackedCells } from '../../../../src/telemetry/rollup/packedCells';
import { SignalStore } from '../../../../src/telemetry/store/signalStore';
import { storeBackend } from '../../../../src/telemetry/store/storeBackend';
import { clockAt, decoded, evaluation, resource, span, spanId, start, traceId } from './signals';

const minute = 60_000;
const never = new AbortController().signal;
const window = { from: start - 15 * minute, to: start + minute };

const call = fc.record({
  operation: fc.integer({ min: 0, max: 5 }),
  arm: fc.integer({ min: 0, max: 3 }),
  seconds: fc.double({ min: 0, max: 100, noNaN: true }),
  error: fc.boolean(),
  refused: fc.boolean(),
  trace: fc.integer({ min: 1, max: 50 }),
});

describe('packed cells', () => {
  it('say what the cells said, wanted ones only, and unpack to the same', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), fc.integer({ min: 0, max: 3 }), (calls, wantedArm) => {
        const table = new CellTable();
        for (const { operation, arm, seconds, error, refused, trace } of calls) {
          const cell = table.get(operation, arm) ?? new Cell();
          table.set(operation, arm, cell);
          const exemplar = { traceId: traceId(trace), at: start + trace, seconds, error };
          const of = { index: operation } as never;
          const counted = { operation: of, minute: 0, bucket: latencyBucket(seconds), exemplar, refused };
          cell.add({ ...counted, labels: undefined }, true);
        }
        const said = (cells: CellTable | PackedCells, arm: (index: number) => boolean): string[] => {
          const rows: string[] = [];
          cells.each({ arm, operation: (index) => index !== 1 }, (operation, of, cell) =>
            rows.push(
              JSON.stringify([operation, of, cellData(cell), cell.histogram(), cell.slowest, cell.newestFailed]),
            ),
          );
          return rows.sort();
        };
        const packed = new PackedCells(table);
        for (const arm of [() => true, (index: number) => index === wantedArm]) {
          expect(said(packed, arm)).toEqual(said(table, arm));
          expect(said(packed.unpack(), arm)).toEqual(said(table, arm));
        }
        expect(packed.size).toBe(table.size);
      }),
    );
  });
});

describe('sums of the store', () => {
  const seen = fc.record({
    route: fc.integer({ min: 0, max: 3 }),
    ago: fc.integer({ min: 0, max: 10 }),
    seconds: fc.double({ min: 0, max: 2, noNaN: true }),
    error: fc.boolean(),
    on: fc.boolean(),
  });

  it('are the series of their operations added up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(seen, { minLength: 1, maxLength: 40 }), async (calls) => {
        const store = new SignalStore(clockAt());
        for (const [index, { route, ago, seconds, error, on }] of calls.entries()) {
          const at = start - ago * minute;
          const ids = { traceId: traceId(index + 1), spanId: spanId(index + 1) };
          const one = span({ ...ids, httpRoute: `/r${route}`, name: `GET /r${route}`, endMs: at, seconds, error });
          store.ingest(decoded([one], [evaluation({ ...ids, variant: on ? 'on' : 'off', at })]));
        }
        const backend = storeBackend(store);
        const common = { environment: 'production', window, step: minute, split: { by: 'flag', key: 'beta' } } as const;
        const ids = (await backend.operations('production', window, never)).map(({ id }) => id);
        const groups = [ids, ids.slice(0, 1), ids.slice(1)];
        const sums = await backend.sums!({ ...common, groups, exemplarsFrom: window.from }, never);
        const { series } = await backend.series({ ...common, operations: [] }, never);
        const steps = (arms: readonly ArmSeries[], variant: string): unknown =>
          sumSteps(
            arms.filter(({ arm }) => arm.kind === 'variant' && arm.variant === variant).map(({ points }) => points),
          ).map(({ at, calls: count, errors, latency }) => [at, count, errors, latency.quantile(0.5)]);
        for (const [index, group] of groups.entries())
          for (const variant of ['on', 'off']) {
            const all = series.filter(({ operation }) => group.includes(operation.id)).flatMap(({ arms }) => arms);
            expect(steps(sums.groups[index]!, variant)).toEqual(steps(all, variant));
          }
      }),
      { numRuns: 40 },
    );
  });
});

describe('latency sums', () => {
  it('say nothing of calls that one bucket holds without an edge, and the last edge of those beyond it', () => {
    const sum = new LatencySum();
    sum.add({ bounds: [], counts: [100] });
    expect([sum.quantile(0.5), sum.edgeFrom(0.5)]).toEqual([null, Number.POSITIVE_INFINITY]);
    const beyond = new LatencySum();
    beyond.add({ bounds: [0.5, 1], counts: [1, 1, 98] });
    expect([beyond.quantile(0.5), beyond.edgeFrom(0.7)]).toEqual([1, 1]);
  });

  const edges = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });

  it('are the same in any order, and exact where edges are equal', () => {
    fc.assert(
      fc.property(fc.array(edges, { minLength: 1, maxLength: 6 }), (all) => {
        const made = all.map((list) => {
          const bounds = list.toSorted((a, b) => a - b);
          return { bounds, counts: [...bounds, 0] };
        });
        const sumOf = (histograms: typeof made): LatencySum => {
          const sum = new LatencySum();
          for (const histogram of histograms) sum.add(histogram);
          return sum;
        };
        const [one, other] = [sumOf(made), sumOf(made.toReversed())];
        const merged = new LatencySum();
        for (const histogram of made) merged.merge(sumOf([histogram]));
        for (const q of [0.1, 0.5, 0.95, 1]) {
          expect(other.quantile(q)).toBe(one.quantile(q));
          expect(merged.quantile(q)).toBe(one.quantile(q));
        }
        expect(one.count).toBe(made.flatMap(({ counts }) => counts).reduce((sum, count) => sum + count, 0));
        const first = made[0]!;
        const twice = sumOf([first, first]);
        for (const bound of first.bounds) expect(twice.countAbove(bound)).toBe(2 * sumOf([first]).countAbove(bound));
      }),
    );
  });
});

describe('an environment beside telemetry that names none', () => {
  it('has coverage, services and instances of what is joined alone', async () => {
    const store = new SignalStore(clockAt());
    const unnamed = resource('shop', 'two', '');
    store.ingest(
      decoded(
        [span(), span({ traceId: traceId(2), resource: unnamed, endMs: start + 5 })],
        [
          evaluation(),
          evaluation({ traceId: traceId(2), resource: unnamed }),
          evaluation({ traceId: '', spanId: '', resource: unnamed }),
        ],
      ),
    );
    const asked = { windowMinutes: 15, codePaths: [], overrides: {}, services: {} };
    const flags = [{ key: 'beta', at: [], effective: null, offVariant: null }];
    const ask = (environment: string) =>
      answerFacts(storeBackend(store), { ...asked, environment, flags }, start + 1000, never);
    const production = await ask('production');
    // The evaluation that found no span is the unnamed service's.
    expect(production.coverage).toMatchObject({ joinedShare: 1, newestSample: start });
    expect(production.flags.map(({ evaluations }) => evaluations)).toEqual([1]);
    expect(store.instancesSince('beta', 'production', 0).map(({ instance }) => instance)).toEqual(['one']);
    const staging = await ask('staging');
    expect(staging.coverage).toMatchObject({ joinedShare: 0.5, newestSample: start + 5 });
    expect(store.instancesSince('beta', 'staging', 0).map(({ instance }) => instance)).toEqual(['two']);
  });
});
