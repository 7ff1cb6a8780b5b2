import { describe, expect, it } from 'vitest';
import { signalFactsSchema, type SignalFacts } from '../../../src/model/facts';
import type { Effective } from '../../../src/model/flag';
import { codePathId, type CodePath } from '../../../src/model/reference';
import type { Point } from '../../../src/model/signal';
import type { FactsRequest, FlagQuestion } from '../../../src/telemetry/api';
import { answerFacts } from '../../../src/telemetry/facts';
import { MadeBackend, minute, named, point, start, type Made } from './madeBackend';

const split: Effective = {
  kind: 'split',
  shares: { on: 0.25, off: 0.75 },
  defaultShares: { on: 0.25, off: 0.75 },
  ruleCount: 0,
  randomised: 'yes',
  unreachable: [],
};
const codePath = (name: string, template: string, more: Partial<CodePath> = {}): CodePath => ({
  path: 'src/app.ts',
  name,
  kind: 'route',
  startLine: template.length,
  startColumn: 1,
  endLine: 100,
  lensLine: 1,
  routes: [{ method: 'POST', template, framework: 'express', line: 1 }],
  spans: [],
  calls: [],
  ...more,
});
const checkout = codePath('checkout', '/checkout');
const question = (more: Partial<FlagQuestion> = {}): FlagQuestion => ({
  key: 'new-checkout',
  at: [codePathId(checkout)],
  effective: split,
  offVariant: 'off',
  ...more,
});
const request = (more: Partial<FactsRequest> = {}): FactsRequest => ({
  environment: 'production',
  windowMinutes: 15,
  codePaths: [checkout],
  overrides: {},
  services: {},
  flags: [question()],
  ...more,
});
const ask = (backend: MadeBackend, more: Partial<FactsRequest> = {}, now = start): Promise<SignalFacts> =>
  answerFacts(backend, request(more), now, new AbortController().signal);

/** One point a minute for the last `minutes` before `start`. */
const every = (minutes: number, make: (at: number) => Point): Point[] =>
  Array.from({ length: minutes }, (_, index) => make(start - (minutes - index) * minute));
const bad = (minutes = 15): Record<string, Point[]> => ({
  on: every(minutes, (at) => point(at, 80, 6, 0.3)),
  off: every(minutes, (at) => point(at, 240, 2, 0.1)),
});
const shop = (flags: Made['flags'], minutes = 15, service = 'shop'): Made => ({
  operation: named(service, 'POST', '/checkout'),
  all: every(minutes, (at) => point(at, 320, 8)),
  flags,
});

describe('facts of code paths', () => {
  it('totals with the window, Wilson interval and percentiles of the merged histogram', async () => {
    const now = start + 20_000;
    const all = [...every(20, (at) => point(at, 100, 1, 0.1)), point(start, 50, 0, 1)];
    const facts = await ask(
      new MadeBackend([{ operation: named('shop', 'POST', '/checkout'), all, flags: {} }]),
      {},
      now,
    );
    expect(facts.window).toEqual({ from: start - 14 * minute, to: now });
    const { totals, match } = facts.paths[0]!;
    expect(totals).toMatchObject({ calls: 1450, errors: 14 });
    expect(totals.perMinute).toBeCloseTo(1450 / (14 + 1 / 3));
    expect(totals.errorRate!.low).toBeLessThan(14 / 1450);
    expect(totals.errorRate!.high).toBeGreaterThan(14 / 1450);
    expect(totals.p50).toBeLessThan(0.13);
    // 3.4 % of the calls took a second: no average of percentiles by minute would know it.
    expect(totals.p99).toBeGreaterThan(1);
    expect(match.reason).toBe('by http.route');
    expect(signalFactsSchema.safeParse(facts).success).toBe(true);
  });

  it('shows the busiest operation and names the others', async () => {
    const made = ['one', 'two', 'three'].map((service, index) => ({
      operation: named(service, 'POST', '/checkout'),
      all: every(3, (at) => point(at, 10 * (index + 1), 0)),
      flags: {},
    }));
    const [path] = (await ask(new MadeBackend(made))).paths;
    expect(path!.operation.service).toBe('three');
    expect(path!.more.map(({ service }) => service)).toEqual(['two', 'one']);
    expect(path!.totals.calls).toBe(90);
  });

  it('lends a caller its numbers, saying so', async () => {
    const price = codePath('price', '', { routes: [], kind: 'function' });
    const codePaths = [{ ...checkout, calls: ['price'] }, price];
    const facts = await ask(new MadeBackend([shop({ 'new-checkout': bad() })]), {
      codePaths,
      flags: [question({ at: [codePathId(price)] })],
    });
    expect(facts.paths.find(({ codePathId: id }) => id === codePathId(price))?.match.via).toBe('POST /checkout');
    expect(facts.flags[0]!.match!.via).toBe('POST /checkout');
  });

  it('asks once for all operations and once a flag that telemetry has seen', async () => {
    const backend = new MadeBackend([shop({ 'new-checkout': bad(), other: bad() })]);
    await ask(backend, { flags: [question(), question({ key: 'other' }), question({ key: 'never-seen' })] });
    expect(backend.queries.map(({ split: by }) => by)).toEqual([
      { by: 'none' },
      { by: 'flag', key: 'new-checkout' },
      { by: 'flag', key: 'other' },
    ]);
  });

  it('knows how fresh telemetry is though nothing matches', async () => {
    const backend = new MadeBackend([shop({})]);
    const facts = await ask(backend, { codePaths: [], flags: [] });
    expect(facts.coverage.newestSample).toBe(start);
    expect(facts).toMatchObject({ paths: [], operationCount: 1, services: ['shop'] });
    const nothing = await ask(new MadeBackend([]));
    expect(nothing.coverage.newestSample).toBeNull();
  });

  it('stops when told to', async () => {
    const stopped = AbortSignal.abort(new Error('no longer wanted'));
    await expect(answerFacts(new MadeBackend([shop({})]), request(), start, stopped)).rejects.toThrow(
      'no longer wanted',
    );
  });
});

describe('facts of flags', () => {
  it('compares the sides on the operation of the asked code path', async () => {
    const [flag] = (await ask(new MadeBackend([shop({ 'new-checkout': bad() })]))).flags;
    expect(flag!.operation?.httpRoute).toBe('/checkout');
    expect(flag!.arms.map(({ variant, totals }) => [variant, totals.calls, totals.errors])).toEqual([
      ['off', 3600, 30],
      ['on', 1200, 90],
    ]);
    expect(flag!.observed).toEqual({ on: 0.25, off: 0.75 });
    expect(flag!.comparison).toMatchObject({
      verdict: 'regression',
      treatment: 'on',
      control: 'off',
      bad1: 90,
      n1: 1200,
      bad0: 30,
      n0: 3600,
    });
    expect(flag!.comparison!.ratio!.value).toBeCloseTo(9);
    expect(flag!.latency).toMatchObject({ metric: 'latency', verdict: 'regression' });
    expect(flag!.latency!.thresholdSeconds).toBe(0.25);
    expect(flag!.arms[0]!.exemplars).toHaveLength(1);
  });

  it('says since when a regression older than the window stands, and charts the hour', async () => {
    const [flag] = (await ask(new MadeBackend([shop({ 'new-checkout': bad(40) }, 40)]))).flags;
    const [fresh] = (await ask(new MadeBackend([shop({ 'new-checkout': bad(15) })]))).flags;
    const crossedAfter = fresh!.comparison!.since! - (start - 15 * minute);
    expect(crossedAfter).toBeGreaterThan(0);
    expect(Math.abs(flag!.comparison!.since! - (start - 40 * minute + crossedAfter))).toBeLessThan(10 * minute);
    expect(flag!.comparison!.sinceAtLeast).toBe(false);
    const [old] = (await ask(new MadeBackend([shop({ 'new-checkout': bad(90) }, 90)]))).flags;
    expect(old!.comparison!.sinceAtLeast).toBe(true);
    expect(old!.comparison!.since).toBeLessThan(start - 60 * minute + crossedAfter);
    expect(flag!.arms[0]!.points).toHaveLength(40);
    expect(flag!.arms[0]!.totals.calls).toBe(3600);
  });

  it('does not trace "since" through a time when all was well', async () => {
    const well = (at: number): boolean => at >= start - 40 * minute && at < start - 15 * minute;
    const on = every(60, (at) => (well(at) ? point(at, 80, 0) : point(at, 80, 6)));
    const off = every(60, (at) => point(at, 240, 2));
    const [flag] = (await ask(new MadeBackend([shop({ 'new-checkout': { on, off } }, 60)]))).flags;
    expect(flag!.comparison!.since).toBeGreaterThan(start - 15 * minute);
  });

  it('gives only an association unless a split alone decides', async () => {
    const verdict = async (effective: Effective | null): Promise<string> => {
      const facts = await ask(new MadeBackend([shop({ 'new-checkout': bad() })]), { flags: [question({ effective })] });
      const { comparison } = facts.flags[0]!;
      expect(comparison!.p === null).toBe(comparison!.verdict === 'association');
      return `${comparison!.verdict} ${comparison!.randomised}`;
    };
    expect(await verdict(split)).toBe('regression yes');
    expect(await verdict({ ...split, randomised: 'partly', kind: 'rules', shares: null })).toBe('association partly');
    expect(await verdict({ ...split, randomised: 'no', kind: 'everyone', shares: { on: 0, off: 1 } })).toBe(
      'association no',
    );
    expect(await verdict({ ...split, shares: { on: 1, off: 0 } })).toBe('association no');
    expect(await verdict(null)).toBe('association unknown');
  });

  it('holds calls against the configured shares from the change on, where the flag system says when that was', async () => {
    const minutes = 60;
    const even = {
      on: every(minutes, (at) => point(at, 160, 2)),
      off: every(minutes, (at) => point(at, 160, 2)),
    };
    const verdict = async (changedAt?: number): Promise<string | undefined> => {
      const flags = [question(changedAt === undefined ? {} : { changedAt })];
      const facts = await ask(new MadeBackend([shop({ 'new-checkout': even }, minutes)]), { flags, windowMinutes: 60 });
      return facts.flags[0]?.comparison?.verdict;
    };
    expect(await verdict()).toBe('noEvidence');
    expect(await verdict(start - 2 * minutes * minute)).toBe('unhealthy');
    expect(await verdict(start - minute)).toBe('noEvidence');
  });

  it('names the sides of an experiment and does not let equal shares change sides', async () => {
    const sides = async (variants: Record<string, number>, more: Partial<FlagQuestion>): Promise<string> => {
      const arms = Object.fromEntries(
        Object.entries(variants).map(([variant, calls]) => [variant, every(15, (at) => point(at, calls, 1))]),
      );
      const facts = await ask(new MadeBackend([shop({ 'new-checkout': arms })]), { flags: [question(more)] });
      const { comparison } = facts.flags[0]!;
      return comparison ? `${comparison.treatment} against ${comparison.control}` : 'one side';
    };
    const colours = { ...split, shares: { blue: 0.5, green: 0.5 } };
    const unknown = { ...split, shares: null, defaultShares: null };
    expect(await sides({ blue: 50, green: 51 }, { effective: colours, offVariant: null })).toBe('green against blue');
    expect(await sides({ blue: 51, green: 50 }, { effective: colours, offVariant: null })).toBe('green against blue');
    expect(await sides({ blue: 50, green: 60 }, { effective: unknown, offVariant: null })).toBe('blue against green');
    expect(await sides({ blue: 9, control: 5, green: 8 }, { effective: unknown, offVariant: null })).toBe(
      'blue against control',
    );
    expect(await sides({ blue: 9, off: 5, green: 20 }, { effective: unknown })).toBe('green against off');
    expect(await sides({ on: 9 }, { effective: { ...split, shares: { on: 1, off: 0 } } })).toBe('one side');
    expect(await sides({ on: 9 }, {})).toBe('on against off');
    const byValue = { variantNames: { true: 'on', false: 'off', constructor: 'off' } };
    expect(await sides({ true: 9, false: 27 }, byValue)).toBe('on against off');
    expect(await sides({ true: 9, on: 1, toString: 5, off: 4 }, byValue)).toBe('on against off');
  });

  it('takes each service by itself where no code path is asked or matched', async () => {
    const backend = new MadeBackend([
      shop({ 'new-checkout': bad() }),
      { ...shop({ 'new-checkout': bad() }), operation: named('shop', 'GET', '/cart') },
      shop({ 'new-checkout': { on: every(5, (at) => point(at, 1, 0)) } }, 15, 'edge'),
    ]);
    const evaluation = { service: 'shop', environment: 'production', flag: 'new-checkout', joined: 1 };
    backend.evaluated = [
      { ...evaluation, variant: 'on', count: 30 },
      { ...evaluation, variant: 'off', count: 70 },
    ];
    for (const at of [[], ['src/unmatched.ts:1:1']]) {
      const { flags } = await ask(backend, { codePaths: [], flags: [question({ at })] });
      expect(flags.map(({ service, operation }) => [service, operation])).toEqual([
        ['shop', null],
        ['edge', null],
      ]);
      expect(flags[0]!.arms.map(({ totals }) => totals.calls)).toEqual([7200, 2400]);
      expect(flags[0]!).toMatchObject({ observed: { on: 0.3, off: 0.7 }, evaluations: 100 });
      expect(flags[1]!).toMatchObject({ observed: { on: 1 }, evaluations: 5 });
    }
  });

  it('counts calls that saw several variants apart', async () => {
    const mixed = every(15, (at) => point(at, 200, 50));
    const [flag] = (await ask(new MadeBackend([shop({ 'new-checkout': { ...bad(), mixed } })]))).flags;
    expect(flag!.mixedCalls).toBe(3000);
    expect(flag!.arms).toHaveLength(2);
    expect(flag!.comparison!.verdict).toBe('unhealthy');
  });

  it('finds nothing to say about latency where hardly a call was slow', async () => {
    const quick = {
      on: every(15, (at) => point(at, 50, 1, 0.0002)),
      off: every(15, (at) => point(at, 40, 0, 0.0002)),
    };
    const [flag] = (await ask(new MadeBackend([shop({ 'new-checkout': quick })]))).flags;
    expect(flag!.latency).toMatchObject({ verdict: 'insufficient' });
    expect(flag!.latency!.because).toContain('slow');
  });
});

describe('environments', () => {
  const inEnvironment = (environment: string): Made => ({
    ...shop({ 'new-checkout': bad() }),
    operation: named('shop', 'POST', '/checkout', environment),
  });

  it('joins the asked one alone where telemetry names it', async () => {
    const facts = await ask(new MadeBackend(['production', '', 'staging'].map(inEnvironment)));
    expect(facts.operationCount).toBe(1);
    expect(facts.paths[0]).toMatchObject({ operation: { environment: 'production' }, more: [] });
  });

  it('joins telemetry that names none where nothing names the asked one, and never another', async () => {
    const unnamed = await ask(new MadeBackend(['', 'staging'].map(inEnvironment)));
    expect(unnamed.paths[0]!.operation.environment).toBe('');
    expect(unnamed.flags[0]!.comparison!.verdict).toBe('regression');
    expect(unnamed).toMatchObject({ environment: 'production', environments: ['', 'staging'] });
    const other = await ask(new MadeBackend([inEnvironment('staging')]));
    expect(other).toMatchObject({ paths: [], flags: [], operationCount: 0 });
  });
});

describe('speed', () => {
  it('answers for 50 code paths of 2,000 operations within a frame or two', async () => {
    const all = every(15, (at) => point(at, 40, 1));
    const arms = { on: every(15, (at) => point(at, 20, 1)), off: every(15, (at) => point(at, 20, 1)) };
    const made = Array.from({ length: 2000 }, (_, index): Made => ({
      operation: named(`service-${index % 20}`, 'POST', `/r${index}/:id`),
      all,
      flags: index < 50 ? { 'new-checkout': arms } : {},
    }));
    const backend = new MadeBackend(made);
    const codePaths = Array.from({ length: 50 }, (_, index) =>
      codePath(`h${index}`, `/r${index}/{id}`, { startLine: index + 1 }),
    );
    const asked = { codePaths, flags: [question({ at: codePaths.slice(0, 10).map(codePathId) })] };
    const times: number[] = [];
    for (let run = 0; run < 15; run += 1) {
      const before = process.cpuUsage();
      const facts = await ask(backend, asked);
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
      expect(facts.paths).toHaveLength(50);
      expect(facts.flags).toHaveLength(10);
    }
    // Milliseconds of processor time, the best of the runs: the machine may be busy with other tests.
    expect(Math.min(...times)).toBeLessThan(60);
  });
});
