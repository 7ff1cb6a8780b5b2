import { expect, it } from 'vitest';
import { describeShared } from '../../sharedData';
import { FakeFlipt } from '../fakeFlipt';
import { expectTrue, loopMs, loopSeed, loopTimeout } from './expectations';
import { faultLoop } from './loop';
import type { FaultyWorld } from './world';

interface FakeFlag extends Record<string, unknown> {
  readonly enabled?: boolean;
  readonly rollouts?: readonly {
    readonly type?: string;
    readonly description?: string;
    readonly threshold?: { readonly percentage?: number; readonly value?: boolean };
  }[];
}

const flag = (key: string): FakeFlag => ({
  '@type': 'flipt.core.Flag',
  key,
  name: key,
  type: 'BOOLEAN_FLAG_TYPE',
  description: '',
  enabled: false,
  variants: [],
  rules: [],
  rollouts: [{ type: 'THRESHOLD_ROLLOUT_TYPE', description: '', threshold: { percentage: 10, value: true } }],
  metadata: {},
});

/** Of a payload, as it is given or as Sightglass shows it, without what has its default. */
const words = ({ enabled = false, rollouts = [] }: FakeFlag): string =>
  `${enabled ? 'on' : 'off'} ${rollouts.map(({ threshold }) => String(threshold?.percentage ?? 0)).join()}`;

function worldOf(fake: FakeFlipt, token: string): FaultyWorld {
  const flags = fake.namespace('production').flags;
  return {
    type: 'flipt',
    url: fake.url,
    token,
    project: 'shop',
    environment: 'production',
    keys: ['one', 'two', 'three'],
    theirs: 'theirs',
    requiredFields: ['environments', 'key', 'resource', 'payload'],
    vendorError: () => ({ code: 2, message: 'It says why.', details: [] }),
    isWrite: (method, path) => method === 'PUT' && path.startsWith('/api/v2/'),
    stepsOf: () => 1,
    shortOf: (raw) => words(JSON.parse(raw) as FakeFlag),
    standing: (key) => Promise.resolve(words(flags.get(key) ?? {})),
    written: (key) =>
      Promise.resolve(
        fake.commits.flatMap((commit) => (commit.key === key && commit.after ? [words(commit.after)] : [])),
      ),
    somebodyElse: (turn) => {
      fake.change('production', 'theirs', { ...flag('theirs'), enabled: turn % 2 === 0, description: String(turn) });
      return Promise.resolve();
    },
    // Without its threshold `enabled` says what all get.
    intent: (turn, chance, short) =>
      chance < 0.25
        ? { kind: 'switch', on: short.startsWith('off') }
        : { kind: 'percentage', variant: 'true', share: (((turn * 37) % 97) + 1) / 100 },
  };
}

describeShared('Flipt behind a proxy that fails by chance', 'specs/flipt', (folder) => {
  it('has every change end true, none applied twice', { timeout: loopTimeout }, async () => {
    const fake = new FakeFlipt(folder);
    fake.token = 'token-of-the-fault-loop';
    for (const key of ['one', 'two', 'three', 'theirs']) fake.namespace('production').flags.set(key, flag(key));
    await fake.start();
    const world = worldOf(fake, fake.token);
    try {
      expectTrue(await faultLoop(world, loopMs, loopSeed), world.type);
    } finally {
      await fake.stop();
    }
    expect(fake.problems).toEqual([]);
  });
});
