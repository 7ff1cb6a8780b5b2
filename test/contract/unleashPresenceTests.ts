import { expect, it } from 'vitest';
import { absentState } from '../../src/flags/absentState';
import { PlanError } from '../../src/flags/system';
import type { Intent, Plan } from '../../src/model/change';
import { HttpError } from '../../src/platform/http';
import { environmentRef, place, ref, rollout, stateOf, variant, type UnleashWorld } from './unleashWorld';

/** Flags that are made and taken back, and what single contexts are given, on a real Unleash. */
export function presenceTests(at: () => UnleashWorld): void {
  const { signal } = new AbortController();
  const make: Intent = { kind: 'create', type: 'boolean' };
  const planned = (key: string, system = at().system(), intent = make): Promise<Plan> =>
    system.plan(ref(key), environmentRef(), intent, absentState(environmentRef()), signal);
  const failed = async (plan: Promise<Plan>): Promise<PlanError> => {
    const error: unknown = await plan.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!PlanError.is(error)) throw new Error(`no PlanError but ${String(error)}`);
    return error;
  };

  it('makes a flag, off everywhere, does so once, and takes it back for good', async () => {
    const system = at().system();
    const plan = await planned('made', system);
    expect(plan).toMatchObject({ direction: 'off', approval: 'none', after: { shares: { enabled: 0, disabled: 1 } } });
    expect(plan.notes[0]).toBe(
      'It is made in the Unleash project "default", off in every environment: development, production.',
    );
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'refused' });
    const result = await system.apply(plan, 'c', signal);
    expect(result).toMatchObject({ kind: 'applied' });
    const state = await stateOf(at().system(), 'made');
    expect(state).toMatchObject({ switch: 'off', raw: plan.after.text });
    if (result.kind === 'applied') expect(result.version).toBe(state.version);
    expect((await stateOf(at().system(), 'made', 'development')).switch).toBe('off');
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'applied' });

    const undo = await system.planUndo(plan, signal);
    expect(undo).toMatchObject({ direction: 'up', after: { text: '' } });
    expect(await system.apply(undo, 'u', signal)).toMatchObject({ kind: 'applied' });
    expect(await system.inquire(undo, signal)).toMatchObject({ kind: 'applied' });
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'conflict' });
    expect((await system.snapshot(signal)).flags.some(({ ref: { key } }) => key === 'made')).toBe(false);
    // Its name is free again: it was deleted, not only archived.
    const again = await system.planUndo(undo, signal);
    expect(await system.apply(again, 'a', signal)).toMatchObject({ kind: 'applied' });
  });

  it('does not take back what somebody touched since, whatever it is now', async () => {
    const system = at().system();
    const plan = await planned('touched', system);
    await system.apply(plan, 'c', signal);
    const undo = await system.planUndo(plan, signal);
    await at().api('POST', `${place('touched')}/strategies`, rollout('touched', 10));
    expect(await system.apply(undo, 'u', signal)).toMatchObject({ kind: 'conflict' });
    expect((await failed(system.planUndo(plan, signal))).reason).toBe('changedSince');
    // Its state is what it was: that somebody gave it a description stands in the log.
    const other = await planned('switched', system);
    await system.apply(other, 'c', signal);
    await at().api('PATCH', '/api/admin/projects/default/features/switched', [
      { op: 'replace', path: '/description', value: 'wanted' },
    ]);
    expect((await failed(system.planUndo(other, signal))).message).toMatch(/changed since it was made: .+updated/);
  });

  it('ends what was interrupted between archiving and deleting', async () => {
    const system = at().system();
    const plan = await planned('half', system);
    await system.apply(plan, 'c', signal);
    const undo = await system.planUndo(plan, signal);
    await at().api('DELETE', '/api/admin/projects/default/features/half');
    expect(await system.inquire(undo, signal)).toMatchObject({ kind: 'conflict' });
    expect(await system.apply(undo, 'u', signal)).toMatchObject({ kind: 'applied' });
    expect(await system.inquire(undo, signal)).toMatchObject({ kind: 'applied' });
  });

  it('says why a name cannot be had: it is there, archived, or none for an address', async () => {
    await at().flag('taken');
    expect((await failed(planned('taken'))).reason).toBe('changedSince');
    await at().flag('buried');
    await at().api('DELETE', '/api/admin/projects/default/features/buried');
    expect((await failed(planned('buried'))).message).toMatch(/archived flag with that name/);
    expect((await failed(planned('no name!'))).message).toMatch(/must be URL friendly/);
  });

  it('is told by the server when somebody else makes it first, and leaves that alone', async () => {
    const system = at().system();
    const plan = await planned('overtaken', system);
    await at().flag('overtaken', [rollout('overtaken', 50)]);
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'conflict' });
    expect((await stateOf(at().system(), 'overtaken')).switch).toBe('on');
  });

  it('says who may not make flags, before and by the server', async () => {
    const token = await at().person('looker-of-flags', 3);
    const system = at().system(token);
    const error = await failed(planned('not-mine', system));
    expect(error.reason).toBe('notWritable');
    expect(error.message).toMatch(/may not make flags/);
    const byAdmin = await planned('not-mine');
    const result = await system.apply(byAdmin, 'c', signal);
    expect(result).toMatchObject({ kind: 'refused' });
    expect(result.kind === 'refused' && result.words).toMatch(/\(403\)/);
  });

  it('finds out what became of it when no answer came', async () => {
    const system = at().system();
    const plan = await planned('unheard', system);
    const { recorder } = at();
    recorder.hold = async (request) => {
      if (request.method !== 'POST' || !request.url.endsWith('/features')) return;
      recorder.hold = null;
      await at().flag('unheard');
      throw new HttpError('timeout', request.url, 'no answer within 10000 ms');
    };
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
  });

  it('evaluates single contexts by its own playground, with the strategy that decided', async () => {
    await at().flag('asked', [
      rollout('asked', 100, {
        title: 'pros',
        constraints: [{ contextName: 'plan', operator: 'IN', values: ['pro'] }],
        variants: [variant('blue', 1000, 'variable')],
      }),
      rollout('asked', 50),
    ]);
    const system = at().system();
    const as = (context: Record<string, string | number>, environment = 'production') =>
      system.evaluateAs(ref('asked'), environmentRef(environment), context, signal);
    expect(await as({ targetingKey: '7', plan: 'pro' })).toMatchObject({
      ...{ variant: 'blue', value: 'b', reason: 'TARGETING_MATCH', remarks: [] },
      rule: { words: 'pros (plan is "pro")' },
    });
    // The bucket of a user is Unleash's own: of twenty some are in, some out, and each always the same.
    const users = Array.from({ length: 20 }, (_, index) => `user-${String(index)}`);
    const given = await Promise.all(users.map(async (targetingKey) => (await as({ targetingKey })).variant));
    expect(new Set(given)).toEqual(new Set(['enabled', 'disabled']));
    const again = await Promise.all(users.map(async (userId) => (await as({ userId })).variant));
    expect(again).toEqual(given);
    expect((await as({ plan: 'free' })).remarks).toEqual([
      'Without userId or sessionId it is drawn anew at every call.',
    ]);
    expect(await as({ plan: 'pro' }, 'development')).toMatchObject({
      ...{ variant: 'disabled', value: false, reason: 'DISABLED', rule: null },
      remarks: [expect.stringContaining('It is off in development')],
    });
    await expect(system.evaluateAs(ref('nowhere'), environmentRef(), {}, signal)).rejects.toThrow(
      'Unleash did not evaluate "nowhere"',
    );
  });
}
