import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkLaunchDarkly, launchDarklyEnvironments } from '../../src/flags/launchdarkly/serverCheck';
import { MemoryClock } from '../../src/platform/memory/clock';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { describeShared } from '../sharedData';
import { FakeLaunchDarkly, plantedKeys, readerToken, writerToken } from './fakeLaunchDarkly';
import { environmentRef, flagOf, signal, stateOf, systemAt } from './launchDarklyWorld';

describeShared('LaunchDarkly, read', 'specs/launchdarkly', (folder) => {
  let fake: FakeLaunchDarkly;

  beforeEach(async () => {
    fake = new FakeLaunchDarkly(folder);
    await fake.start();
  });
  afterEach(async () => {
    await fake.stop();
    expect(fake.problems).toEqual([]);
    expect(fake.spec.checkedRequests).toBeGreaterThan(0);
  });

  it('marks environments as LaunchDarkly does, and keeps none of their keys', async () => {
    fake.environment('test').requireComments = true;
    fake.flag('checkout');
    const system = systemAt(fake.url);
    const snapshot = await system.snapshot(signal);
    expect(system.environments()).toMatchObject([
      { ref: { name: 'test' }, production: false, protected: { value: true, because: 'system' } },
      {
        ref: { name: 'production' },
        production: true,
        kind: 'live',
        protected: { value: true, because: 'system' },
        askedMs: 15_000,
      },
    ]);
    expect(system.environments()[0]?.sourceName).toBe('LaunchDarkly, asked every 15 s');
    for (const key of plantedKeys) expect(JSON.stringify([snapshot, system.environments()])).not.toContain(key);
    expect(system.describe(environmentRef())).toMatchObject({
      push: false,
      write: true,
      precondition: 'atomic',
      approvals: false,
    });
  });

  it('says what targets, rules, segments, prerequisites and roll-outs do', async () => {
    const clause = { attribute: 'country', op: 'in', values: ['NL', 'BE'], contextKind: 'user', negate: false };
    fake.flag(
      'rich',
      {
        targets: [{ values: ['7', '8'], variation: 0, contextKind: 'user' }],
        contextTargets: [{ values: ['acme'], variation: 1, contextKind: 'organization' }],
        prerequisites: [{ key: 'parent', variation: 0 }],
        rules: [
          {
            _id: 'r1',
            description: 'beta',
            trackEvents: false,
            variation: 0,
            clauses: [clause, { attribute: 'segmentMatch', op: 'segmentMatch', values: ['staff'], negate: true }],
          },
          { _id: 'r2', trackEvents: false, disabled: true, variation: 0, clauses: [clause] },
          {
            _id: 'r3',
            trackEvents: false,
            clauses: [{ attribute: 'version', op: 'semVerGreaterThan', values: ['1.2.0'], negate: false }],
            rollout: {
              contextKind: 'user',
              variations: [
                { variation: 0, weight: 30_000 },
                { variation: 1, weight: 70_000 },
              ],
            },
          },
        ],
        fallthrough: {
          rollout: {
            bucketBy: 'region',
            contextKind: 'user',
            variations: [
              { variation: 0, weight: 25_000 },
              { variation: 1, weight: 75_000 },
            ],
          },
        },
      },
      {
        _maintainer: {
          _links: {},
          _id: 'm',
          role: 'writer',
          email: 'ana@example.com',
          firstName: 'Ana',
          lastName: 'Ruiz',
        },
        tags: ['payments'],
      },
    );
    const system = systemAt(fake.url);
    const flag = await flagOf(system, 'rich');
    const state = await stateOf(system, 'rich');
    expect(flag).toMatchObject({
      owner: 'Ana Ruiz',
      tags: ['payments', 'temporary'],
      availableTo: { browser: false, mobile: true },
    });
    expect(state.rules.map(({ words }) => words)).toEqual([
      'user is one of "7", "8"',
      'organization is "acme"',
      'beta (user country is one of "NL", "BE" and not (in segment "staff"))',
      'user version > "1.2.0" (as versions)',
    ]);
    expect(state.prerequisites).toEqual(['parent to give variation 0']);
    expect(state.defaultRule).toMatchObject({ kind: 'split', by: 'user region' });
    expect(state.effective).toMatchObject({
      kind: 'rules',
      ruleCount: 5,
      randomised: 'partly',
      defaultShares: { on: 0.25, off: 0.75 },
    });
    expect(state).toMatchObject({ switch: 'on', offVariant: 'off', offServes: { kind: 'variant', variant: 'off' } });
    expect(system.page('rich')).toBe(`${fake.url}/default/test/features/rich`);
  });

  it('tells a split, everyone, off, and an off variation that is not set', async () => {
    const split = {
      rollout: {
        contextKind: 'user',
        variations: [
          { variation: 0, weight: 10 },
          { variation: 1, weight: 99_990 },
        ],
      },
    };
    fake.flag('split', { fallthrough: split });
    fake.flag('all', { fallthrough: { variation: 0 } });
    fake.flag('off', { on: false, fallthrough: { variation: 0 } });
    fake.flag('unset', { on: false, offVariation: undefined });
    const system = systemAt(fake.url);
    expect((await stateOf(system, 'split')).effective).toMatchObject({
      kind: 'split',
      randomised: 'yes',
      shares: { on: 0.0001 },
    });
    expect((await stateOf(system, 'all')).effective).toMatchObject({
      kind: 'everyone',
      randomised: 'no',
      shares: { on: 1, off: 0 },
    });
    expect((await stateOf(system, 'off')).effective).toMatchObject({ kind: 'everyone', shares: { on: 0, off: 1 } });
    const unset = await stateOf(system, 'unset');
    expect(unset).toMatchObject({
      offServes: { kind: 'codeDefault' },
      offVariant: 'off',
      effective: { kind: 'codeDefault' },
    });
  });

  it('reads all pages, some environments at a time, and archived flags last', async () => {
    for (const name of ['qa', 'demo', 'load']) fake.environments.push({ ...fake.environment('test'), key: name });
    for (let at = 0; at < 230; at += 1) fake.flag(`flag-${String(at).padStart(3, '0')}`);
    fake.flag('old', {}, { archived: true });
    const names = fake.environments.map(({ key }) => key);
    const system = systemAt(fake.url, { names });
    const { flags, problems } = await system.snapshot(signal);
    expect(flags).toHaveLength(231);
    expect(problems).toEqual([]);
    expect(flags[0]?.states.map((state) => state.switch)).toEqual(['on', 'on', 'on', 'on', 'on']);
    expect(flags.at(-1)).toMatchObject({ ref: { key: 'old' }, archived: true });
    const lists = fake
      .asked('GET', '/flags/shop')
      .map(({ query }) => [query.getAll('env').length, query.get('offset')]);
    expect(lists).toEqual([
      [3, '0'],
      [3, '100'],
      [3, '200'],
      [2, '0'],
      [2, '100'],
      [2, '200'],
      [0, '0'],
    ]);
  });

  it('asks the audit log alone while nothing changes, and one flag where one did, and names who', async () => {
    fake.flag('calm');
    fake.flag('moving');
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    const first = await system.snapshot(signal);
    fake.heard.length = 0;
    await clock.advance(15_000);
    const second = await system.snapshot(signal);
    expect(second.version).toBe(first.version);
    expect(second.takenAt).toBe(first.takenAt + 15_000);
    expect(fake.heard.map(({ path }) => path)).toEqual(['/api/v2/auditlog']);
    fake.change('moving', (config) => (config.on = false));
    await clock.advance(15_000);
    fake.heard.length = 0;
    const third = await system.snapshot(signal);
    expect(fake.heard.map(({ path }) => path)).toEqual(['/api/v2/auditlog', '/api/v2/flags/shop/moving']);
    const moving = third.flags.find(({ ref }) => ref.key === 'moving');
    expect(moving?.states[1]?.switch).toBe('off');
    expect(moving?.changed).toMatchObject({ by: 'Ana Ruiz', words: 'Ana Ruiz: changed moving' });
    // The same flag is the same object.
    expect(third.flags[0]).toBe(first.flags[0]);
  });

  it('is as old as it was where the audit log cannot be read and it is not time for all flags, which it says', async () => {
    for (let at = 0; at < 600; at += 1) fake.flag(`f${String(at)}`);
    fake.fault = ({ path }) => (path.endsWith('/auditlog') ? { status: 403, json: { code: 'forbidden' } } : null);
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    const { takenAt } = await system.snapshot(signal);
    const asked = async () => {
      await clock.advance(15_000);
      fake.heard.length = 0;
      const snapshot = await system.snapshot(signal);
      return { age: snapshot.takenAt - takenAt, requests: fake.heard.length, every: snapshot.environments[0]?.askedMs };
    };
    // Six pages of flags may be asked for every 18 s.
    expect(await asked()).toEqual({ age: 0, requests: 0, every: 18_000 });
    expect(await asked()).toMatchObject({ age: 30_000, every: 18_000 });
  });

  it('asks less often what stays calm, shows how often, and at once again when somebody asks', async () => {
    fake.flag('calm');
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    await system.snapshot(signal);
    for (let round = 0; round < 45; round += 1) {
      await clock.advance(15_000);
      await system.snapshot(signal);
    }
    expect(system.environments()[0]).toMatchObject({ askedMs: 60_000, sourceName: 'LaunchDarkly, asked every 60 s' });
    fake.heard.length = 0;
    for (let round = 0; round < 4; round += 1) {
      await clock.advance(15_000);
      await system.snapshot(signal);
    }
    expect(fake.asked('GET', '/auditlog')).toHaveLength(1);
    await clock.advance(2_000);
    await system.snapshot(signal);
    expect(fake.asked('GET', '/auditlog')).toHaveLength(2);
  });

  it('asks on condition where ETags are offered', async () => {
    fake.etags = true;
    fake.flag('calm');
    const clock = new MemoryClock();
    fake.fault = ({ path }) =>
      path.endsWith('/auditlog') ? { status: 403, json: { code: 'forbidden', message: 'no' } } : null;
    const system = systemAt(fake.url, { clock });
    const first = await system.snapshot(signal);
    await clock.advance(15_000);
    const second = await system.snapshot(signal);
    expect(second.version).toBe(first.version);
    // Both lists, of the living and the archived; nothing else is asked again.
    expect(fake.notModified).toBe(2);
  });

  it('does not lose a flag that slipped to another page, and lets go of one that was deleted', async () => {
    fake.flag('a');
    fake.flag('b');
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    await system.snapshot(signal);
    fake.flags.delete('a');
    await clock.advance(16 * 60_000);
    const { flags } = await system.snapshot(signal);
    expect(flags.map(({ ref }) => ref.key)).toEqual(['b']);
  });

  it("asks once more for a listed flag before it takes it to be gone: one answer may be a gateway's", async () => {
    fake.flag('a');
    fake.flag('b');
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    await system.snapshot(signal);
    let refused = 1;
    fake.fault = ({ path }) =>
      path.endsWith('/flags/shop/a') && refused-- > 0
        ? { status: 404, json: { code: 'not_found', message: 'no' } }
        : null;
    const shown = async () => {
      await clock.advance(15_000);
      const { flags } = await system.snapshot(signal);
      return flags.map(({ ref, states }) => [
        ref.key,
        states.find(({ environment }) => environment.name === 'production')?.switch,
      ]);
    };
    const before = fake.config('a').on;
    fake.change('a', (config) => (config.on = !before));
    expect((await shown()).map(([key]) => key)).toEqual(['a', 'b']);
    expect(await shown()).toContainEqual(['a', before ? 'off' : 'on']);
    // Gone indeed: said of it twice.
    refused = Number.POSITIVE_INFINITY;
    fake.change('a', (config) => (config.on = before));
    await shown();
    expect((await shown()).map(([key]) => key)).toEqual(['b']);
  });

  it('reads what it recorded of real accounts, older forms too', async () => {
    const recorded = (name: string): unknown[] =>
      JSON.parse(readFileSync(join(folder, 'recorded', name), 'utf8')) as unknown[];
    const environments = recorded('get_environments.json');
    const flags = recorded('get_flags.json');
    fake.fault = ({ path, query }) => {
      if (path.endsWith('/environments')) return { json: { items: environments } };
      if (path.endsWith('/flags/shop')) return { json: { items: query.has('filter') ? [] : flags } };
      return null;
    };
    const system = systemAt(fake.url);
    const snapshot = await system.snapshot(signal);
    expect(snapshot.flags).toHaveLength(9);
    expect(snapshot.flags.filter(({ unreadable }) => unreadable)).toEqual([]);
    const state = (key: string) => snapshot.flags.find(({ ref }) => ref.key === key)?.states[1];
    // Listed without its rules: what it counts is enough where it counts none.
    expect(state('flag4_multivalue')?.effective.shares).toMatchObject({
      variation1: 0.23995,
      variation2: 0.25,
      variation3: 0.51005,
    });
    expect(state('TEST_COMBINED_TARGET')?.rules.map(({ words }) => words)).toEqual([
      'user is "user1"',
      'user is "user2"',
      'in segment "user-list"',
      'user p1 is one of "a", "b", "c"',
    ]);
    expect(state('TEST_TARGETED_CONTEXT')?.effective).toMatchObject({ kind: 'rules', defaultShares: { Default: 1 } });
    for (const secret of JSON.stringify(environments).match(/(?:sdk|mob)-[\w-]+|"cipherKey":"\w+/g) ?? [])
      expect(JSON.stringify(snapshot)).not.toContain(secret);
  });

  it('keeps good flags beside bad ones, says what is wrong with those, and takes fields it does not know', async () => {
    fake.checksAnswers = false;
    fake.flag('good', {}, { somethingNew: { deep: [1] } });
    fake.flag('noVariations', {}, { variations: 'none' });
    fake.flag('badConfig', { version: 'seven' });
    const system = systemAt(fake.url);
    const { flags } = await system.snapshot(signal);
    expect(flags.find(({ ref }) => ref.key === 'good')?.unreadable).toBeNull();
    expect(flags.find(({ ref }) => ref.key === 'noVariations')?.unreadable?.message).toContain('variations');
    const bad = flags.find(({ ref }) => ref.key === 'badConfig')?.states;
    expect(bad?.[0]?.switch).toBe('on');
    expect(bad?.[1]).toMatchObject({
      switch: 'absent',
      offVariantReason: expect.stringContaining('version') as string,
    });
  });

  it('names the projects there are where the configured one is none, and environments likewise', async () => {
    const other = systemAt(fake.url, { project: 'shopp' });
    await expect(other.snapshot(signal)).rejects.toThrow(/no project "shopp".*It has: shop\./);
    const { problems } = await systemAt(fake.url, { names: ['production', 'prod-eu'] }).snapshot(signal);
    expect(problems.map(({ message }) => message)).toEqual([
      'The LaunchDarkly project "shop" has no environment "prod-eu". It has: test, production.',
    ]);
  });

  it('finds out that a token only looks, and says so from then on', async () => {
    fake.flag('locked');
    const system = systemAt(fake.url, { token: readerToken });
    const seen = await stateOf(system, 'locked');
    expect(seen.writable).toEqual({ kind: 'unknown' });
    const plan = system.plan(
      { system: 'ld', project: 'shop', key: 'locked' },
      environmentRef(),
      { kind: 'switch', on: false },
      seen,
      signal,
    );
    await expect(plan).rejects.toThrow(/not allow.*\(403\): "locked" in "shop" \/ "production".*Writer/);
    expect((await stateOf(system, 'locked')).writable).toMatchObject({ kind: 'no' });
  });

  it('signs in with an access token, says what is wrong with others, and lists projects and environments', async () => {
    const asking = { l10n: memoryL10n, signal };
    const remote = (token: string) =>
      memoryRemotes(loopbackHttp, token).remote({
        id: 'ld',
        type: 'launchdarkly',
        url: fake.url,
        authorization: 'raw',
      });
    expect(await checkLaunchDarkly(remote(writerToken), writerToken, asking)).toEqual({
      ok: true,
      value: { projects: [{ id: 'shop', name: 'Shop' }], isService: false },
    });
    const wrong = await checkLaunchDarkly(remote('api-wrong'), 'api-wrong', asking);
    expect(wrong).toMatchObject({
      ok: false,
      problem: { about: 'token', words: expect.stringContaining('401') as string },
    });
    const sdk = await checkLaunchDarkly(remote('sdk-1'), 'sdk-1', asking);
    expect(sdk).toMatchObject({ ok: false, problem: { words: expect.stringContaining('key for SDKs') as string } });
    const environments = await launchDarklyEnvironments(remote(readerToken), 'shop', asking);
    expect(environments).toEqual({
      ok: true,
      value: [
        { name: 'test', critical: false },
        { name: 'production', critical: true },
      ],
    });
  });
});
