import { expect, it } from 'vitest';
import { describeShared } from '../sharedData';
import { FakeGrowthBook } from './fakeGrowthBook';
import { planned, signal, systemAt } from './growthBookWorld';

/** `SIGHTGLASS_ROUNDS=1000` is the whole of it. */
const rounds = Number(process.env.SIGHTGLASS_ROUNDS ?? 60);
const rollout = (coverage: number) => ({ type: 'rollout', value: 'true', coverage, hashAttribute: 'id' });
const shareOf = (round: number): number => (round % 997) / 1000 + 0.001;

describeShared('GrowthBook with two writers', 'specs/growthbook', (folder) => {
  it(`loses nothing of either in ${String(rounds)} rounds: a draft is of one revision, and merged or refused`, async () => {
    const fake = new FakeGrowthBook(folder);
    await fake.start();
    const system = systemAt(fake.url);
    await system.snapshot(signal);
    const made = { applied: 0, conflict: 0, theirs: 0 };
    for (let round = 0; round < rounds; round += 1) {
      // Rules of theirs grow; a flag of its own for every twenty keeps revisions few.
      const key = `f${String(Math.floor(round / 20))}`;
      const feature = fake.features.get(key) ?? fake.feature(key, [rollout(0.5)]);
      const other = (same: boolean): void => {
        made.theirs += 1;
        fake.change(key, (draft) => {
          if (same) Object.assign(draft.rules[0] ?? {}, { coverage: shareOf(round + 400) });
          else draft.environmentsEnabled.dev = draft.environmentsEnabled.dev !== true;
        });
      };
      // Before the plan, between plan and look, between look and draft, between draft and publishing, and not at all.
      const place = round % 7;
      if (place === 0) other(true);
      const plan = await planned(system, key, { kind: 'percentage', variant: 'true', share: shareOf(round) });
      if (place === 1) other(true);
      let late = place === 2 ? '/revisions/new/' : place === 3 || place === 4 ? '/publish' : null;
      fake.before = ({ path }) => {
        if (late === null || !path.includes(late)) return;
        late = null;
        other(place !== 4);
      };
      const before = feature.live;
      const result = await system.apply(plan, 'c', signal);
      fake.before = null;
      const { rules, environmentsEnabled } = feature.now;
      // What is not the same is merged: theirs and ours both stand.
      const lost = place === 1 || place === 2 || place === 3;
      expect([round, result.kind]).toEqual([round, lost ? 'conflict' : 'applied']);
      expect(rules[0]?.coverage).toBe(shareOf(lost ? round + 400 : round));
      if (place === 4) expect(environmentsEnabled.dev).toBe(feature.revision(before).environmentsEnabled.dev !== true);
      made[lost ? 'conflict' : 'applied'] += 1;
    }
    await fake.stop();
    expect(fake.problems).toEqual([]);
    expect(made.applied + made.conflict).toBe(rounds);
    const all = [...fake.features.values()];
    const published = all.flatMap(({ revisions }) => revisions.filter(({ status }) => status === 'published'));
    expect(published).toHaveLength(all.length + made.applied + made.theirs);
    expect(all.flatMap(({ revisions }) => revisions.filter(({ status }) => status === 'draft'))).toEqual([]);
  }, 600_000);

  it('loses nothing when two of ours write at the same moment', async () => {
    const fake = new FakeGrowthBook(folder);
    await fake.start();
    fake.feature('f', [rollout(0.5)]);
    const [one, two] = [systemAt(fake.url), systemAt(fake.url)];
    let applied = 0;
    for (let round = 0; round < 15; round += 1) {
      const plans = await Promise.all([
        planned(one, 'f', { kind: 'percentage', variant: 'true', share: shareOf(round) }),
        planned(two, 'f', { kind: 'percentage', variant: 'true', share: shareOf(round + 100) }),
      ]);
      const results = await Promise.all([one.apply(plans[0], 'a', signal), two.apply(plans[1], 'b', signal)]);
      expect(results.map(({ kind }) => kind).sort()).toEqual(['applied', 'conflict']);
      applied += 1;
    }
    await fake.stop();
    const published = fake.features.get('f')?.revisions.filter(({ status }) => status === 'published') ?? [];
    expect(published).toHaveLength(1 + applied);
    expect(fake.problems).toEqual([]);
  }, 60_000);
});
