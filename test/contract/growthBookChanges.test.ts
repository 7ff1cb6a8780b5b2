import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Intent, Plan } from '../../src/model/change';
import { absentState } from '../../src/flags/absentState';
import { PlanError } from '../../src/flags/system';
import { describeShared } from '../sharedData';
import { adminToken, FakeGrowthBook, readerToken } from './fakeGrowthBook';
import { environmentRef, impatientHttp, planned, ref, signal, stateOf, systemAt } from './growthBookWorld';

const rollout = (coverage: number, more: object = {}) => ({
  type: 'rollout',
  value: 'true',
  coverage,
  hashAttribute: 'id',
  ...more,
});
const percentage = (share: number, variant = 'true'): Intent => ({ kind: 'percentage', variant, share });

describeShared('GrowthBook, changed', 'specs/growthbook', (folder) => {
  let fake: FakeGrowthBook;

  beforeEach(async () => {
    fake = new FakeGrowthBook(folder);
    await fake.start();
  });
  afterEach(async () => {
    await fake.stop();
    expect(fake.problems).toEqual([]);
    expect(fake.spec.checkedRequests).toBeGreaterThan(0);
  });

  const live = (key: string) => {
    const { rules, environmentsEnabled, defaultValue, archived } = fake.features.get(key)?.now ?? {};
    return structuredClone({ rules, environmentsEnabled, defaultValue, archived });
  };

  /** Plans, applies and reads back; then takes it back, exactly. */
  async function thereAndBack(key: string, intent: Intent): Promise<{ plan: Plan; there: ReturnType<typeof live> }> {
    const system = systemAt(fake.url);
    const before = live(key);
    const plan = await planned(system, key, intent);
    expect(live(key)).toEqual(before);
    const result = await system.apply(plan, 'c', signal, 'why');
    const state = await stateOf(systemAt(fake.url), key);
    expect(result).toEqual({ kind: 'applied', version: state.version });
    expect(state.effective.shares).toEqual(plan.after.shares);
    const there = live(key);
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(live(key)).toEqual(there);
    const undo = await system.planUndo(plan, signal);
    expect(await system.apply(undo, 'u', signal)).toMatchObject({ kind: 'applied' });
    expect(live(key)).toEqual(before);
    expect(fake.features.get(key)?.live).toBe(3);
    return { plan, there };
  }

  it('switches one environment off and on by a draft that is published, and says why', async () => {
    fake.feature('toggled', [rollout(0.3)]);
    const { plan, there } = await thereAndBack('toggled', { kind: 'switch', on: false });
    expect(there.environmentsEnabled).toEqual({ dev: true, production: false });
    expect(plan).toMatchObject({
      direction: 'off',
      approval: 'none',
      precondition: { kind: 'compareThenWrite', token: 'revision 1' },
    });
    expect(plan.notes).toContain('In GrowthBook, as a draft that is published: toggle production off.');
    expect(plan.notes.join('\n')).toMatch(/isOn says no, values are the default in the code/);
    const [sent] = fake.asked('POST', '/revisions/new/toggle');
    expect(sent?.body).toEqual({
      environment: 'production',
      enabled: false,
      revisionComment: `why [sightglass ${plan.id}]`,
    });
    expect(fake.asked('POST', '/publish')[0]?.body).toEqual({ comment: `why [sightglass ${plan.id}]` });
  });

  it('sets the coverage of the one roll-out, and nothing else of it', async () => {
    fake.feature('share', [
      { condition: '{"country":"NL"}', value: 'true' },
      rollout(0.1, { seed: 's', hashVersion: 1 }),
    ]);
    const { plan, there } = await thereAndBack('share', percentage(0.25));
    expect(plan).toMatchObject({ direction: 'up' });
    expect(there.rules?.[1]).toMatchObject({ id: 'fr_1', coverage: 0.25, seed: 's', hashVersion: 1 });
    expect(fake.asked('PUT', '/rules/fr_1')[0]?.body).toMatchObject({ rule: { coverage: 0.25 } });
  });

  it('gives a rule that is for others too one of its own here, with the same seed, and joins them again', async () => {
    fake.feature('everywhere', [rollout(0.1, { allEnvironments: true, environments: undefined })]);
    const { plan, there } = await thereAndBack('everywhere', percentage(0.5));
    expect(there.rules).toMatchObject([
      { id: 'fr_0', coverage: 0.1, allEnvironments: false, environments: ['dev'] },
      { coverage: 0.5, seed: 'fr_0', environments: ['production'] },
    ]);
    expect(plan.notes.join('\n')).toContain('The rule is also for dev');
    fake.feature('two', [rollout(0.1, { environments: ['dev', 'production'] })]);
    await thereAndBack('two', percentage(0));
  });

  it('adds a roll-out where there is none, turns the flag on with it, and takes both back', async () => {
    fake.feature('bare', [], { environmentsEnabled: { dev: true, production: false } });
    const { plan, there } = await thereAndBack('bare', percentage(0.2));
    expect(plan).toMatchObject({ direction: 'on', after: { shares: { true: 0.2, false: 0.8 } } });
    expect(there).toMatchObject({
      environmentsEnabled: { production: true },
      rules: [{ value: 'true', coverage: 0.2 }],
    });
    // Where the default is what is rolled out, the rest is.
    fake.feature('inverted', [], { defaultValue: 'true' });
    const { there: rest } = await thereAndBack('inverted', percentage(0.9));
    expect(rest.rules).toMatchObject([{ value: 'false', coverage: 0.1 }]);
  });

  it('leaves nobody to rules that slept behind a roll-out to everyone', async () => {
    const asleep: readonly (readonly object[])[] = [
      [{ value: 'true' }],
      [rollout(0.4)],
      [{ condition: '{"country":"NL"}', value: 'false' }],
      [{ value: 'true', enabled: false }, rollout(0.4)],
    ];
    const system = systemAt(fake.url);
    for (const scope of [{}, { allEnvironments: true, environments: undefined }])
      for (const rules of asleep) {
        fake.feature('slept', [rollout(1, scope), ...rules]);
        await expect(planned(system, 'slept', percentage(0.25))).rejects.toThrow('would decide about those whom');
      }
    fake.feature('slept', [rollout(1), { value: 'true', enabled: false }]);
    expect((await planned(system, 'slept', percentage(0.25))).after.shares).toEqual({ true: 0.25, false: 0.75 });
  });

  it('kills by switching off, and what it cannot say it refuses in words', async () => {
    fake.feature('killed', [{ value: 'true' }]);
    await thereAndBack('killed', { kind: 'kill' });
    fake.feature('forced', [{ value: 'true' }]);
    const system = systemAt(fake.url);
    await expect(planned(system, 'forced', percentage(0.5))).rejects.toThrow('in another way than one roll-out');
    fake.feature('ramped', [rollout(0.1, { scheduleType: 'ramp', rampScheduleId: 'rs_1' })]);
    await expect(planned(system, 'ramped', percentage(0.5))).rejects.toThrow('A ramp schedule decides');
    const timed = {
      scheduleRules: [{ enabled: true, timestamp: null }],
      allEnvironments: true,
      environments: undefined,
    };
    fake.feature('timed', [rollout(0.1, timed)]);
    await expect(planned(system, 'timed', percentage(0.5))).rejects.toThrow('a rule of its own would lose');
    expect(fake.asked('POST', '/publish')).toHaveLength(2);
    fake.feature('words', [rollout(0.1, { value: 'b' })], { defaultValue: 'a' }, { valueType: 'string' });
    await expect(planned(system, 'words', { kind: 'kill' })).rejects.toSatisfy((error) =>
      PlanError.is(error, 'noOffVariant'),
    );
  });

  it('makes a flag off everywhere, and archives it to take that back', async () => {
    const system = systemAt(fake.url);
    await system.snapshot(signal);
    const seen = absentState(environmentRef());
    const plan = await system.plan(ref('fresh'), environmentRef(), { kind: 'create', type: 'boolean' }, seen, signal);
    expect(fake.features.has('fresh')).toBe(false);
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(fake.features.get('fresh')?.now.environmentsEnabled).toEqual({ dev: false, production: false });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'conflict' });
    const undo = await system.planUndo(plan, signal);
    expect(await system.apply(undo, 'u', signal)).toMatchObject({ kind: 'applied' });
    expect(fake.features.get('fresh')?.now.archived).toBe(true);
  });

  it('finds that the live revision moved, names who moved it, and leaves no draft', async () => {
    fake.feature('moved', [rollout(0.1)]);
    const system = systemAt(fake.url);
    const plan = await planned(system, 'moved', { kind: 'kill' });
    fake.change('moved', (draft) => Object.assign(draft.rules[0] ?? {}, { coverage: 0.5 }));
    const result = await system.apply(plan, 'c', signal);
    expect(result).toMatchObject({ kind: 'conflict', theirs: expect.stringContaining('0.5') as string });
    expect('words' in result && result.words).toMatch(/by Ana Ruiz: revision 1 became 2\. Nothing was written/);
    expect(live('moved').environmentsEnabled).toEqual({ dev: true, production: true });
    // Between our look and our draft, and between our draft and its publishing.
    for (const place of ['/revisions/new/', '/publish']) {
      const again = await planned(system, 'moved', percentage(place === '/publish' ? 0.7 : 0.6));
      let moved = false;
      fake.before = ({ path }) => {
        if (moved || !path.includes(place)) return;
        moved = true;
        fake.change('moved', (draft) => Object.assign(draft.rules[0] ?? {}, { coverage: draft.version / 100 }));
      };
      expect(await system.apply(again, 'c', signal)).toMatchObject({ kind: 'conflict' });
      fake.before = null;
    }
    expect(fake.features.get('moved')?.revisions.filter(({ status }) => status === 'draft')).toEqual([]);
  });

  it('plans nothing on what was shown of another state, and undoes nothing that was changed since', async () => {
    fake.feature('stale', [rollout(0.1)]);
    const system = systemAt(fake.url);
    const seen = await stateOf(system, 'stale');
    const plan = await planned(system, 'stale', { kind: 'switch', on: false });
    await system.apply(plan, 'c', signal);
    const late = system.plan(ref('stale'), environmentRef(), { kind: 'kill' }, seen, signal);
    await expect(late).rejects.toSatisfy((error) => PlanError.is(error, 'changedSince'));
    fake.change('stale', (draft) => Object.assign(draft.rules[0] ?? {}, { coverage: 0.6 }));
    await expect(system.planUndo(plan, signal)).rejects.toSatisfy((error) => PlanError.is(error, 'changedSince'));
  });

  it('requests a review where a 403 wants one, never a second, and follows it', async () => {
    fake.reviewed.add('production');
    fake.feature('careful', [rollout(0.1)]);
    const system = systemAt(fake.url);
    const plan = await planned(system, 'careful', percentage(0.2));
    const link = `${fake.url}/features/careful?v=2`;
    expect(await system.apply(plan, 'c', signal, 'because')).toEqual({ kind: 'requested', link });
    expect(system.describe(environmentRef()).approvals).toBe(true);
    expect(await system.apply(plan, 'c', signal)).toEqual({ kind: 'requested', link });
    // The same change, planned again: the draft that waits is the one.
    const again = await planned(system, 'careful', percentage(0.2));
    expect(again.approval).toBe('required');
    expect(await system.apply(again, 'c', signal)).toEqual({ kind: 'requested', link });
    expect(fake.asked('POST', '/request-review')).toHaveLength(1);
    expect(fake.asked('POST', '/request-review')[0]?.body).toEqual({ comment: `because [sightglass ${plan.id}]` });
    expect(fake.features.get('careful')?.revisions).toHaveLength(2);
    expect(await system.inquire(plan, signal)).toEqual({ kind: 'requested', link });
    const feature = fake.features.get('careful');
    const draft = feature?.revision(2);
    if (!feature || !draft) throw new Error('no draft');
    feature.publish(draft, 'Ana Ruiz', '', feature.merged(draft).result);
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'applied' });
  });

  it('requests a review where a gate wants one, and says other gates in words', async () => {
    fake.feature('gated', [rollout(0.1)]);
    const system = systemAt(fake.url);
    const plan = await planned(system, 'gated', percentage(0.2));
    fake.gates = [{ type: 'schema-break', severity: 'error', messages: ['value is no object'], override: null }];
    const refused = await system.apply(plan, 'c', signal);
    expect(refused).toMatchObject({ kind: 'refused' });
    expect('words' in refused && refused.words).toMatch(
      /\(422\).*"gated" in "prj_shop" \/ "production".*In the way: schema-break: value is no object\. Nothing was written/,
    );
    expect(fake.features.get('gated')?.revision(2).status).toBe('discarded');
    fake.gates = [{ type: 'approval-required', severity: 'error', messages: [], override: null }];
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'requested' });
    // Out of date, where the organisation wants drafts rebased.
    fake.feature('based', [rollout(0.1)]);
    const based = await planned(system, 'based', { kind: 'switch', on: false }, 'dev');
    fake.gates = [{ type: 'stale-base', severity: 'error', messages: [], override: 'ignoreWarnings' }];
    fake.before = ({ path }) => {
      if (path.endsWith('/publish')) fake.change('based', (draft) => (draft.environmentsEnabled.production = false));
    };
    expect(await system.apply(based, 'c', signal)).toMatchObject({ kind: 'conflict' });
    for (const { body } of fake.heard)
      for (const name of ['ignoreWarnings', 'skipSchemaValidation', 'skipHooks', 'bypassApproval'])
        expect(body ?? {}).not.toHaveProperty(name);
  });

  it('says that a review was passed by, and requests one from then on', async () => {
    fake.reviewed.add('production');
    fake.feature('powerful', [rollout(0.1)]);
    const system = systemAt(fake.url, { token: adminToken });
    const plan = await planned(system, 'powerful', percentage(0.2));
    expect(plan.notes.join('\n')).toContain('A token that may pass by approvals makes it live at once.');
    expect(await system.apply(plan, 'c', signal)).toMatchObject({
      kind: 'applied',
      remarks: [expect.stringContaining('let this token pass by "approval-required"')],
    });
    const next = await planned(system, 'powerful', percentage(0.3));
    expect(next.approval).toBe('required');
    expect(await system.apply(next, 'c', signal)).toMatchObject({ kind: 'requested' });
    expect(live('powerful').rules?.[0]).toMatchObject({ coverage: 0.2 });
  });

  it('finds out that a token only looks by toggling nothing, and says so of every flag', async () => {
    fake.feature('f', [rollout(0.1)]);
    const system = systemAt(fake.url, { token: readerToken });
    expect((await stateOf(system, 'f')).writable).toEqual({ kind: 'unknown' });
    await expect(planned(system, 'f', { kind: 'kill' })).rejects.toSatisfy((error) =>
      PlanError.is(error, 'notWritable'),
    );
    expect((await stateOf(system, 'f')).writable).toMatchObject({ kind: 'no' });
    expect(fake.asked('POST', '').map(({ path, body }) => [path, body?.environments])).toEqual([
      ['/api/v2/features/f/toggle', {}],
    ]);
  });

  it('finds a change again whose answer never came, and puts away a draft that was not published', async () => {
    fake.feature('mute', [rollout(0.1)]);
    const system = systemAt(fake.url, { http: impatientHttp(() => fake.fault !== null) });
    const plan = await planned(system, 'mute', percentage(0.2));
    fake.fault = ({ path }) => (path.endsWith('/publish') ? 'doneThenSilence' : null);
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    const lost = await planned(system, 'mute', percentage(0.3));
    fake.fault = ({ path }) => (path.endsWith('/publish') ? 'silence' : null);
    expect(await system.apply(lost, 'c', signal)).toMatchObject({ kind: 'refused' });
    expect(live('mute').rules?.[0]).toMatchObject({ coverage: 0.2 });
    expect(fake.features.get('mute')?.revisions.map(({ status }) => status)).toEqual([
      'published',
      'published',
      'discarded',
    ]);
    fake.fault = ({ path }) => (path.includes('/publish') || path.includes('/discard') ? 'silence' : null);
    const unknown = await planned(system, 'mute', percentage(0.4));
    expect(await system.apply(unknown, 'c', signal)).toMatchObject({ kind: 'unknown' });
    fake.fault = null;
    expect(await system.inquire(unknown, signal)).toMatchObject({ kind: 'unknown' });
    expect(live('mute').rules?.[0]).toMatchObject({ coverage: 0.2 });
  });
});
