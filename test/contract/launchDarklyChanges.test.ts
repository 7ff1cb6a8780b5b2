import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Intent, Plan } from '../../src/model/change';
import { PlanError } from '../../src/flags/system';
import { describeShared } from '../sharedData';
import { FakeLaunchDarkly } from './fakeLaunchDarkly';
import { environmentRef, flagOf, impatientHttp, planned, ref, signal, stateOf, systemAt } from './launchDarklyWorld';

const split = (on: number, more: object = {}) => ({
  rollout: {
    contextKind: 'user',
    variations: [
      { variation: 0, weight: on },
      { variation: 1, weight: 100_000 - on },
    ],
    ...more,
  },
});

describeShared('LaunchDarkly, changed', 'specs/launchdarkly', (folder) => {
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

  /** Plans, applies and reads back; then takes it back, exactly. */
  async function thereAndBack(key: string, intent: Intent): Promise<{ plan: Plan; there: unknown }> {
    const system = systemAt(fake.url);
    const before = structuredClone(fake.config(key));
    const plan = await planned(system, key, intent);
    expect(fake.config(key)).toEqual(before);
    const result = await system.apply(plan, 'c', signal, 'why');
    const state = await stateOf(systemAt(fake.url), key);
    expect(result).toEqual({ kind: 'applied', version: state.version });
    expect(state.effective.shares).toEqual(plan.after.shares);
    const there = structuredClone(fake.config(key));
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(fake.config(key)).toEqual(there);
    const undo = await system.planUndo(plan, signal);
    expect(await system.apply(undo, 'u', signal)).toMatchObject({ kind: 'applied' });
    const { version, lastModified, ...back } = fake.config(key);
    const { version: was, lastModified: then, ...first } = before;
    expect(version).toBe(was + 2);
    expect(lastModified).not.toBe(then);
    expect(withoutEmpty(back)).toEqual(withoutEmpty(first));
    return { plan, there };
  }
  /** Targets of nobody are as good as none, and their order is nobody's. */
  const withoutEmpty = (config: object) => {
    const { targets, contextTargets, ...rest } = config as {
      targets: { values: string[] }[];
      contextTargets: { values: string[] }[];
    };
    const full = (list: { values: string[] }[]) =>
      list.filter(({ values }) => values.length > 0).map((each) => ({ ...each, values: each.values.toSorted() }));
    return { ...rest, targets: full(targets), contextTargets: full(contextTargets) };
  };

  it('switches off and on, tests the version, and says why in the audit log', async () => {
    fake.flag('toggled', { fallthrough: split(30_000) });
    const { plan } = await thereAndBack('toggled', { kind: 'switch', on: false });
    expect(plan).toMatchObject({
      direction: 'off',
      approval: 'none',
      precondition: { kind: 'atomic', token: 'production version 1' },
    });
    expect(plan.notes).toContain('In LaunchDarkly: turnFlagOff.');
    expect(plan.notes).toContain('Off gives everyone "off"; rules and targets stay as they are.');
    const [rehearsal, sent] = fake.asked('PATCH', '/flags/shop/toggled');
    expect(rehearsal?.query.get('dryRun')).toBe('true');
    expect(sent?.body).toEqual({
      comment: `why [sightglass ${plan.id}]`,
      patch: [
        { op: 'test', path: '/environments/production/version', value: 1 },
        { op: 'replace', path: '/environments/production/on', value: false },
      ],
    });
  });

  it('gives a percentage by what the roll-out hashes by, and keeps its seed', async () => {
    fake.flag('share', { fallthrough: split(10_000, { seed: 61, bucketBy: 'region' }) });
    const { plan, there } = await thereAndBack('share', { kind: 'percentage', variant: 'on', share: 0.25 });
    expect(plan).toMatchObject({ direction: 'up', after: { shares: { on: 0.25, off: 0.75 } } });
    expect(there).toMatchObject({ fallthrough: split(25_000, { seed: 61, bucketBy: 'region' }) });
  });

  it('gives a percentage of a flag that is off, and leaves other variations what they have', async () => {
    fake.flag(
      'three',
      {
        on: false,
        offVariation: 2,
        fallthrough: {
          rollout: {
            variations: [
              { variation: 0, weight: 20_000 },
              { variation: 1, weight: 10_000 },
              { variation: 2, weight: 70_000 },
            ],
          },
        },
      },
      { variations: ['a', 'b', 'c'].map((value, at) => ({ _id: `v${String(at)}`, value })), kind: 'multivariate' },
    );
    const { plan } = await thereAndBack('three', { kind: 'percentage', variant: 'a', share: 0.5 });
    expect(plan).toMatchObject({ direction: 'on', after: { shares: { a: 0.5, b: 0.1, c: 0.4 } } });
    const more = planned(systemAt(fake.url), 'three', { kind: 'percentage', variant: 'a', share: 0.95 });
    await expect(more).rejects.toThrow('Other variations have 10% of it');
  });

  it('gives everyone one variation, kills with targets, and kills where no off variation is set', async () => {
    fake.flag('one', { fallthrough: split(20_000) });
    const { plan: all } = await thereAndBack('one', { kind: 'defaultVariant', variant: 'on' });
    expect(all).toMatchObject({ direction: 'up', after: { shares: { on: 1, off: 0 } } });
    fake.flag('targeted', {
      targets: [{ values: ['7'], variation: 0, contextKind: 'user' }],
      fallthrough: { variation: 0 },
    });
    const { plan: kill } = await thereAndBack('targeted', { kind: 'kill' });
    expect(kill).toMatchObject({ direction: 'off', after: { shares: { on: 0, off: 1 } } });
    fake.flag('unset', { fallthrough: { variation: 0 }, offVariation: undefined });
    const { plan, there } = await thereAndBack('unset', { kind: 'kill' });
    expect(there).toMatchObject({ on: false, offVariation: 1 });
    expect(plan.notes).toContain('In LaunchDarkly: turnFlagOff; updateOffVariation variationId="unset-f".');
  });

  it('gives one user a variation, moves them out of another, and takes them out', async () => {
    fake.flag('people', {
      targets: [{ values: ['7', '8'], variation: 1, contextKind: 'user' }],
      contextTargets: [{ values: [], variation: 1, contextKind: 'user' }],
    });
    const target = { kind: 'target', on: true, attribute: 'key', value: '7', variant: 'on' } as const;
    const { plan, there } = await thereAndBack('people', target);
    expect(there).toMatchObject({
      targets: [
        { values: ['8'], variation: 1 },
        { values: ['7'], variation: 0 },
      ],
    });
    expect(plan).toMatchObject({ direction: 'up' });
    expect(plan.notes).toContain('It was given "off" until now.');
    await thereAndBack('people', { ...target, on: false, value: '8' });
    const { there: kinds } = await thereAndBack('people', { ...target, attribute: 'organization.key', value: 'acme' });
    expect(kinds).toMatchObject({
      contextTargets: [{ values: [] }, { values: ['acme'], variation: 0, contextKind: 'organization' }],
    });
    const attribute = planned(systemAt(fake.url), 'people', { ...target, attribute: 'email', value: 'a@b.c' });
    await expect(attribute).rejects.toThrow('targets contexts by their key');
  });

  it('makes a boolean flag off everywhere, and archives it to take that back', async () => {
    const system = systemAt(fake.url);
    await system.snapshot(signal);
    const seen = { ...(await seenAbsent()), environment: environmentRef() };
    const plan = await system.plan(ref('fresh'), environmentRef(), { kind: 'create', type: 'boolean' }, seen, signal);
    expect(fake.flags.has('fresh')).toBe(false);
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(fake.flags.get('fresh')).toMatchObject({ archived: false });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'conflict' });
    const undo = await system.planUndo(plan, signal);
    expect(await system.apply(undo, 'u', signal)).toMatchObject({ kind: 'applied' });
    expect(fake.flags.get('fresh')?.archived).toBe(true);
    const text = system.plan(ref('words'), environmentRef(), { kind: 'create', type: 'string' }, seen, signal);
    await expect(text).rejects.toThrow('two different values');
  });
  const seenAbsent = async () => {
    fake.flag('other');
    return stateOf(systemAt(fake.url), 'other');
  };

  it('finds a change between plan and apply by the version, names who made it, and writes nothing', async () => {
    fake.flag('moved', { fallthrough: split(10_000) });
    const system = systemAt(fake.url);
    const plan = await planned(system, 'moved', { kind: 'kill' });
    fake.change('moved', (config) => (config.fallthrough = split(50_000)));
    const result = await system.apply(plan, 'c', signal);
    expect(result).toMatchObject({ kind: 'conflict', theirs: expect.stringContaining('50000') as string });
    expect(result.kind === 'conflict' && result.words).toMatch(
      /changed in production since.*Ana Ruiz: changed moved.*Nothing/,
    );
    expect(fake.config('moved').on).toBe(true);
  });

  it('plans nothing on what was shown of another state, and undoes nothing that was changed since', async () => {
    fake.flag('stale', { fallthrough: split(10_000) });
    const system = systemAt(fake.url);
    const seen = await stateOf(system, 'stale');
    const plan = await planned(system, 'stale', { kind: 'switch', on: false });
    await system.apply(plan, 'c', signal);
    const late = system.plan(ref('stale'), environmentRef(), { kind: 'kill' }, seen, signal);
    await expect(late).rejects.toSatisfy((error) => PlanError.is(error, 'changedSince'));
    fake.change('stale', (config) => (config.fallthrough = split(60_000)));
    await expect(system.planUndo(plan, signal)).rejects.toSatisfy((error) => PlanError.is(error, 'changedSince'));
  });

  it('opens an approval request where one is required, and never a second', async () => {
    fake.environment('production').approvalSettings.required = true;
    fake.flag('careful', { fallthrough: split(10_000) });
    const system = systemAt(fake.url);
    const plan = await planned(system, 'careful', { kind: 'percentage', variant: 'on', share: 0.2 });
    expect(plan.approval).toBe('required');
    expect(system.describe(environmentRef()).approvals).toBe(true);
    const link = `${fake.url}/default/production/features/careful/approvals/1`;
    expect(await system.apply(plan, 'c', signal, 'because')).toEqual({ kind: 'requested', link });
    expect(await system.apply(plan, 'c', signal)).toEqual({ kind: 'requested', link });
    const again = await planned(systemAt(fake.url), 'careful', { kind: 'percentage', variant: 'on', share: 0.2 });
    expect(await systemAt(fake.url).apply(again, 'c', signal)).toEqual({ kind: 'requested', link });
    expect(fake.approvals).toHaveLength(1);
    expect(fake.asked('PATCH', '/flags/')).toEqual([]);
    expect(fake.asked('POST', 'approval-requests')[0]?.body).toMatchObject({
      comment: `because [sightglass ${plan.id}]`,
      instructions: [
        {
          kind: 'updateFallthroughVariationOrRollout',
          rolloutContextKind: 'user',
          rolloutWeights: { 'careful-t': 20_000, 'careful-f': 80_000 },
        },
      ],
    });
    // It is followed: waiting, declined, or made by those who approved.
    expect(await system.inquire(plan, signal)).toEqual({ kind: 'requested', link });
    Object.assign(fake.approvals[0] ?? {}, { reviewStatus: 'declined' });
    expect(await system.inquire(plan, signal)).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining('declined') as string,
    });
    fake.change('careful', (config) => (config.fallthrough = split(20_000)));
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'applied' });
  });

  it('opens the request where a 405 says so first, and finds one again whose answer never came', async () => {
    fake.flag('surprise', { fallthrough: split(10_000) });
    const system = systemAt(fake.url);
    const plan = await planned(system, 'surprise', { kind: 'switch', on: false });
    fake.environment('production').approvalSettings.required = true;
    const mute = systemAt(fake.url, { http: impatientHttp(() => fake.fault !== null) });
    await mute.snapshot(signal);
    fake.fault = ({ method }) => (method === 'POST' ? 'doneThenSilence' : null);
    expect(await mute.apply(plan, 'c', signal)).toMatchObject({ kind: 'unknown' });
    fake.fault = null;
    expect(await mute.inquire(plan, signal)).toMatchObject({ kind: 'requested' });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'requested' });
    expect(fake.approvals).toHaveLength(1);
  });

  it('asks for approval of flags with certain tags alone', async () => {
    Object.assign(fake.environment('production').approvalSettings, {
      required: true,
      requiredApprovalTags: ['billing'],
    });
    fake.flag('plain');
    fake.flag('paid', {}, { tags: ['billing'] });
    fake.fault = ({ method, path }) =>
      method === 'PATCH' && path.endsWith('plain') ? { json: fake.flags.get('plain') } : null;
    const system = systemAt(fake.url);
    expect((await planned(system, 'plain', { kind: 'switch', on: false })).approval).toBe('none');
    expect((await planned(system, 'paid', { kind: 'switch', on: false })).approval).toBe('required');
  });

  it('sends a comment where one is required, and says what is scheduled', async () => {
    fake.environment('production').requireComments = true;
    fake.schedules.push({
      _id: 's',
      _creationDate: 1,
      _maintainerId: 'm',
      _version: 1,
      executionDate: 1_800_000_000_000,
      instructions: [{ kind: 'turnFlagOn' }],
    });
    fake.flag('spoken');
    const system = systemAt(fake.url);
    const plan = await planned(system, 'spoken', { kind: 'switch', on: false });
    expect(plan.notes.join('\n')).toMatch(/scheduled\. Jan 1\d, 2027.*turnFlagOn/);
    expect(plan.notes.join('\n')).toContain('wants a comment');
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
  });

  it('leaves experiments alone, but switches them off', async () => {
    const allocation = { experimentAllocation: { defaultVariation: 0, canReshuffle: false } };
    fake.flag('tried', { fallthrough: split(50_000, allocation) });
    const system = systemAt(fake.url);
    expect((await flagOf(system, 'tried')).tags).toContain('experiment in production');
    await expect(planned(system, 'tried', { kind: 'percentage', variant: 'on', share: 0.1 })).rejects.toThrow(
      'An experiment',
    );
    await thereAndBack('tried', { kind: 'switch', on: false });
  });
});
