import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkGrowthBook, growthBookEnvironments } from '../../src/flags/growthbook/serverCheck';
import { MemoryClock } from '../../src/platform/memory/clock';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { describeShared } from '../sharedData';
import { FakeGrowthBook, planted, readerToken } from './fakeGrowthBook';
import { environmentRef, ref, signal, stateOf, systemAt } from './growthBookWorld';

const rollout = (coverage: number, more: object = {}) => ({
  type: 'rollout',
  value: 'true',
  coverage,
  hashAttribute: 'id',
  ...more,
});

describeShared('GrowthBook, read', 'specs/growthbook', (folder) => {
  let fake: FakeGrowthBook;

  beforeEach(async () => {
    fake = new FakeGrowthBook(folder);
    await fake.start();
  });
  afterEach(async () => {
    await fake.stop();
    expect(fake.problems).toEqual([]);
    expect(fake.spec.checkedRequests).toBeGreaterThan(0);
    expect(fake.spec.checkedAnswers).toBeGreaterThan(0);
  });

  it('reads all pages of a project, archived flags last, and asks no more than the limits allow', async () => {
    for (let at = 0; at < 250; at += 1) fake.feature(`f${String(at)}`, [], { archived: at === 7 });
    fake.feature('elsewhere', [], {}, { project: 'prj_other' });
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    const { flags, problems, isPartial } = await system.snapshot(signal);
    expect(flags).toHaveLength(250);
    expect(flags.at(-1)).toMatchObject({ ref: ref('f7'), archived: true, states: [{ writable: { kind: 'no' } }, {}] });
    expect([problems, isPartial]).toEqual([[], undefined]);
    const pages = fake.asked('GET', '/v2/features').map(({ query }) => Object.fromEntries(query));
    expect(pages).toHaveLength(3);
    expect(pages[1]).toEqual({ limit: '100', offset: '100', archived: 'true', projectId: 'prj_shop' });
    expect(await systemAt(fake.url, { project: '*' }).snapshot(signal)).toMatchObject({ flags: { length: 251 } });
    // A calm project: three pages are asked for once a minute at most.
    const before = fake.heard.length;
    for (let step = 0; step < 40; step += 1) {
      await clock.advance(15_000);
      await system.snapshot(signal);
    }
    const perMinute = (fake.heard.length - before) / 10;
    expect(perMinute).toBeLessThan(30);
    expect(system.environments()[0]?.sourceName).toMatch(/^GrowthBook, asked every \d+ s$/);
  });

  it('says how often it asks for very many flags, which is no more often than limits allow', async () => {
    for (let at = 0; at < 2_100; at += 1) fake.feature(`f${String(at)}`);
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    let snapshot = await system.snapshot(signal);
    while (snapshot.isPartial) snapshot = await system.snapshot(signal);
    const taken: number[] = [snapshot.takenAt];
    for (let step = 1; step <= 10; step += 1) {
      await clock.advance(15_000);
      snapshot = await system.snapshot(signal);
      if (snapshot.takenAt !== taken.at(-1)) taken.push(snapshot.takenAt);
    }
    // 21 pages, each of 3 s.
    expect(snapshot.environments.map(({ askedMs }) => askedMs)).toEqual([63_000, 63_000]);
    expect(taken.map((at) => at - (taken[0] ?? 0))).toEqual([0, 75_000, 150_000]);
  });

  it('is as old after a change as it was, and tells those who watch what differs alone', async () => {
    fake.feature('f', [rollout(0.1)]);
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    const { takenAt, flags } = await system.snapshot(signal);
    let told = 0;
    system.watch(() => (told += 1));
    await clock.advance(10_000);
    await system.detail(ref('f'), signal);
    expect(told).toBe(0);
    fake.change('f', ({ rules }) => Object.assign(rules[0] ?? {}, { coverage: 0.2 }));
    await system.detail(ref('f'), signal);
    expect(told).toBe(1);
    const before = fake.heard.length;
    const snapshot = await system.snapshot(signal);
    expect(fake.heard).toHaveLength(before);
    expect(snapshot.flags[0]).not.toEqual(flags[0]);
    expect(snapshot.takenAt).toBe(takenAt);
  });

  it('says what rules, roll-outs, groups, prerequisites, holdouts and experiments do', async () => {
    fake.feature(
      'rich',
      [
        {
          condition: '{"country":{"$in":["NL","BE"]},"age":{"$gt":17}}',
          description: 'beta',
          value: 'true',
          savedGroupTargeting: [{ matchType: 'none', savedGroups: ['grp_staff'] }],
        },
        { type: 'experiment-ref', experimentId: 'exp_1', variations: [{ value: 'true', variationId: 'v0' }] },
        { enabled: false, value: 'true' },
        { prerequisites: [{ id: 'parent', condition: '{"value":true}' }], ...rollout(0.5, { condition: '' }) },
        rollout(0.25),
        { value: 'true', environments: ['dev'] },
      ],
      {},
      { prerequisites: ['base'], holdout: { id: 'hld_1', value: 'false' }, tags: ['billing'] },
    );
    const system = systemAt(fake.url);
    const state = await stateOf(system, 'rich');
    expect(state).toMatchObject({
      switch: 'on',
      offServes: { kind: 'codeDefault' },
      offVariant: 'false',
      prerequisites: ['base to give true'],
      defaultRule: {
        kind: 'split',
        by: 'id',
        weights: [
          { variant: 'true', weight: 0.25 },
          { variant: 'false', weight: 0.75 },
        ],
      },
      effective: { kind: 'rules', ruleCount: 5, defaultShares: { true: 0.25, false: 0.75 }, randomised: 'partly' },
    });
    expect(state.rules.map(({ words }) => words)).toEqual([
      'in holdout "hld_1"',
      'beta (country is one of "NL", "BE" and age > 17 and in none of the saved groups "grp_staff")',
      'experiment "exp_1" with "true": everyone',
      'flag "parent" gives: value is true',
    ]);
    expect(state.rules.at(-1)?.serve).toMatchObject({ kind: 'split', weights: [{ weight: 0.625 }, { weight: 0.375 }] });
    const flag = await system.detail(ref('rich'), signal);
    expect(flag).toMatchObject({
      owner: 'ana@example.com',
      type: 'boolean',
      tags: ['billing', 'experiment: exp_1'],
      changed: { by: 'Ana Ruiz', words: 'revision 1: created' },
    });
    expect(system.page('rich')).toBe(`${fake.url}/features/rich`);
    expect((await stateOf(system, 'rich', 'dev')).effective).toMatchObject({ ruleCount: 2 });
  });

  it('gives the code its default where it is off, and says when schedules and ramps turn', async () => {
    const clock = new MemoryClock();
    const at = (ms: number) => new Date(clock.now() + ms).toISOString();
    const scheduleRules = [
      { enabled: true, timestamp: at(60 * 60_000) },
      { enabled: false, timestamp: at(2 * 60 * 60_000) },
    ];
    fake.feature('timed', [{ value: 'true', scheduleType: 'schedule', scheduleRules, description: 'night' }]);
    fake.feature('off', [{ value: 'true' }], { environmentsEnabled: { dev: true, production: false } });
    fake.feature('ramped', [rollout(0.1, { scheduleType: 'ramp', rampScheduleId: 'rs_1' })]);
    fake.ramps.push({
      ...{ id: 'rs_1', name: 'slow', entityType: 'feature', entityId: 'ramped', targets: [], status: 'running' },
      ...{ dateCreated: at(0), dateUpdated: at(0), currentStepIndex: 0, nextStepAt: at(3_600_000) },
      steps: [0.1, 0.5].map((coverage) => ({
        interval: 60,
        actions: [{ targetType: 'feature-rule', targetId: 't', patch: { ruleId: 'fr_0', coverage } }],
      })),
      awaitingApproval: true,
    });
    fake.stale.off = { featureId: 'off', isStale: true, staleReason: 'toggled-off', neverStale: false };
    const system = systemAt(fake.url, { clock });
    const snapshot = await system.snapshot(signal);
    const production = (key: string) =>
      snapshot.flags
        .find((flag) => flag.ref.key === key)
        ?.states.find(({ environment }) => environment.name === 'production');
    expect(production('timed')).toMatchObject({ effective: { kind: 'everyone', shares: { false: 1 } } });
    expect(production('timed')?.schedule?.[0]).toMatch(/: rule "night" is turned on$/);
    expect(production('off')).toMatchObject({ switch: 'off', effective: { kind: 'codeDefault', shares: null } });
    expect(production('ramped')?.schedule?.[0]).toMatch(
      /^ramp "slow": step 1 of 2 \(10%\), next on .*\(50%\), waits for approval$/,
    );
    expect(snapshot.flags.find((flag) => flag.ref.key === 'off')?.tags).toEqual(['stale: toggled-off']);
    await clock.advance(90 * 60_000);
    const later = await system.detail(ref('timed'), signal);
    expect(later?.states[1]).toMatchObject({ effective: { shares: { true: 1 } } });
  });

  it('keeps nothing of what lists give away, and hides no good flag behind a bad one', async () => {
    fake.feature('good');
    fake.feature('bad');
    fake.fault = ({ path }) => {
      if (!path.endsWith('/v2/features')) return null;
      const good = fake.features.get('good')?.shown(planted);
      const bad = { ...good, id: 'bad', rules: 'none', surprise: planted };
      const few = { ...good, owner: undefined, description: undefined, tags: undefined };
      return { json: { features: [bad, { ...few, id: 'drifted', revision: { version: 3 } }, good], total: 3 } };
    };
    const system = systemAt(fake.url, { names: ['production', 'gone'] });
    const snapshot = await system.snapshot(signal);
    expect(snapshot.flags.map(({ ref: { key }, unreadable }) => [key, unreadable?.code ?? null])).toEqual([
      ['bad', 'growthbook.unreadable'],
      ['drifted', null],
      ['good', null],
    ]);
    expect(snapshot.problems).toMatchObject([{ code: 'growthbook.environment' }]);
    expect(JSON.stringify([snapshot, system.environments()])).not.toContain(planted);
    expect(JSON.stringify(await system.detail(ref('good'), signal))).not.toContain(planted);
    fake.fault = null;
    await system.snapshot(signal);
  });

  it('is tried with a token at sign-in, and shows projects and environments', async () => {
    const asking = { l10n: memoryL10n, signal };
    const remote = (token: string) =>
      memoryRemotes(loopbackHttp, token).remote({
        id: 'gb',
        type: 'growthbook',
        url: fake.url,
        authorization: 'bearer',
      });
    expect(await checkGrowthBook(remote(readerToken), readerToken, asking)).toMatchObject({
      ok: true,
      value: { projects: [{ id: 'prj_shop', name: 'Shop' }, { id: '*' }] },
    });
    expect(await checkGrowthBook(remote('sdk-abc'), 'sdk-abc', asking)).toMatchObject({
      problem: { about: 'token', words: expect.stringContaining('client key for SDKs') as string },
    });
    const environments = await growthBookEnvironments(remote(readerToken), 'prj_shop', asking);
    expect(environments).toEqual({ ok: true, value: ['dev', 'production'] });
    const system = systemAt(fake.url);
    await system.snapshot(signal);
    expect(system.describe(environmentRef())).toMatchObject({
      ...{ push: false, write: true, percentage: true, switch: true, create: true, defaultVariant: false },
      ...{ targets: false, precondition: 'compareThenWrite', approvals: false },
    });
  });
});
