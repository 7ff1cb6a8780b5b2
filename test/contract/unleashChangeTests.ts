import { expect, it } from 'vitest';
import { PlanError } from '../../src/flags/system';
import type { Intent, Plan } from '../../src/model/change';
import { HttpError } from '../../src/platform/http';
import { adminToken } from '../servers/unleash.mjs';
import { environmentRef, place, planned, ref, rollout, stateOf, variant, type UnleashWorld } from './unleashWorld';

/** The strategy that a plan changes. */
const strategyIn = (plan: Plan): string => (JSON.parse(plan.native) as { steps: { id?: string }[] }).steps[0]?.id ?? '';

/** What a real Unleash does with every kind of change. `at` gives the world once its server is up. */
export function changeTests(at: () => UnleashWorld): void {
  const { signal } = new AbortController();

  const done = async (
    key: string,
    intent: Intent,
  ): Promise<{ before: string; plan: Awaited<ReturnType<typeof planned>> }> => {
    const system = at().system();
    const before = (await stateOf(system, key)).raw;
    const plan = await planned(system, key, intent);
    const result = await system.apply(plan, 'c', signal);
    expect(result).toMatchObject({ kind: 'applied' });
    const state = await stateOf(at().system(), key);
    expect(state.effective.shares).toEqual(plan.after.shares);
    if (result.kind === 'applied') expect(state.version).toBe(result.version);
    return { before, plan };
  };
  const undone = async (key: string, { before, plan }: Awaited<ReturnType<typeof done>>): Promise<void> => {
    const system = at().system();
    await system.snapshot(signal);
    const undo = await system.planUndo(plan, signal);
    expect(await system.apply(undo, 'u', signal)).toMatchObject({ kind: 'applied' });
    expect((await stateOf(at().system(), key)).raw).toBe(before);
  };

  it('gives a percentage, and takes it back exactly', async () => {
    await at().flag('share', [rollout('share', 10)]);
    const change = await done('share', { kind: 'percentage', variant: 'enabled', share: 0.25 });
    expect(change.plan).toMatchObject({
      direction: 'up',
      approval: 'none',
      precondition: { kind: 'compareThenWrite' },
    });
    expect(change.plan.notes).toContain('In Unleash: parameters/rollout "10" → "25".');
    await undone('share', change);
  });

  it('gives a percentage of variants, of a flag that is off, and of one without strategies', async () => {
    await at().flag(
      'arms',
      [rollout('arms', 10, { variants: [variant('blue', 500), variant('green', 500, 'variable')] })],
      false,
    );
    const arms = await done('arms', { kind: 'percentage', variant: 'blue', share: 0.2 });
    expect(arms.plan.after.shares).toMatchObject({ blue: 0.2, green: 0.2, disabled: 0.6 });
    expect(arms.plan.direction).toBe('on');
    await undone('arms', arms);
    await at().flag('bare');
    const bare = await done('bare', { kind: 'percentage', variant: 'enabled', share: 0.05 });
    await undone('bare', bare);
  });

  it('switches off and on, kills, and takes each back exactly', async () => {
    await at().flag('toggled', [
      rollout('toggled', 30),
      { name: 'default', constraints: [{ contextName: 'userId', operator: 'IN', values: ['7'] }] },
    ]);
    const off = await done('toggled', { kind: 'switch', on: false });
    expect(off.plan.direction).toBe('off');
    await undone('toggled', off);
    const kill = await done('toggled', { kind: 'kill' });
    expect(kill.plan.after.shares).toEqual({ enabled: 0, disabled: 1 });
    await undone('toggled', kill);
    await at().flag('empty');
    const on = await done('empty', { kind: 'switch', on: true });
    expect(on.plan.notes.join(' ')).toContain('Unleash adds its default one');
    expect(on.plan.after.shares).toEqual({ enabled: 1, disabled: 0 });
    await undone('empty', on);
  });

  it('gives everyone one variant, and takes it back exactly', async () => {
    await at().flag('one', [
      rollout('one', 20, { variants: [variant('blue', 700), variant('green', 300, 'variable')] }),
    ]);
    const change = await done('one', { kind: 'defaultVariant', variant: 'green' });
    expect(change.plan.after.shares).toEqual({ blue: 0, green: 1, disabled: 0 });
    await undone('one', change);
    await expect(planned(at().system(), 'one', { kind: 'defaultVariant', variant: 'red' })).rejects.toThrow(
      'no variant "red"',
    );
  });

  it('refuses a percentage where several strategies have one', async () => {
    await at().flag('several', [rollout('several', 10), rollout('other', 20)]);
    const asked = planned(at().system(), 'several', { kind: 'percentage', variant: 'enabled', share: 0.5 });
    await expect(asked).rejects.toSatisfy((error) => PlanError.is(error, 'unsupported'));
    // Two independent splits: 1 - 0.9 * 0.8.
    expect((await stateOf(at().system(), 'several')).effective.shares?.enabled).toBeCloseTo(0.28, 9);
  });

  it('finds a change between plan and apply, names who made it, and writes nothing', async () => {
    await at().flag('moved', [rollout('moved', 10)]);
    const system = at().system();
    const plan = await planned(system, 'moved', { kind: 'kill' });
    await at().api('POST', `${place('moved')}/strategies`, rollout('moved', 50));
    const result = await system.apply(plan, 'c', signal);
    expect(result).toMatchObject({ kind: 'conflict' });
    expect(result.kind === 'conflict' && result.words).toMatch(/changed in production since.*admin added strategy/);
    expect((await stateOf(at().system(), 'moved')).switch).toBe('on');
    const stale = await stateOf(system, 'moved');
    await at().api('POST', `${place('moved')}/off`);
    await expect(system.plan(ref('moved'), environmentRef(), { kind: 'kill' }, stale, signal)).rejects.toSatisfy(
      (error) => PlanError.is(error, 'changedSince'),
    );
  });

  it('finds a flag archived or deleted during a plan', async () => {
    await at().flag('leaving', [rollout('leaving', 10)]);
    const system = at().system();
    const plan = await planned(system, 'leaving', { kind: 'kill' });
    await at().api('DELETE', '/api/admin/projects/default/features/leaving');
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'conflict', theirs: '' });
    const archived = (await at().system().snapshot(signal)).flags.find((flag) => flag.ref.key === 'leaving');
    expect(archived).toMatchObject({ archived: true });
    expect(archived?.states.map(({ writable }) => writable.kind)).toEqual(['no', 'no']);
    await at().api('POST', '/api/admin/archive/revive/leaving');
    const again = await planned(system, 'leaving', { kind: 'percentage', variant: 'enabled', share: 0.5 });
    await at().api('DELETE', '/api/admin/projects/default/features/leaving');
    await at().api('DELETE', '/api/admin/archive/leaving');
    expect(await system.apply(again, 'c', signal)).toMatchObject({ kind: 'conflict', theirs: '' });
    expect(await system.inquire(again, signal)).toMatchObject({ kind: 'conflict' });
  });

  it('does a change once, however often it is applied, and says what became of it', async () => {
    await at().flag('twice', [rollout('twice', 10)]);
    const system = at().system();
    const plan = await planned(system, 'twice', { kind: 'percentage', variant: 'enabled', share: 0.6 });
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'refused' });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'applied' });
    await at().api('PATCH', `${place('twice')}/strategies/${strategyIn(plan)}`, [
      { op: 'replace', path: '/parameters/rollout', value: '10' },
    ]);
    const back = await system.inquire(plan, signal);
    expect(back).toMatchObject({ kind: 'conflict' });
    expect(back.kind === 'conflict' && back.words).toContain('taken back since');
  });

  it('lets a write that nobody answered be found out', async () => {
    await at().flag('lost', [rollout('lost', 10)]);
    const system = at().system();
    const plan = await planned(system, 'lost', { kind: 'kill' });
    at().recorder.hold = async ({ method, url }) => {
      if (method !== 'POST') return;
      at().recorder.hold = null;
      await fetch(url, { method, headers: { authorization: adminToken } });
      throw new HttpError('timeout', url, 'no answer within 10000 ms');
    };
    // Made, and not answered: the state says so at once.
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    const again = await planned(system, 'lost', { kind: 'switch', on: true });
    at().recorder.hold = async ({ method, url }) => {
      if (method === 'POST') throw new HttpError('timeout', url, 'no answer within 10000 ms');
    };
    expect(await system.apply(again, 'c', signal)).toMatchObject({ kind: 'unknown' });
    expect(await system.inquire(again, signal)).toMatchObject({ kind: 'unknown' });
    at().recorder.hold = null;
    expect((await stateOf(system, 'lost')).switch).toBe('off');
  });

  it('names what a write replaced that came between its read and itself', async () => {
    await at().flag('raced', [rollout('raced', 10)]);
    const rival = await at().person('rita', 1);
    const system = at().system();
    const plan = await planned(system, 'raced', { kind: 'switch', on: false });
    at().recorder.hold = async ({ method, url }) => {
      if (method !== 'POST' || !url.endsWith('/off')) return;
      at().recorder.hold = null;
      await at().api('POST', `${place('raced')}/off`, undefined, rival);
      await at().api('POST', `${place('raced')}/on`, undefined, rival);
    };
    const result = await system.apply(plan, 'c', signal);
    expect(result).toMatchObject({ kind: 'applied', overwrote: [{ who: 'rita' }] });
    expect(result.kind === 'applied' && result.overwrote?.[0]?.words).toMatch(/^rita enabled raced for the production/);
  });

  it('leaves a percentage alone that somebody changed while ours was on its way', async () => {
    await at().flag('tested', [rollout('tested', 10)]);
    const system = at().system();
    const plan = await planned(system, 'tested', { kind: 'percentage', variant: 'enabled', share: 0.3 });
    const id = strategyIn(plan);
    at().recorder.hold = async ({ method }) => {
      if (method !== 'PATCH') return;
      at().recorder.hold = null;
      await at().api('PATCH', `${place('tested')}/strategies/${id}`, [
        { op: 'replace', path: '/parameters/rollout', value: '77' },
      ]);
    };
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'conflict' });
    expect((await stateOf(system, 'tested')).effective.shares?.enabled).toBeCloseTo(0.77, 9);
  });
}
