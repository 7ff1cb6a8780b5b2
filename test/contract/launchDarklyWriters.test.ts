import { expect, it } from 'vitest';
import { describeShared } from '../sharedData';
import { FakeLaunchDarkly, type FakeConfig } from './fakeLaunchDarkly';
import { planned, signal, systemAt } from './launchDarklyWorld';

const ROUNDS = 1_000;
/** Lists of targets stay short, as people keep them. */
const PER_FLAG = 100;
const weights = (on: number) => ({
  rollout: {
    contextKind: 'user',
    variations: [
      { variation: 0, weight: on },
      { variation: 1, weight: 100_000 - on },
    ],
  },
});
const targeted = ({ targets }: FakeConfig): string[] => targets.flatMap(({ values }) => values).sort();

describeShared('LaunchDarkly with two writers', 'specs/launchdarkly', (folder) => {
  it(`loses nothing of either in ${String(ROUNDS)} rounds: the version is tested with the write`, async () => {
    const fake = new FakeLaunchDarkly(folder);
    await fake.start();
    const system = systemAt(fake.url);
    await system.snapshot(signal);
    let conflicts = 0;
    let written = 0;
    for (let at = 0; at < ROUNDS / PER_FLAG; at += 1) {
      const key = `f${String(at)}`;
      fake.flag(key, { fallthrough: weights(10_000), targets: [{ values: [], variation: 0, contextKind: 'user' }] });
      const [theirs, ours]: [string[], string[]] = [[], []];
      // The other writer takes its turn at places that move: before the plan, between plan and write, and not at all.
      for (let round = 0; round < PER_FLAG; round += 1) {
        const other = (): void => {
          theirs.push(`theirs-${String(round)}`);
          fake.change(key, ({ targets }) => targets[0]?.values.push(`theirs-${String(round)}`));
        };
        if (round % 3 === 0) other();
        const value = `ours-${String(round)}`;
        const plan = await planned(system, key, { kind: 'target', on: true, attribute: 'key', value, variant: 'on' });
        const between = round % 3 === 1;
        if (between) other();
        const result = await system.apply(plan, 'c', signal);
        expect(result.kind).toBe(between ? 'conflict' : 'applied');
        if (result.kind === 'applied') ours.push(value);
        else conflicts += 1;
      }
      expect(targeted(fake.config(key))).toEqual([...ours, ...theirs].sort());
      expect(fake.config(key).version).toBe(1 + ours.length + theirs.length);
      written += ours.length;
    }
    await fake.stop();
    expect(fake.problems).toEqual([]);
    expect(conflicts + written).toBe(ROUNDS);
    expect(conflicts).toBe(330);
  }, 240_000);

  it('loses nothing when two of ours write at the same moment', async () => {
    const fake = new FakeLaunchDarkly(folder);
    await fake.start();
    fake.flag('f');
    const [one, two] = [systemAt(fake.url), systemAt(fake.url)];
    let made = 0;
    for (let round = 0; round < 60; round += 1) {
      const value = String(round);
      const plans = await Promise.all([
        planned(one, 'f', { kind: 'target', on: true, attribute: 'key', value: `one-${value}`, variant: 'on' }),
        planned(two, 'f', { kind: 'target', on: true, attribute: 'key', value: `two-${value}`, variant: 'on' }),
      ]);
      const results = await Promise.all([one.apply(plans[0], 'a', signal), two.apply(plans[1], 'b', signal)]);
      const applied = results.filter(({ kind }) => kind === 'applied').length;
      expect(results.map(({ kind }) => kind).sort()).toEqual(['applied', 'conflict']);
      made += applied;
    }
    await fake.stop();
    expect(targeted(fake.config('f'))).toHaveLength(made);
  }, 60_000);
});
