import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Totals } from '../../../../src/model/facts';
import { codePathId, type CodePath } from '../../../../src/model/reference';
import { MemoryFiles } from '../../../../src/platform/memory/files';
import { MemoryLog } from '../../../../src/platform/memory/log';
import { memoryPaths } from '../../../../src/platform/memory/paths';
import { answerFacts } from '../../../../src/telemetry/facts';
import { ExponentialHistogram } from '../../../../src/telemetry/histogram';
import { LatencySum } from '../../../../src/telemetry/latencySum';
import { defaultRollupLimits } from '../../../../src/telemetry/rollup/limits';
import { Segments } from '../../../../src/telemetry/store/segments';
import { SignalStore } from '../../../../src/telemetry/store/signalStore';
import { storeBackend } from '../../../../src/telemetry/store/storeBackend';
import { clockAt, decoded, evaluation, resource, span, spanId, start, traceHex, traceId } from './signals';

const minute = 60_000;
const never = new AbortController().signal;
const now = start;
/** The last 15 minutes, the unfinished one included, as `start` is half past one. */
const window = { from: Math.ceil((now - 15 * minute) / minute) * minute, to: now };
const minuteOf = (at: number): number => Math.floor(at / minute) * minute;
const isInWindow = (at: number): boolean => minuteOf(at) >= window.from && minuteOf(at) < window.to;

/** One request to one route, with what it was given for the flag. */
interface Call {
  readonly trace: number;
  readonly route: number;
  readonly environment: string;
  readonly at: number;
  readonly seconds: number;
  readonly status: 'ok' | 'error' | 'refused';
  /** Several: the trace saw several variants. */
  readonly variants: readonly string[];
}

const calls: fc.Arbitrary<readonly Call[]> = fc
  .array(
    fc.record({
      route: fc.nat(2),
      environment: fc.constantFrom('production', 'production', 'production', 'staging'),
      // Within the hour that charts look back, mostly within the window.
      ago: fc.oneof(fc.nat(16 * minute), fc.nat(50 * minute)),
      seconds: fc.oneof(fc.double({ min: 0, max: 3, noNaN: true }), fc.constantFrom(0, 0.25, 1)),
      status: fc.constantFrom('ok', 'ok', 'ok', 'error', 'refused'),
      variants: fc.constantFrom([], ['on'], ['off'], ['off'], ['on', 'on'], ['on', 'off']),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((all) =>
    all.map(({ ago, status, ...each }, index): Call => {
      // No two at the same moment, nor of the same length: which exemplar goes first is then told by them alone.
      const at = now - 1 - ago - index / 100;
      return { ...each, status, trace: index + 1, at, seconds: each.seconds + index / 1e6 };
    }),
  );

const routeOf = (route: number): string => `/r${route}`;
const paths = [0, 1, 2].map((route): CodePath => ({
  ...{ path: 'src/app.ts', name: `r${route}`, kind: 'route', startLine: route * 10, startColumn: 0 },
  ...{ endLine: route * 10 + 5, lensLine: route * 10, spans: [], calls: [] },
  routes: [{ method: 'GET', template: routeOf(route), framework: 'express', line: route * 10 }],
}));

function grouped<K>(all: readonly Call[], by: (call: Call) => K): ReadonlyMap<K, readonly Call[]> {
  const groups = new Map<K, Call[]>();
  for (const call of all) groups.set(by(call), [...(groups.get(by(call)) ?? []), call]);
  return groups;
}

function ingest(store: SignalStore, { trace, route, environment, at, seconds, status, variants }: Call): void {
  const of = resource('shop', 'one', environment);
  const ids = { traceId: traceId(trace), spanId: spanId(trace), resource: of };
  const outcome = { error: status === 'error', refused: status === 'refused' };
  const entry = { httpRoute: routeOf(route), name: `GET ${routeOf(route)}`, endMs: at, seconds, ...outcome };
  const evaluations = variants.map((variant) => evaluation({ ...ids, variant, at }));
  // Half of the evaluations come after the span they happened in, and half before.
  if (trace % 2 === 0) store.ingest(decoded([], evaluations));
  store.ingest(decoded([span({ ...ids, ...entry })], trace % 2 === 0 ? [] : evaluations));
}

/** `ours`: all calls of the environment; what came before the first of them is no time to take a rate over. */
function plainTotals(
  of: readonly Call[],
  ours: readonly Call[],
): Omit<Totals, 'errorRate'> & { readonly errorRate: number | null } {
  const latency = new LatencySum();
  const histogram = new ExponentialHistogram();
  for (const { seconds } of of) histogram.add(seconds);
  latency.add(histogram.toModel());
  const errors = of.filter(({ status }) => status === 'error').length;
  const heard = Math.max(window.from, Math.min(...ours.map(({ at }) => minuteOf(at))));
  return {
    calls: of.length,
    errors,
    refused: of.filter(({ status }) => status === 'refused').length,
    perMinute: (of.length * minute) / (window.to - Math.min(heard, window.to - minute)),
    errorRate: of.length === 0 ? null : errors / of.length,
    p50: latency.quantile(0.5),
    p95: latency.quantile(0.95),
    p99: latency.quantile(0.99),
  };
}

/** Of each minute and operation the three failed last and the three slowest are kept; of these the first six are shown. */
function plainExemplars(of: readonly Call[]): string[] {
  const cells = grouped(of, ({ at, route }) => `${minuteOf(at)} ${route}`);
  const failed = (all: readonly Call[]): Call[] =>
    all.filter(({ status }) => status === 'error').toSorted((a, b) => b.at - a.at || a.trace - b.trace);
  const slow = (all: readonly Call[]): Call[] =>
    all.filter(({ status }) => status !== 'error').toSorted((a, b) => b.seconds - a.seconds);
  const kept = [...cells.values()].flatMap((all) => [...failed(all).slice(0, 3), ...slow(all).slice(0, 3)]);
  return [...failed(kept), ...slow(kept)].slice(0, 6).map(({ trace }) => traceHex(trace));
}

/** What is to be said of these calls, worked out from the calls themselves. */
function plainFacts(all: readonly Call[], environment: string) {
  const ours = all.filter((call) => call.environment === environment);
  const within = ours.filter(({ at }) => isInWindow(at));
  const armOf = ({ variants }: Call): string => [...new Set(variants)].sort().join('+');
  const flag = (of: readonly Call[]) => {
    const inWindow = of.filter(({ at }) => isInWindow(at));
    const arms = ['on', 'off'].flatMap((variant) => {
      const own = inWindow.filter((call) => armOf(call) === variant);
      if (own.length === 0) return [];
      const minutes = grouped(
        of.filter((call) => armOf(call) === variant),
        ({ at }) => minuteOf(at),
      );
      const points = [...minutes]
        .toSorted(([a], [b]) => a - b)
        .map(([at, some]) => {
          const { calls: count, errors, p95 } = plainTotals(some, ours);
          return { at, calls: count, errors, p95 };
        });
      return [{ variant, totals: plainTotals(own, ours), points, exemplars: plainExemplars(own) }];
    });
    return {
      arms: arms.sort((a, b) => b.totals.calls - a.totals.calls || (a.variant < b.variant ? -1 : 1)),
      mixedCalls: inWindow.filter((call) => armOf(call) === 'off+on').length,
    };
  };
  const routes = [...new Set(within.map(({ route }) => route))].sort();
  const isSeen = ours.some(({ variants }) => variants.length > 0);
  return {
    paths: routes.map((route) => ({
      name: `GET ${routeOf(route)}`,
      totals: plainTotals(
        within.filter((call) => call.route === route),
        ours,
      ),
    })),
    byPath: isSeen ? routes.map((route) => flag(ours.filter((call) => call.route === route))) : [],
    whole: isSeen && routes.length > 0 ? flag(ours.filter(({ route }) => routes.includes(route))) : null,
    evaluations: within.reduce((sum, { variants }) => sum + variants.length, 0),
  };
}

async function toldFacts(store: SignalStore, environment: string) {
  const question = { key: 'beta', effective: null, offVariant: null };
  const flags = [
    { ...question, at: paths.map((path) => codePathId(path)) },
    { ...question, at: [] },
  ];
  const request = { environment, windowMinutes: 15, codePaths: paths, overrides: {}, services: {}, flags };
  const facts = await answerFacts(storeBackend(store), request, now, never);
  const rateAlone = <T extends Totals>(totals: T) => ({ ...totals, errorRate: totals.errorRate?.value ?? null });
  const told = ({ arms, mixedCalls }: (typeof facts.flags)[number]) => ({
    arms: arms.map((arm) => ({
      ...arm,
      totals: rateAlone(arm.totals),
      exemplars: arm.exemplars.map((exemplar) => exemplar.traceId),
    })),
    mixedCalls,
  });
  const byPath = facts.flags
    .filter(({ operation }) => operation !== null)
    .toSorted((a, b) => (a.operation!.name < b.operation!.name ? -1 : 1));
  const whole = facts.flags.findLast(({ operation }) => operation === null);
  return {
    paths: facts.paths
      .map(({ operation, totals }) => ({ name: operation.name, totals: rateAlone(totals) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    byPath: byPath.map(told),
    whole: whole ? told(whole) : null,
    evaluations: whole ? whole.evaluations : 0,
  };
}

it('facts are what the calls themselves say: open minutes and packed ones, late calls, read back from disk', async () => {
  await fc.assert(
    fc.asyncProperty(calls, fc.nat(60), async (all, late) => {
      const clock = clockAt(now);
      const limits = { ...defaultRollupLimits, openCells: 0 };
      const store = new SignalStore(clock, limits);
      const disk = { files: new MemoryFiles(), paths: memoryPaths, log: new MemoryLog() };
      const segments = new Segments(disk, '/home/store', store.rollups);
      for (const call of all.slice(0, late)) ingest(store, call);
      await segments.flush(now);
      store.maintain();
      const isPacked = [...store.rollups.minutes].every(({ start: at, isPacked: packed }) =>
        at * minute < now - 4 * minute ? packed : true,
      );
      expect(isPacked).toBe(true);
      // Into packed minutes and open ones.
      for (const call of all.slice(late)) ingest(store, call);
      for (const environment of ['production', 'staging']) {
        if (!all.some((call) => call.environment === environment)) continue;
        const expected = plainFacts(all, environment);
        expect(await toldFacts(store, environment)).toEqual(expected);
        await segments.flush(now);
        store.maintain();
        expect(await toldFacts(store, environment)).toEqual(expected);
        const again = new SignalStore(clock, limits);
        again.restored(await new Segments(disk, '/home/store', again.rollups).load(now));
        expect(await toldFacts(again, environment)).toEqual(expected);
      }
    }),
    { numRuns: 60 },
  );
});
