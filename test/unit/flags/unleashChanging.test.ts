import { describe, expect, it } from 'vitest';
import { PlanError } from '../../../src/flags/system';
import { overwritten, type SentStep } from '../../../src/flags/unleash/overwrites';
import type { UnleashEvent } from '../../../src/flags/unleash/schema';
import { HttpError } from '../../../src/platform/http';
import { detail, fake, flexible, PLACE, planned, production, PROJECT, signal } from './fakeUnleash';

describe('changing a flag', () => {
  it('rounds to whole percents and says so', async () => {
    const { system } = fake();
    const plan = await planned(system, { kind: 'percentage', variant: 'enabled', share: 0.333 });
    expect(plan.after.shares).toEqual({ enabled: 0.33, disabled: 0.67 });
    expect(plan.notes[0]).toBe('Unleash lets in whole percents: 33% are let in.');
    await expect(planned(system, { kind: 'percentage', variant: 'enabled', share: 0.001 })).rejects.toThrow(
      '1% is the least',
    );
    await expect(planned(system, { kind: 'percentage', variant: 'enabled', share: 0.25 })).rejects.toSatisfy((error) =>
      PlanError.is(error, 'nothingToDo'),
    );
  });

  it('sends only what differs, tested against what it replaces', async () => {
    const { system, http, set } = fake();
    const plan = await planned(system, { kind: 'percentage', variant: 'enabled', share: 0.5 });
    http.answers.set(`PATCH ${PLACE}/strategies/s1`, () => {
      set(`${PROJECT}/features/f`, detail('f', [flexible('50')]));
      return { json: flexible('50') };
    });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(http.bodies).toEqual([
      [
        { op: 'test', path: '/parameters/rollout', value: '25' },
        { op: 'replace', path: '/parameters/rollout', value: '50' },
      ],
    ]);
  });

  it('says what was done of a change of which only a part could be made', async () => {
    const { system, http, set } = fake();
    set(`${PROJECT}/features/f`, detail('f', [flexible('25')], false));
    const plan = await planned(system, { kind: 'percentage', variant: 'enabled', share: 0.5 });
    http.answers.set(`PATCH ${PLACE}/strategies/s1`, () => {
      set(`${PROJECT}/features/f`, detail('f', [flexible('50')], false));
      return { json: flexible('50') };
    });
    http.answers.set(`POST ${PLACE}/on`, {
      status: 403,
      json: { name: 'PermissionError', message: 'You need UPDATE_FEATURE_ENVIRONMENT' },
    });
    const result = await system.apply(plan, 'c', signal);
    expect(result).toMatchObject({ kind: 'conflict' });
    expect(result.kind === 'conflict' && result.words).toMatch(
      /^Only 1 of 2 steps were made\. .*UPDATE_FEATURE_ENVIRONMENT/,
    );
  });

  it('does not say that nothing was written when a part was, and the answer to it was lost', async () => {
    const { system, http, set } = fake();
    set(`${PROJECT}/features/f`, detail('f', [flexible('25')], false));
    const plan = await planned(system, { kind: 'percentage', variant: 'enabled', share: 0.5 });
    http.answers.set(`PATCH ${PLACE}/strategies/s1`, () => {
      set(`${PROJECT}/features/f`, detail('f', [flexible('50')], false));
      const update = { id: 9, type: 'feature-strategy-update', createdByUserId: 7, createdAt: '2026-11-23T00:00:00Z' };
      const where = { featureName: 'f', environment: 'production' };
      set('/api/admin/search/events', { events: [{ ...update, ...where, data: flexible('50') }] });
      throw new HttpError('timeout', 'https://unleash.test', 'no answer');
    });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'unknown' });
    const found = await system.inquire(plan, signal);
    expect(found).toMatchObject({ kind: 'conflict' });
    expect(found.kind === 'conflict' && found.words).toMatch(/^It was written, in whole or in part, /);
  });

  it('does not take silence for a no while a write may be on its way', async () => {
    const { system, http, world } = fake();
    const plan = await planned(system, { kind: 'kill' });
    http.answers.set(`POST ${PLACE}/off`, () => {
      throw new HttpError('timeout', 'https://unleash.test', 'no answer');
    });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'unknown' });
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'unknown' });
    await world.clock.advance(20_000);
    expect(await system.inquire(plan, signal)).toMatchObject({
      kind: 'refused',
      words: 'It was not written: "f" is as it was.',
    });
  });

  it('says when overwrites cannot be looked for', async () => {
    const { system, http, set } = fake();
    http.answers.set('GET /api/admin/search/events', { status: 403, json: { message: 'no' } });
    const plan = await planned(system, { kind: 'kill' });
    http.answers.set(`POST ${PLACE}/off`, () => {
      set(`${PROJECT}/features/f`, detail('f', [flexible('25')], false));
      return {};
    });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({
      kind: 'applied',
      remarks: ['Whether somebody else was overwritten could not be told: the event log cannot be read.'],
    });
  });

  it('opens a change request where the environment asks for one', async () => {
    const { system, http, set } = fake();
    set('/api/admin/user', {
      permissions: [{ permission: 'UPDATE_FEATURE_STRATEGY', project: 'shop', environment: 'production' }],
    });
    set(`${PROJECT}/change-requests/config`, [
      { environment: 'production', type: 'production', changeRequestEnabled: true, requiredApprovals: 2 },
    ]);
    http.answers.set(`POST ${PROJECT}/environments/production/change-requests`, { json: { id: 12, state: 'Draft' } });
    const plan = await planned(system, { kind: 'percentage', variant: 'enabled', share: 0.5 });
    expect(plan.approval).toBe('required');
    expect(plan.notes).toContain('It is added to your draft change request in Unleash; send it for review there.');
    expect(system.describe(production).approvals).toBe(true);
    expect(await system.apply(plan, 'c', signal)).toEqual({
      kind: 'requested',
      link: 'https://unleash.test/base/projects/shop/change-requests/12',
    });
    expect(http.bodies).toMatchObject([
      [{ feature: 'f', action: 'updateStrategy', payload: { id: 's1', parameters: { rollout: '50' } } }],
    ]);
    // Who may go past it is told so.
    set('/api/admin/user', { permissions: [{ permission: 'ADMIN' }] });
    const { system: admin, http: other, set: also } = fake();
    also(`${PROJECT}/change-requests/config`, [{ environment: 'production', changeRequestEnabled: true }]);
    expect((await planned(admin, { kind: 'kill' })).notes).toContain(
      'Changes in production need approval; this token goes past it.',
    );
    expect(other.bodies).toEqual([]);
  });

  it('writes nothing where it must not', async () => {
    const { system, http, world } = fake();
    const plan = await planned(system, { kind: 'kill' });
    world.readOnly = 'The workspace is not trusted.';
    expect(await system.apply(plan, 'c', signal)).toEqual({ kind: 'refused', words: 'The workspace is not trusted.' });
    world.readOnly = null;
    const native = JSON.parse(plan.native) as Record<string, unknown>;
    for (const forged of [{ url: 'https://other.test' }, { key: 'g' }, { environment: 'moon' }, { steps: [] }])
      expect(
        await system.apply({ ...plan, native: JSON.stringify({ ...native, ...forged }) }, 'c', signal),
      ).toMatchObject({ kind: 'refused' });
    expect(http.asked.filter((name) => !name.startsWith('GET'))).toEqual([]);
  });

  it('warns of what hangs on a flag', async () => {
    const { system, set } = fake();
    set(`${PROJECT}/features/f`, detail('f', [flexible('25')], true, { children: ['a', 'b'] }));
    expect((await planned(system, { kind: 'kill' })).notes).toContain('Flags that depend on it are off with it: a, b.');
  });
});

describe('overwrites in the event log', () => {
  const event = (id: number, type: string, data: unknown, preData: unknown, by = 'rita', userId = 2): UnleashEvent => ({
    id,
    type,
    createdBy: by,
    createdByUserId: userId,
    createdAt: '2026-01-01T00:00:00.000Z',
    data,
    preData,
    featureName: 'f',
    environment: 'production',
    label: null,
    summary: `${by} ${type}`,
  });
  const patched = (answer: object): SentStep => ({ step: { do: 'patch', id: 's1', operations: [] }, answer });
  const update = 'feature-strategy-update';

  it('names what ours replaced, not what came before or after, nor what stayed', () => {
    const events = [
      event(4, update, flexible('33'), flexible('25')),
      event(5, update, flexible('44'), flexible('33'), 'sam', 3),
      event(6, update, flexible('44', { title: 'kept' }), flexible('44'), 'tom', 4),
      event(7, update, flexible('50', { title: 'kept' }), flexible('44', { title: 'kept' }), 'me', 7),
      event(8, update, flexible('60', { title: 'kept' }), flexible('50', { title: 'kept' }), 'uma', 5),
    ];
    const found = overwritten(events, 'production', [patched(flexible('50', { title: 'kept' }))], 7);
    expect(found.map(({ who }) => who)).toEqual(['sam']);
  });

  it('names what was lost besides, when Unleash wrote the whole strategy over it', () => {
    const events = [
      event(5, update, flexible('25', { disabled: true }), flexible('25')),
      event(6, update, flexible('50'), flexible('25'), 'me', 7),
    ];
    expect(overwritten(events, 'production', [patched(flexible('50'))], 7).map(({ who }) => who)).toEqual(['rita']);
  });

  it('takes none for new that was at the edge of the page it had read', async () => {
    const { system, http, set } = fake();
    const old = Array.from({ length: 104 }, (_, index) =>
      event(index + 1, update, flexible('25', { disabled: index === 5 }), flexible('24')),
    );
    // Listed by the time a transaction began: the newest 100 hold the events 4 and 5, and 6 came before them.
    const listed = old.toReversed().filter(({ id }) => id !== 6);
    set('/api/admin/search/events', { events: listed.slice(0, 100) });
    const plan = await planned(system, { kind: 'percentage', variant: 'enabled', share: 0.5 });
    http.answers.set(`PATCH ${PLACE}/strategies/s1`, () => {
      set(`${PROJECT}/features/f`, detail('f', [flexible('50')]));
      const theirs = event(105, update, flexible('44'), flexible('25'), 'sam', 3);
      const mine = event(106, update, flexible('50'), flexible('44'), 'me', 7);
      set('/api/admin/search/events', { events: [mine, theirs, ...old.toReversed()] });
      return { json: flexible('50') };
    });
    const result = await system.apply(plan, 'c', signal);
    expect(result.kind === 'applied' && result.overwrote?.map(({ who }) => who)).toEqual(['sam']);
  });

  it('tells switching there and back from switching the same way', () => {
    const on = 'feature-environment-enabled';
    const off = 'feature-environment-disabled';
    const sent: SentStep[] = [{ step: { do: 'off' }, answer: null }];
    const mine = event(7, off, null, null, 'me', 7);
    expect(
      overwritten([event(5, off, null, null), event(6, on, null, null), mine], 'production', sent, 7),
    ).toHaveLength(1);
    // Theirs was first, so that ours changed nothing and left no event.
    expect(overwritten([event(5, off, null, null)], 'production', sent, 7)).toEqual([]);
    expect(overwritten([mine, event(8, on, null, null)], 'production', sent, 7)).toEqual([]);
  });
});
