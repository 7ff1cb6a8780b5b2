import { expect, it } from 'vitest';
import { describeShared } from '../../sharedData';
import { FakeLaunchDarkly, writerToken, type FakeConfig } from '../fakeLaunchDarkly';
import { expectTrue, loopMs, loopSeed, loopTimeout } from './expectations';
import { faultLoop } from './loop';
import type { FaultyWorld } from './world';

const words = (config: Pick<FakeConfig, 'on' | 'fallthrough'>): string => {
  const { rollout, variation } = config.fallthrough as {
    readonly variation?: number | null;
    readonly rollout?: {
      readonly variations: readonly { readonly variation: number; readonly weight: number }[];
    } | null;
  };
  const weights = rollout?.variations.map(({ variation: of, weight }) => `${String(of)}=${String(weight)}`);
  return `${config.on ? 'on' : 'off'} ${weights?.join(',') ?? `all=${String(variation)}`}`;
};

function worldOf(fake: FakeLaunchDarkly): FaultyWorld {
  return {
    type: 'launchdarkly',
    url: fake.url,
    token: writerToken,
    project: 'shop',
    environment: 'production',
    keys: ['one', 'two', 'three'],
    theirs: 'theirs',
    // Summaries leave out what is served: without it a state is known in part, until its flag is read again.
    requiredFields: ['items', 'key', 'environments', 'on', 'version', 'variations', 'target', '_id'],
    // A change to be approved by others is what a 405 of its own means.
    vendorError: (status) => (status === 405 ? null : { code: 'x', message: 'It says why.' }),
    isWrite: (method, path) => method === 'POST' || (method === 'PATCH' && !path.includes('dryRun=true')),
    stepsOf: () => 1,
    shortOf: (raw) => words(JSON.parse(raw) as FakeConfig),
    standing: (key) => Promise.resolve(words(fake.config(key))),
    written: (key) => Promise.resolve((fake.written.get(`${key} production`) ?? []).map(words)),
    somebodyElse: (turn) => {
      fake.change('theirs', (config) => {
        config.on = !config.on;
        config.fallthrough = { variation: turn % 2 };
      });
      return Promise.resolve();
    },
    intent: (turn, chance, short) =>
      chance < 0.25
        ? { kind: 'switch', on: short.startsWith('off') }
        : { kind: 'percentage', variant: 'on', share: (((turn * 37) % 97) + 1) / 100 },
  };
}

describeShared('LaunchDarkly behind a proxy that fails by chance', 'specs/launchdarkly', (folder) => {
  it('has every change end true, none applied twice', { timeout: loopTimeout }, async () => {
    const fake = new FakeLaunchDarkly(folder);
    await fake.start();
    const world = worldOf(fake);
    for (const key of [...world.keys, world.theirs]) fake.flag(key);
    try {
      expectTrue(await faultLoop(world, loopMs, loopSeed), world.type);
    } finally {
      await fake.stop();
    }
    expect(fake.problems).toEqual([]);
    // Every order carries the mark of its plan.
    const marks = fake.audit.flatMap(({ comment }) => /\[sightglass (\S+)\]/.exec(String(comment))?.[1] ?? []);
    expect(new Set(marks).size).toBe(marks.length);
  });
});
