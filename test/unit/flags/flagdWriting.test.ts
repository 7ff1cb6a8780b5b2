import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Intent, Plan } from '../../../src/model/change';
import type { Environment, FlagSnapshot } from '../../../src/model/flag';
import { FlagdSystem } from '../../../src/flags/flagd/system';
import { newWeights } from '../../../src/flags/weights';
import { PlanError } from '../../../src/flags/system';
import { flagDeps, type FlagWorld } from './flagDeps';

const { signal } = new AbortController();
const PATH = '/w/flags.json';
const TEXT = `{
  // the shop's flags
  "flags": {
    "release": {
      "state": "ENABLED", // on since May
      "variants": { "on": true, "off": false },
      "defaultVariant": "off",
      "targeting": {
        "fractional": [
          /* new path */ ["on", 25],
          ["off", 75]
        ]
      }
    },
    "plain": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "on" },
    "ruled": {
      "state": "ENABLED",
      "variants": { "on": true, "off": false },
      "defaultVariant": "off",
      "targeting": { "if": [{ "ends_with": [{ "var": "email" }, "@acme.dev"] }, "on", "off"] }
    },
    "experiment": {
      "state": "ENABLED",
      "variants": { "blue": "b", "green": "g" },
      "defaultVariant": "blue",
      "targeting": { "fractional": [{ "var": "email" }, ["blue", 1], ["green", 1]] }
    },
    "disabled": { "state": "DISABLED", "variants": { "on": true, "off": false }, "defaultVariant": "on" },
    "three": {
      "state": "ENABLED",
      "variants": { "a": 1, "b": 2, "off": 0 },
      "targeting": { "fractional": [["a", 30], ["b", 30], ["off", 40]] }
    },
    "computed": { "state": "ENABLED", "variants": { "on": true, "off": false }, "targeting": { "cat": ["o", "n"] } }
  }
}
`;

interface Setup extends FlagWorld {
  readonly system: FlagdSystem;
  flag(key: string): Promise<FlagSnapshot>;
  plan(key: string, intent: Intent): Promise<Plan>;
  /** The text of one flag as the file has it now. */
  text(key: string): Promise<string>;
}

function setup(kind: Environment['kind'] = 'live', write: 'rename' | 'inPlace' = 'rename', text = TEXT): Setup {
  const world = flagDeps();
  world.files.set(PATH, text);
  const ref = { system: 'flags', project: 'shop', name: 'production' };
  const environment: Environment = {
    ref,
    kind,
    production: true,
    protected: { value: true, because: 'repository' },
    readOnly: false,
    telemetryName: 'production',
    sourceName: 'flags.json',
    pollMs: 5000,
  };
  const project = {
    name: 'shop',
    folders: ['.'],
    environments: [{ name: 'production', kind, source: ['flags.json'], write }],
  };
  const options = { system: 'flags', project, environments: [environment], folder: '/w', folders: ['/w'] };
  const system = new FlagdSystem(options, world.deps);
  const flag = async (key: string): Promise<FlagSnapshot> =>
    (await system.snapshot(signal)).flags.find((each) => each.ref.key === key)!;
  return Object.assign(world, {
    system,
    flag,
    plan: async (key: string, intent: Intent) => {
      const seen = await flag(key);
      return system.plan(seen.ref, ref, intent, seen.states[0]!, signal);
    },
    text: async (key: string) => (await flag(key)).states[0]!.raw,
  });
}

const refused = async (work: Promise<unknown>): Promise<PlanError> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PlanError);
  return error as PlanError;
};

describe('a plan', () => {
  it('kills: drops the targeting, serves the off variant, touches nothing else', async () => {
    const at = setup();
    const plan = await at.plan('release', { kind: 'kill' });
    expect(plan).toMatchObject({
      direction: 'off',
      before: { words: '25% "on", 75% "off"', shares: { on: 0.25, off: 0.75 } },
      after: { words: 'everyone gets "off"', shares: { on: 0, off: 1 } },
      approval: 'none',
      precondition: { kind: 'compareThenWrite' },
    });
    expect(plan.notes).toContain('SDKs follow within 5 s.');
    expect(await at.system.apply(plan, 'c1', signal)).toMatchObject({ kind: 'applied' });
    expect(at.files.text(PATH)).toBe(
      TEXT.replace(
        /"defaultVariant": "off",\n {6}"targeting": \{\n {8}"fractional[^]*?\n {6}\}\n/,
        '"defaultVariant": "off"\n',
      ),
    );
  });

  it('switching off is killing, switching on gives everyone the one other variant', async () => {
    const at = setup();
    expect((await at.plan('plain', { kind: 'switch', on: false })).after.text).toContain('"defaultVariant": "off"');
    const on = await at.plan('release', { kind: 'switch', on: true });
    expect(on).toMatchObject({ direction: 'up', after: { words: 'everyone gets "on"' } });
    expect((await refused(at.plan('three', { kind: 'switch', on: true }))).reason).toBe('unsupported');
  });

  it('changes weights in their places', async () => {
    const at = setup();
    const plan = await at.plan('release', { kind: 'percentage', variant: 'on', share: 0.5 });
    expect(plan.direction).toBe('up');
    expect(plan.after.text).toBe((await at.text('release')).replace('25', '50').replace('75', '50'));
    const fine = await at.plan('release', { kind: 'percentage', variant: 'on', share: 0.125 });
    expect(fine.after.text).toContain('["on", 125]');
    expect(fine.after.text).toContain('["off", 875]');
    const none = await at.plan('release', { kind: 'percentage', variant: 'on', share: 0 });
    expect(none).toMatchObject({ after: { shares: { on: 0, off: 1 } }, direction: 'off' });
  });

  it('starts a split in the style of the flag, and takes the default away from who cannot be split', async () => {
    const at = setup();
    const plan = await at.plan('plain', { kind: 'percentage', variant: 'on', share: 0.25 });
    expect(plan.after.text).toBe(
      '{ "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off", "targeting": { "fractional": [["on", 25], ["off", 75]] } }',
    );
    expect(plan.direction).toBe('down');
    expect(plan.notes.join()).toContain('The default variant becomes "off"');
  });

  it('keeps rules, and puts the split or variant in their else', async () => {
    const at = setup();
    const split = await at.plan('ruled', { kind: 'percentage', variant: 'on', share: 0.1 });
    expect(JSON.parse(split.after.text)).toMatchObject({
      targeting: {
        if: [
          { ends_with: [{ var: 'email' }, '@acme.dev'] },
          'on',
          {
            fractional: [
              ['on', 10],
              ['off', 90],
            ],
          },
        ],
      },
    });
    expect(split).toMatchObject({ before: { words: '1 rule, else everyone gets "off"' }, direction: 'up' });
    const on = await at.plan('ruled', { kind: 'defaultVariant', variant: 'on' });
    expect(on.after.text).toContain('"@acme.dev"] }, "on", "on"]');
    expect(on.notes).toContain('Rules stay and go first: 1.');
  });

  it('gives the rest of an experiment to its other variant, and keeps what is hashed by', async () => {
    const at = setup();
    const plan = await at.plan('experiment', { kind: 'percentage', variant: 'green', share: 0.8 });
    expect(plan.after.text).toContain('[{ "var": "email" }, ["blue", 20], ["green", 80]]');
    expect(plan.direction).toBe('sideways');
    expect((await refused(at.plan('experiment', { kind: 'kill' }))).reason).toBe('noOffVariant');
  });

  it('keeps the shares of other variants, or says that they leave no room', async () => {
    const at = setup();
    const plan = await at.plan('three', { kind: 'percentage', variant: 'a', share: 0.5 });
    expect(plan.after.text).toContain('[["a", 50], ["b", 30], ["off", 20]]');
    expect((await refused(at.plan('three', { kind: 'percentage', variant: 'a', share: 0.9 }))).message).toContain(
      'no room for 90%',
    );
  });

  it('enables a disabled flag, which counts as turning on', async () => {
    const at = setup();
    const plan = await at.plan('disabled', { kind: 'percentage', variant: 'on', share: 0.5 });
    expect(plan.direction).toBe('on');
    expect(plan.after.text).toContain('"state": "ENABLED"');
    expect((await at.plan('disabled', { kind: 'kill' })).direction).toBe('off');
  });

  it('is refused where nothing would change, nothing can be said, or the file is being edited', async () => {
    const at = setup();
    expect((await refused(at.plan('plain', { kind: 'defaultVariant', variant: 'on' }))).reason).toBe('nothingToDo');
    expect((await refused(at.plan('plain', { kind: 'defaultVariant', variant: 'x' }))).reason).toBe('unsupported');
    expect((await refused(at.plan('computed', { kind: 'percentage', variant: 'on', share: 0.5 }))).reason).toBe(
      'unsupported',
    );
    expect((await at.plan('computed', { kind: 'kill' })).after.words).toBe('everyone gets "off"');
    const seen = await at.flag('plain');
    at.dirty.add(PATH);
    expect((await refused(at.plan('plain', { kind: 'kill' }))).reason).toBe('unsaved');
    at.dirty.clear();
    at.files.set(PATH, TEXT.replace('"defaultVariant": "on" }', '"defaultVariant": "off" }'));
    const stale = at.system.plan(seen.ref, seen.states[0]!.environment, { kind: 'kill' }, seen.states[0]!, signal);
    expect((await refused(stale)).reason).toBe('changedSince');
  });

  it('says that nobody gets it while flagd refuses the file for another flag', async () => {
    const broken = setup('live', 'rename', TEXT.replace('"state": "ENABLED", // on since May', '"state": 5,'));
    const { notes } = await broken.plan('plain', { kind: 'kill' });
    expect(notes[0]).toMatch(/^This change reaches nobody until its file is mended: .*release/);
    const whole = await setup().plan('plain', { kind: 'kill' });
    expect(whole.notes.join('\n')).not.toMatch(/reaches nobody/);
  });

  it('is refused outside the folders of the window, through links too, and read-only', async () => {
    const at = setup();
    at.files.set('/elsewhere/flags.json', TEXT);
    at.files.link(PATH, '/elsewhere/flags.json');
    expect((await refused(at.plan('plain', { kind: 'kill' }))).message).toContain('outside the folders');
    const other = setup();
    const plan = await other.plan('plain', { kind: 'kill' });
    other.readOnly = 'This workspace is not trusted.';
    expect(await other.system.apply(plan, 'c', signal)).toEqual({
      kind: 'refused',
      words: 'This workspace is not trusted.',
    });
    expect(other.files.text(PATH)).toBe(TEXT);
  });
});

describe('applying', () => {
  it('twice is applying once', async () => {
    const at = setup();
    const plan = await at.plan('release', { kind: 'kill' });
    const first = await at.system.apply(plan, 'c1', signal);
    const written = at.files.text(PATH);
    expect(await at.system.apply(plan, 'c1', signal)).toEqual(first);
    expect(at.files.text(PATH)).toBe(written);
    expect(await at.system.inquire(plan, signal)).toEqual(first);
    expect((await at.flag('release')).states[0]?.version).toBe(first.kind === 'applied' && first.version);
  });

  it('of a definition is written, not applied; in place keeps the file', async () => {
    const at = setup('definition', 'inPlace');
    const plan = await at.plan('plain', { kind: 'kill' });
    expect(plan.notes.join()).toContain('goes live by commit, deploy or sync');
    expect((await at.system.apply(plan, 'c1', signal)).kind).toBe('written');
  });

  it("keeps another flag's change, and stops at a change of its own flag", async () => {
    const at = setup();
    const kill = await at.plan('release', { kind: 'kill' });
    const other = await at.plan('plain', { kind: 'kill' });
    await at.system.apply(other, 'c1', signal);
    expect((await at.system.apply(kill, 'c2', signal)).kind).toBe('applied');
    expect(await at.text('plain')).toContain('"defaultVariant": "off"');
    expect(await at.text('release')).not.toContain('targeting');

    const late = await at.plan('three', { kind: 'kill' });
    at.files.set(PATH, at.files.text(PATH).replace('["a", 30]', '["a", 31]'));
    const before = at.files.text(PATH);
    const result = await at.system.apply(late, 'c3', signal);
    expect(result).toMatchObject({ kind: 'conflict' });
    expect(result.kind === 'conflict' && result.theirs).toContain('["a", 31]');
    expect(at.files.text(PATH)).toBe(before);
  });

  it('is refused while there are unsaved changes, and where the file is malformed by now', async () => {
    const at = setup();
    const plan = await at.plan('plain', { kind: 'kill' });
    at.dirty.add(PATH);
    expect(await at.system.apply(plan, 'c', signal)).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining('unsaved') as string,
    });
    at.dirty.clear();
    at.files.set(PATH, TEXT.slice(0, 300));
    expect((await at.system.apply(plan, 'c', signal)).kind).toBe('refused');
    expect(at.files.text(PATH)).toBe(TEXT.slice(0, 300));
    expect((await at.system.inquire(plan, signal)).kind).toBe('unknown');
  });

  it('is refused while the editor holds the file unsaved under the name a link leads to', async () => {
    const at = setup();
    at.files.set('/w/real/flags.json', TEXT);
    at.files.link(PATH, '/w/real/flags.json');
    const plan = await at.plan('plain', { kind: 'kill' });
    at.dirty.add('/w/real/flags.json');
    expect((await refused(at.plan('plain', { kind: 'kill' }))).reason).toBe('unsaved');
    expect((await at.system.apply(plan, 'c', signal)).kind).toBe('refused');
    expect(at.files.text('/w/real/flags.json')).toBe(TEXT);
  });

  it('does not follow a link that was put there after it was checked', async () => {
    const at = setup();
    at.files.set('/elsewhere/flags.json', TEXT);
    const plan = await at.plan('plain', { kind: 'kill' });
    const realpath = at.files.realpath.bind(at.files);
    let asked = 0;
    at.files.realpath = (path) => {
      // After the check of the plan's own path, before the lock.
      if (path === PATH && ++asked === 3) at.files.link(PATH, '/elsewhere/flags.json');
      return realpath(path);
    };
    const result = await at.system.apply(plan, 'c', signal);
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(result).toMatchObject({ kind: 'refused', words: expect.stringContaining('outside') as string });
    expect(at.files.text('/elsewhere/flags.json')).toBe(TEXT);
  });

  it('loses nothing that a program without our lock, or an editor, does while the file is read', async () => {
    const at = setup();
    const read = at.files.read.bind(at.files);
    const during = (then: () => void): void => {
      at.files.read = async (path, most) => {
        const data = await read(path, most);
        at.files.read = read;
        then();
        return data;
      };
    };
    const release = await at.plan('release', { kind: 'kill' });
    during(() => at.files.set(PATH, at.files.text(PATH).replace('["a", 30]', '["a", 31]')));
    expect((await at.system.apply(release, 'c1', signal)).kind).toBe('applied');
    expect(await at.text('three')).toContain('["a", 31]');
    expect(await at.text('release')).not.toContain('targeting');

    const plain = await at.plan('plain', { kind: 'kill' });
    during(() => at.dirty.add(PATH));
    expect((await at.system.apply(plain, 'c2', signal)).kind).toBe('refused');
    expect(await at.text('plain')).toContain('"defaultVariant": "on"');
  });

  it('two at once both count', async () => {
    const at = setup();
    const plans = [
      await at.plan('release', { kind: 'kill' }),
      await at.plan('plain', { kind: 'kill' }),
      await at.plan('three', { kind: 'kill' }),
    ];
    const results = await Promise.all(plans.map((plan, index) => at.system.apply(plan, `c${String(index)}`, signal)));
    expect(results.map(({ kind }) => kind)).toEqual(['applied', 'applied', 'applied']);
    for (const key of ['release', 'plain', 'three'])
      expect((await at.flag(key)).states[0]?.effective.shares?.off).toBe(1);
  });

  it('writes only files that are its own, whatever a plan says', async () => {
    const at = setup();
    at.files.set('/w/other.json', TEXT);
    const plan = await at.plan('plain', { kind: 'kill' });
    const forged = { ...plan, native: plan.native.replace('/w/flags.json', '/w/other.json') };
    expect((await at.system.apply(forged, 'c', signal)).kind).toBe('refused');
    expect(at.system.owns(forged)).toBe(false);
    expect((await at.system.apply({ ...plan, native: 'nonsense' }, 'c', signal)).kind).toBe('refused');
    expect(at.files.text('/w/other.json')).toBe(TEXT);
  });
});

describe('undoing', () => {
  it('gives back every byte, while the flag is as it was left', async () => {
    const at = setup();
    const plan = await at.plan('release', { kind: 'kill' });
    await at.system.apply(plan, 'c1', signal);
    const undo = await at.system.planUndo(plan, signal);
    expect(undo).toMatchObject({ direction: 'on', native: expect.stringContaining('fractional') as string });
    await at.system.apply(undo, 'c2', signal);
    expect(at.files.text(PATH)).toBe(TEXT);
    expect((await refused(at.system.planUndo(plan, signal))).reason).toBe('changedSince');
  });

  it('is exact for any intent on any flag, in any way of writing', async () => {
    const intents = fc.oneof(
      fc.constantFrom<Intent>({ kind: 'kill' }, { kind: 'switch', on: true }, { kind: 'switch', on: false }),
      fc
        .constantFrom('on', 'off', 'a', 'b', 'blue', 'green')
        .map((variant): Intent => ({ kind: 'defaultVariant', variant })),
      fc
        .tuple(fc.constantFrom('on', 'a', 'b', 'blue', 'green'), fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([variant, share]): Intent => ({ kind: 'percentage', variant, share })),
    );
    const keys = ['release', 'plain', 'ruled', 'experiment', 'disabled', 'three', 'computed'];
    const ways = [
      TEXT,
      TEXT.replaceAll('\n', '\r\n'),
      `\uFEFF${TEXT}`,
      TEXT.replaceAll('  ', '\t'),
      JSON.stringify(JSON.parse(TEXT.replaceAll(/\/\/.*|\/\*.*?\*\//g, ''))),
    ];
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), intents, fc.constantFrom(...ways), async (key, intent, text) => {
        const at = setup('live', 'rename', text);
        let plan: Plan;
        try {
          plan = await at.plan(key, intent);
        } catch (error) {
          if (PlanError.is(error)) return;
          throw error;
        }
        applied++;
        expect((await at.system.apply(plan, 'c', signal)).kind).toBe('applied');
        const after = await at.flag(key);
        expect(after.unreadable).toBe(null);
        const { effective } = after.states[0]!;
        if (intent.kind === 'kill') expect(effective).toMatchObject({ kind: 'everyone', shares: { off: 1 } });
        if (intent.kind === 'percentage')
          expect(Math.abs((effective.defaultShares?.[intent.variant] ?? -1) - intent.share)).toBeLessThanOrEqual(
            0.00005 + 1e-9,
          );
        if (text === ways[1]) expect(at.files.text(PATH).replaceAll('\r\n', '')).not.toContain('\n');
        expect((await at.system.snapshot(signal)).flags.map((flag) => flag.ref.key)).toEqual(keys);
        await at.system.apply(await at.system.planUndo(plan, signal), 'u', signal);
        expect(at.files.text(PATH)).toBe(text);
      }),
      { numRuns: 400 },
    );
    expect(applied).toBeGreaterThan(100);
  });
});

describe('new weights', () => {
  it('are numbers where all that is known weighs nothing', () => {
    expect(newWeights([['c', 0]], 'on', 0.25, 'off')).toEqual([
      ['c', 0],
      ['on', 25],
      ['off', 75],
    ]);
  });

  it('always add up, keep the others and give the share asked for', () => {
    const buckets = fc.uniqueArray(
      fc.tuple(fc.constantFrom('on', 'off', 'b', 'c'), fc.integer({ min: 0, max: 1000 })),
      {
        selector: ([name]) => name,
      },
    );
    fc.assert(
      fc.property(buckets, fc.integer({ min: 0, max: 10_000 }), (current, part) => {
        const share = part / 10_000;
        const weights = newWeights(current, 'on', share, 'off');
        if (!weights) return;
        const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
        expect(weights.every(([, weight]) => Number.isInteger(weight) && weight >= 0)).toBe(true);
        expect(weights.find(([name]) => name === 'on')![1] / total).toBeCloseTo(share, 3);
        const before = current.reduce((sum, [, weight]) => sum + weight, 0);
        for (const [name, weight] of current)
          if (name !== 'on' && name !== 'off' && before > 0)
            expect(weights.find(([other]) => other === name)![1] / total).toBeCloseTo(weight / before, 3);
      }),
    );
  });
});
