import { expect, it } from 'vitest';
import { describeShared } from '../../sharedData';
import { FakeGrowthBook, writerToken } from '../fakeGrowthBook';
import { expectTrue, loopMs, loopSeed, loopTimeout } from './expectations';
import { faultLoop } from './loop';
import type { FaultyWorld } from './world';

interface State {
  readonly enabled: boolean;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

const rollout = { type: 'rollout', value: 'true', coverage: 0.5, hashAttribute: 'id' };

const words = ({ enabled, rules }: State): string =>
  `${enabled ? 'on' : 'off'} ${rules.map(({ coverage }) => String(coverage)).join()}`;

/** Of which plan a revision is. */
const markIn = (comment: string): string[] => /\[sightglass (\S+)\]/.exec(comment)?.slice(1) ?? [];

function worldOf(fake: FakeGrowthBook): FaultyWorld {
  /** Live once, oldest first; the first is what the flag was made with. */
  const lived = (key: string): string[] =>
    (fake.features.get(key)?.revisions ?? []).flatMap(({ status, environmentsEnabled, rules }) =>
      status === 'published' ? [words({ enabled: environmentsEnabled.production === true, rules })] : [],
    );
  const revisions = () => [...fake.features.values()].flatMap((feature) => feature.revisions);
  return {
    type: 'growthbook',
    url: fake.url,
    token: writerToken,
    project: 'prj_shop',
    environment: 'production',
    keys: ['one', 'two', 'three'],
    theirs: 'theirs',
    requiredFields: [
      'features',
      'feature',
      'environments',
      'rules',
      'id',
      'revision',
      'revisions',
      'version',
      'status',
    ],
    vendorError: () => ({ message: 'It says why.' }),
    // What is put away again changes nothing.
    isWrite: (method, path) => method !== 'GET' && path.includes('/revisions/') && !path.endsWith('/discard'),
    // Each edit of a draft, and its publishing.
    stepsOf: (native) => (JSON.parse(native) as { edits: unknown[] }).edits.length + 1,
    shortOf: (raw) => words(JSON.parse(raw) as State),
    standing: (key) => Promise.resolve(lived(key).at(-1) ?? ''),
    written: (key) => Promise.resolve(lived(key).slice(1)),
    left: () => revisions().flatMap(({ status, comment }) => (status === 'draft' ? markIn(comment) : [])),
    somebodyElse: (turn) => {
      fake.change('theirs', (draft) => {
        Object.assign(draft.rules[0] ?? {}, { coverage: ((turn * 13) % 100) / 100 });
        draft.environmentsEnabled.production = turn % 2 === 0;
      });
      return Promise.resolve();
    },
    // A percentage of what is off turns it on too: a draft of two edits.
    intent: (turn, chance, short) =>
      chance < 0.25
        ? { kind: 'switch', on: short.startsWith('off') }
        : { kind: 'percentage', variant: 'true', share: (((turn * 37) % 97) + 1) / 100 },
  };
}

describeShared('GrowthBook behind a proxy that fails by chance', 'specs/growthbook', (folder) => {
  it('has every change end true, none applied twice', { timeout: loopTimeout }, async () => {
    const fake = new FakeGrowthBook(folder);
    await fake.start();
    const world = worldOf(fake);
    for (const key of [...world.keys, world.theirs]) fake.feature(key, [rollout]);
    try {
      expectTrue(await faultLoop(world, loopMs, loopSeed), world.type);
    } finally {
      await fake.stop();
    }
    expect(fake.problems).toEqual([]);
    // Every draft carries the mark of its plan, and a plan makes one.
    const marks = [...fake.features.values()].flatMap(({ revisions }) =>
      revisions.flatMap((each) => markIn(each.comment)),
    );
    expect(new Set(marks).size).toBe(marks.length);
  });
});
