import { describe, expect, it } from 'vitest';
import { backendConfigSchema } from '../../../../src/model/config';
import { signalFactsSchema, type FlagFacts, type PathFacts, type SignalFacts } from '../../../../src/model/facts';
import { codePathId, type CodePath } from '../../../../src/model/reference';
import { HttpError, type Http } from '../../../../src/platform/http';
import { MemoryClock } from '../../../../src/platform/memory/clock';
import { MemoryLog } from '../../../../src/platform/memory/log';
import { memoryL10n } from '../../../../src/platform/memory/l10n';
import { memoryRemotes } from '../../../../src/platform/memory/remotes';
import type { FactsRequest } from '../../../../src/telemetry/api';
import { answerFacts } from '../../../../src/telemetry/facts';
import { combineFacts, type SourceAnswer } from '../../../../src/telemetry/sources/combineFacts';
import { SignalSources, type SignalSourcesOf } from '../../../../src/telemetry/sources/signalSources';
import { MadeBackend, minute, named, point, start, type Made } from '../madeBackend';

const checkout: CodePath = {
  path: 'src/app.ts',
  name: 'checkout',
  kind: 'route',
  startLine: 1,
  startColumn: 1,
  endLine: 100,
  lensLine: 1,
  routes: [{ method: 'POST', template: '/checkout', framework: 'express', line: 1 }],
  spans: [],
  calls: [],
};
const id = codePathId(checkout);
const request: FactsRequest = {
  environment: 'production',
  windowMinutes: 15,
  codePaths: [checkout],
  overrides: {},
  services: {},
  flags: [{ key: 'new-checkout', at: [id], effective: null, offVariant: 'off' }],
};

/** `calls` a minute, all with variants or none. */
async function factsOf(calls: number, variants: boolean, environment = 'production'): Promise<SignalFacts> {
  const points = Array.from({ length: 15 }, (_, index) => point(start - (15 - index) * minute, calls, 1));
  const operation = named('shop', 'POST', '/checkout', environment);
  const flags: Made['flags'] = variants ? { 'new-checkout': { on: points, off: points } } : {};
  const made = { operation, all: points, flags };
  const facts = await answerFacts(
    new MadeBackend(calls === 0 ? [] : [made]),
    request,
    start,
    new AbortController().signal,
  );
  return variants ? facts : { ...facts, toldApart: [] };
}
const source = (name: string, facts: SignalFacts | null, more: Partial<SourceAnswer> = {}): SourceAnswer => ({
  id: name,
  name,
  counts: 'metrics',
  holds: [],
  state: facts ? 'ok' : 'asking',
  reason: null,
  since: null,
  facts,
  ...more,
});
const combine = (...answers: readonly SourceAnswer[]): SignalFacts =>
  combineFacts({ environment: 'production', answers })!;
const decided = ({ sources }: SignalFacts): string[] => sources!.map(({ decided: how }) => how);
const pathOf = ({ paths }: SignalFacts): PathFacts | undefined => paths.find((path) => path.codePathId === id);
const flagOf = ({ flags }: SignalFacts): FlagFacts | undefined => flags.find(({ key }) => key === 'new-checkout');

describe('facts of several sources', () => {
  it('are never added up: each number is one source’s, which it names', async () => {
    const facts = combine(source('local', await factsOf(10, true)), source('fleet', await factsOf(1_000, false)));
    expect(pathOf(facts)).toMatchObject({ source: 'local', totals: { calls: 150 } });
    expect(flagOf(facts)).toMatchObject({
      source: 'local',
      arms: [{ totals: { calls: 150 } }, { totals: { calls: 150 } }],
    });
    expect(decided(facts)).toEqual(['found', 'found']);
    expect(facts.source).toBe('local, fleet');
    expect(signalFactsSchema.safeParse(facts).success).toBe(true);
  });

  it('come first from the one that the configuration names, arms from the one that knows them', async () => {
    const fleet = source('fleet', await factsOf(1_000, false), { holds: ['production'] });
    const facts = combine(source('local', await factsOf(10, true)), fleet);
    expect(decided(facts)).toEqual(['found', 'configured']);
    expect(pathOf(facts)).toMatchObject({ source: 'fleet', totals: { calls: 15_000 } });
    // Found again at the code path though its operation is the other source's.
    expect(flagOf(facts)).toMatchObject({ source: 'local', codePathIds: [id] });
    expect(facts.sources![1]!.toldApart).toEqual([]);
  });

  it('leave telemetry that names no environment out as soon as any source names the asked one', async () => {
    const unnamed = source('local', await factsOf(10, true, ''));
    expect(pathOf(combine(unnamed, source('fleet', await factsOf(0, false))))).toMatchObject({ source: 'local' });
    const named = combine(unnamed, source('fleet', await factsOf(5, false)));
    expect(pathOf(named)).toMatchObject({ source: 'fleet' });
    expect(flagOf(named)).toBeUndefined();
    expect(decided(named)).toEqual(['notThere', 'found']);
    // One that holds it by configuration and does not answer is not replaced by what names nothing.
    const down = combine(
      unnamed,
      source('fleet', null, { holds: ['production'], state: 'unreachable', reason: 'gone' }),
    );
    expect(down.paths).toEqual([]);
    expect(decided(down)).toEqual(['notThere', 'configured']);
    // Nor by what is there first while it is still asked.
    expect(combine(unnamed, source('fleet', null)).paths).toEqual([]);
  });

  it('prefer metrics to spans that fall short of them, and say so; the arms stay with who can tell them', async () => {
    const spans = (facts: SignalFacts): SourceAnswer => source('local', facts, { counts: 'spans' });
    const facts = combine(spans(await factsOf(7, true)), source('fleet', await factsOf(10, false)));
    expect(pathOf(facts)).toMatchObject({ source: 'fleet', totals: { calls: 150 } });
    expect(flagOf(facts)).toMatchObject({ source: 'local' });
    expect(facts.sources!.map(({ coverage }) => coverage!.partial)).toEqual([true, false]);
    expect(facts.coverage).toMatchObject({ partial: true, sampled: false });
    // Whichever is asked first.
    const turned = combine(source('fleet', await factsOf(10, false)), spans(await factsOf(7, true)));
    expect(pathOf(turned)).toMatchObject({ source: 'fleet' });

    const enough = combine(spans(await factsOf(8, true)), source('fleet', await factsOf(10, false)));
    expect(pathOf(enough)).toMatchObject({ source: 'local', totals: { calls: 120 } });
    expect(enough.coverage.partial).toBe(false);
    // Of so few nothing can be told.
    const few = combine(spans(await factsOf(1, true)), source('fleet', await factsOf(1.9, false)));
    expect(pathOf(few)).toMatchObject({ source: 'local' });
  });

  it('go to the one that has calls', async () => {
    const idle = await factsOf(10, false);
    const none = { ...idle, paths: idle.paths.map((path) => ({ ...path, totals: { ...path.totals, calls: 0 } })) };
    expect(pathOf(combine(source('idle', none), source('busy', await factsOf(3, false))))).toMatchObject({
      source: 'busy',
    });
  });
});

describe('asking several sources', () => {
  const config = backendConfigSchema.parse({ id: 'm', type: 'prometheus', url: 'http://prom.example' });

  function world(http: Http, more: Partial<SignalSourcesOf> = {}) {
    const clock = new MemoryClock(start);
    const remotes = memoryRemotes(http);
    let changes = 0;
    const sources = new SignalSources({
      remotes,
      clock,
      l10n: memoryL10n,
      log: new MemoryLog(),
      builtIn: () => factsOf(10, true),
      answerFacts,
      changed: () => (changes += 1),
      ...more,
    });
    const ask = (more: Partial<FactsRequest> = {}) =>
      sources.facts({ ...request, backends: [config], ...more }, new AbortController().signal);
    return { clock, ask, changes: () => changes };
  }
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };

  it('never makes the built-in answer wait for another machine, and says when that has answered', async () => {
    let fail: (error: Error) => void = () => undefined;
    const { clock, ask, changes } = world({ request: () => new Promise((_, reject) => (fail = reject)) });
    const asked = ask();
    await settle();
    await clock.advance(60);
    const first = await asked;
    expect(pathOf(first)).toMatchObject({ source: 'builtin', totals: { calls: 150 } });
    expect(first.sources![1]).toMatchObject({ id: 'backend:m', state: 'asking', decided: 'unknown', asOf: null });
    await clock.advance(8_000);
    fail(new HttpError('unreachable', '', ''));
    await settle();
    expect(changes()).toBe(1);
    const second = await ask();
    expect(second.sources![1]).toMatchObject({
      state: 'unreachable',
      reason: 'Prometheus "m" at http://prom.example cannot be reached.',
    });
    expect(pathOf(second)).toMatchObject({ source: 'builtin' });
    // Left alone for a while: told at once, nothing new to say.
    expect(changes()).toBe(1);
  });

  it('names a type nobody knows, and asks nobody where nothing is configured', async () => {
    let asked = 0;
    const { ask } = world({ request: () => Promise.reject(new Error(`asked ${(asked += 1)}`)) });
    const facts = await ask({ backends: [{ ...config, type: 'graphite' }] });
    expect(facts.sources![1]).toMatchObject({
      state: 'unreachable',
      reason: '"m" is of a type that is not known: "graphite".',
    });
    expect((await ask({ backends: [] })).sources).toBeUndefined();
    expect(asked).toBe(0);
  });

  it('asks the others where nothing is received, and gives an answer when the first of them has one', async () => {
    const answers: ((facts: SignalFacts) => void)[] = [];
    const { clock, ask } = world(
      { request: () => Promise.reject(new Error('not asked')) },
      { builtIn: () => null, answerFacts: () => new Promise((resolve) => answers.push(resolve)) },
    );
    const second = { ...config, id: 'slow' };
    let first: SignalFacts | undefined;
    const asked = ask({ backends: [config, second] }).then((facts) => (first = facts));
    await settle();
    await clock.advance(5_000);
    // There is no number to give meanwhile: nobody is told that there is none.
    expect(first).toBeUndefined();
    answers[0]!(await factsOf(5, false));
    await settle();
    await clock.advance(60);
    await asked;
    expect(first!.sources).toMatchObject([
      { id: 'backend:m', state: 'ok', decided: 'found' },
      { id: 'backend:slow', state: 'asking' },
    ]);
    expect(pathOf(first!)).toMatchObject({ source: 'backend:m', totals: { calls: 75 } });
  });

  it('is asked still where it has answered for other files or flags alone', async () => {
    const answers: ((facts: SignalFacts) => void)[] = [];
    const { clock, ask } = world(
      { request: () => Promise.reject(new Error('not asked')) },
      { answerFacts: () => new Promise((resolve) => answers.push(resolve)) },
    );
    const asked = async (more: Partial<FactsRequest> = {}) => {
      const answer = ask(more);
      await settle();
      await clock.advance(60);
      return (await answer).sources![1]!;
    };
    const first = ask();
    await settle();
    answers[0]!(await factsOf(5, false));
    expect((await first).sources![1]).toMatchObject({ state: 'ok' });
    // The same once more, while it is asked anew: what it said is as good as it was.
    expect(await asked()).toMatchObject({ state: 'ok' });
    answers[1]!(await factsOf(5, false));
    await settle();
    const opened = { codePaths: [checkout, { ...checkout, path: 'src/other.ts' }] };
    expect(await asked(opened)).toMatchObject({ state: 'asking', asOf: start });
    answers[2]!(await factsOf(5, false));
    await settle();
    expect(await asked(opened)).toMatchObject({ state: 'ok' });
    answers[3]!(await factsOf(5, false));
    await settle();
    const another = { key: 'another', at: [], effective: null, offVariant: null };
    expect(await asked({ ...opened, flags: [...request.flags, another] })).toMatchObject({ state: 'asking' });
  });

  it('says why when nothing is received and none of the others answers', async () => {
    const down: Http = { request: () => Promise.reject(new HttpError('unreachable', '', '')) };
    const { ask } = world(down, { builtIn: () => null });
    await expect(ask()).rejects.toThrow('Prometheus "m" at http://prom.example cannot be reached.');
    await expect(ask({ backends: [] })).rejects.toThrow('No source has answered yet.');
  });
});
