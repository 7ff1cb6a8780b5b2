import { afterEach, beforeEach, expect, it } from 'vitest';
import { PlanError } from '../../src/flags/system';
import { MemoryClock } from '../../src/platform/memory/clock';
import type { Intent } from '../../src/model/change';
import { describeShared } from '../sharedData';
import { adminToken, FakeGrowthBook, type Fault, type Heard } from './fakeGrowthBook';
import { environmentRef, planned, signal, stateOf, systemAt } from './growthBookWorld';

const rollout = (coverage: number, more: object = {}) => ({
  type: 'rollout',
  value: 'true',
  coverage,
  hashAttribute: 'id',
  ...more,
});
const forAll = { allEnvironments: true, environments: undefined };
const percentage = (share: number, variant = 'true'): Intent => ({ kind: 'percentage', variant, share });

describeShared('GrowthBook, where others and gateways come between', 'specs/growthbook', (folder) => {
  let fake: FakeGrowthBook;

  beforeEach(async () => {
    fake = new FakeGrowthBook(folder);
    await fake.start();
  });
  afterEach(async () => {
    await fake.stop();
    expect(fake.problems).toEqual([]);
  });

  it('joins no rule again that is another, or for others, than when it was split', async () => {
    const meanwhile: readonly (() => void)[] = [
      () => fake.change('split', ({ rules }) => Object.assign(rules[0] ?? {}, { coverage: 0.9 })),
      () => fake.change('split', ({ rules }) => Object.assign(rules[0] ?? {}, { environments: ['dev', 'staging'] })),
      () => fake.change('split', (draft) => (draft.rules = draft.rules.slice(1))),
      () => void fake.environments.push('staging'),
    ];
    for (const happens of meanwhile) {
      fake.feature('split', [rollout(0.1, forAll)]);
      const system = systemAt(fake.url);
      const plan = await planned(system, 'split', percentage(0.5));
      expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
      happens();
      await expect(systemAt(fake.url).planUndo(plan, signal)).rejects.toSatisfy((error) =>
        PlanError.is(error, 'changedSince'),
      );
    }
  });

  it('believes a refusal, or a review that it was told of, no longer than the environments', async () => {
    fake.feature('f', [rollout(0.1)]);
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    const writable = async () => (await stateOf(system, 'f')).writable;
    const plan = await planned(system, 'f', percentage(0.2));
    const forbidden = (said: object) =>
      (fake.fault = ({ path }) => (path.includes('/new/') ? { status: 403, ...said } : null));
    // A web page is a gateway's, which knows nothing of tokens.
    forbidden({ text: '<html>' });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'refused' });
    expect(await writable()).toEqual({ kind: 'unknown' });
    forbidden({ json: { message: 'You do not have permission' } });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'refused' });
    expect(await writable()).toMatchObject({ kind: 'no' });
    fake.fault = null;
    fake.reviewed.add('production');
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'requested' });
    expect(system.describe(environmentRef()).approvals).toBe(true);
    await clock.advance(6 * 60_000);
    expect(await writable()).toEqual({ kind: 'unknown' });
    expect(system.describe(environmentRef()).approvals).toBe(false);
  });

  it('goes on requesting reviews that its token would pass by', async () => {
    fake.reviewed.add('production');
    fake.feature('f', [rollout(0.1)]);
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock, token: adminToken });
    const plan = await planned(system, 'f', percentage(0.2));
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    await clock.advance(6 * 60_000);
    expect((await planned(system, 'f', percentage(0.3))).approval).toBe('required');
  });

  /** The answer to the first request of its kind alone. */
  const once = (method: string, part: string, fault: Fault): ((heard: Heard) => Fault) => {
    let isDue = true;
    return (heard) => {
      if (!isDue || heard.method !== method || !heard.path.includes(part)) return null;
      isDue = false;
      return fault;
    };
  };
  const gateway = { status: 404, text: '<html>' };

  it("takes a single 404 for a gateway's, and not for a flag that is gone", async () => {
    fake.feature('f', [rollout(0.1)]);
    const system = systemAt(fake.url);
    fake.fault = once('GET', '/features/f', gateway);
    const plan = await planned(system, 'f', percentage(0.2));
    fake.fault = ({ path }) => {
      if (path.endsWith('/publish')) fake.fault = once('GET', '/features/f', gateway);
      return null;
    };
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    fake.features.delete('f');
    await expect(stateOf(system, 'f')).rejects.toThrow('no state of f');
  });

  it('sees what was published after it began to look', async () => {
    fake.feature('f', [rollout(0.1)]);
    const system = systemAt(fake.url);
    const plan = await planned(system, 'f', percentage(0.2));
    fake.fault = ({ path }) => (path.endsWith('/publish') ? { status: 502, text: '<html>' } : null);
    // Its request comes through just before its revision is asked for, and after whatever was asked before that.
    fake.before = ({ method, path }) => {
      const feature = fake.features.get('f');
      const draft = feature?.revisions.find(({ status }) => status === 'draft');
      if (method === 'GET' && path.endsWith('/revisions') && feature && draft)
        feature.publish(draft, 'Me', '', feature.merged(draft).result);
    };
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
  });

  it('does not take for its own what another change made the same', async () => {
    fake.feature('f', [rollout(0.1)]);
    const system = systemAt(fake.url);
    const plan = await planned(system, 'f', percentage(0.2));
    fake.fault = ({ path }) => {
      if (!path.endsWith('/publish')) return null;
      fake.change('f', ({ rules }) => Object.assign(rules[0] ?? {}, { coverage: 0.2 }));
      return { status: 502, text: '<html>' };
    };
    const words = 'It was not written: another change made "f" so.';
    expect(await system.apply(plan, 'c', signal)).toEqual({ kind: 'refused', words });
    fake.fault = null;
    expect(await system.inquire(plan, signal)).toEqual({ kind: 'refused', words });
    expect(fake.features.get('f')?.revision(2).status).toBe('discarded');
  });

  it('goes by the state alone for a plan without a draft: another window made the same, or it was long ago', async () => {
    fake.feature('f', [rollout(0.1)]);
    const system = systemAt(fake.url);
    const unmade = await planned(system, 'f', percentage(0.2));
    const plan = await planned(system, 'f', percentage(0.2));
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    const { version } = await stateOf(system, 'f');
    expect(await system.inquire(unmade, signal)).toEqual({ kind: 'applied', version });
    fake.fault = ({ path }) => (path.endsWith('/revisions') ? { json: { revisions: [] } } : null);
    expect(await system.inquire(plan, signal)).toEqual({ kind: 'applied', version });
  });

  it('does not take an unreadable revision of its own for none', async () => {
    fake.feature('f', [rollout(0.1)]);
    const system = systemAt(fake.url);
    const plan = await planned(system, 'f', percentage(0.2));
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    const revisions = [{ version: 2, comment: `why [sightglass ${plan.id}]` }];
    fake.fault = ({ path }) => (path.endsWith('/revisions') ? { json: { revisions } } : null);
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'unknown' });
  });

  it('leaves no half of a draft behind, or says that it may have', async () => {
    const off = { environmentsEnabled: { dev: true, production: false } };
    const drafts = (key: string) => fake.features.get(key)?.revisions.map(({ status }) => status);
    const refusal = { status: 422, json: { message: 'It says why.' } };
    fake.feature('half', [rollout(0.1)], off);
    const system = systemAt(fake.url);
    const half = await planned(system, 'half', percentage(0.2));
    fake.fault = once('POST', '/2/toggle', refusal);
    expect(await system.apply(half, 'c', signal)).toMatchObject({ kind: 'refused' });
    expect(drafts('half')).toEqual(['published', 'discarded']);
    fake.fault = ({ path }) => (path.endsWith('/2/toggle') || path.endsWith('/discard') ? refusal : null);
    fake.feature('kept', [rollout(0.1)], off);
    const kept = await planned(system, 'kept', percentage(0.2));
    expect(await system.apply(kept, 'c', signal)).toMatchObject({
      words: expect.stringContaining('Its draft, revision 2, is left in GrowthBook.') as string,
    });
    fake.fault = ({ path }) => (path.endsWith('/2/toggle') || path.endsWith('/revisions') ? refusal : null);
    fake.feature('unseen', [rollout(0.1)], off);
    const unseen = await planned(system, 'unseen', percentage(0.2));
    expect(await system.apply(unseen, 'c', signal)).toMatchObject({
      words: expect.stringContaining('A draft of it may be left in GrowthBook.') as string,
    });
    // Its request may still be on its way.
    fake.feature('late', [rollout(0.1)]);
    const late = await planned(system, 'late', percentage(0.2));
    fake.fault = ({ path }) => (path.includes('/revisions/new/') ? { status: 502, text: '<html>' } : null);
    expect(await system.apply(late, 'c', signal)).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining('A draft of it may be left in GrowthBook.') as string,
    });
    // Moved, or so it is said, and it cannot be looked at.
    fake.feature('moved', [rollout(0.1)]);
    const moved = await planned(system, 'moved', percentage(0.2));
    fake.fault = ({ path }) => {
      if (path.endsWith('/publish')) fake.fault = once('GET', '/features/moved', refusal);
      return path.endsWith('/publish') ? { status: 409, text: '<html>' } : null;
    };
    expect(await system.apply(moved, 'c', signal)).toMatchObject({ kind: 'refused' });
    expect(drafts('moved')).toEqual(['published', 'discarded']);
  });

  it('claims no more than GrowthBook holds: what others publish beside it at that moment is merged', async () => {
    fake.feature('f', [{ condition: '{"country":"NL"}', value: 'false' }, rollout(0.1)]);
    const system = systemAt(fake.url);
    const plan = await planned(system, 'f', percentage(0.2));
    expect(plan.precondition).toEqual({ kind: 'compareThenWrite', token: 'revision 1' });
    expect(system.describe(environmentRef()).precondition).toBe('compareThenWrite');
    expect(plan.notes.join('\n')).toContain('What others publish at that moment is merged with it');
    fake.before = ({ path }) => {
      if (path.endsWith('/publish')) fake.change('f', ({ rules }) => Object.assign(rules[0] ?? {}, { value: 'true' }));
    };
    const result = await system.apply(plan, 'c', signal);
    expect(result).toMatchObject({ kind: 'conflict', words: expect.stringMatching(/^It was written/) as string });
    expect(fake.features.get('f')?.now.rules).toMatchObject([{ value: 'true' }, { coverage: 0.2 }]);
  });

  it('asks no review of half a draft', async () => {
    fake.reviewed.add('production');
    fake.feature('f', [rollout(0.1)], { environmentsEnabled: { dev: true, production: false } });
    const system = systemAt(fake.url);
    const plan = { ...(await planned(system, 'f', percentage(0.2))), approval: 'required' as const };
    const refusal = { status: 422, json: { message: 'It says why.' } };
    fake.fault = ({ path }) => (path.endsWith('/2/toggle') || path.endsWith('/discard') ? refusal : null);
    await system.apply(plan, 'c', signal);
    fake.fault = null;
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'requested' });
    expect(fake.features.get('f')?.revisions.map(({ status }) => status)).toEqual([
      'published',
      'discarded',
      'pending-review',
    ]);
    expect(fake.features.get('f')?.revision(3)).toMatchObject({ environmentsEnabled: { production: true } });
  });
});
