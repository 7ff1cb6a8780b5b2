import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import type { Intent, Plan } from '../../../src/model/change';
import type { Json } from '../../../src/model/json';
import type { FlagSnapshot } from '../../../src/model/flag';
import { absentState } from '../../../src/flags/absentState';
import { environmentsOf } from '../../../src/flags/environments';
import { keysOfFlagFile } from '../../../src/flags/flagFileKeys';
import { EditRefused } from '../../../src/flags/flagd/flagSyntax';
import { readFlagDocument } from '../../../src/flags/flagd/readFlagDocument';
import { FlagdSystem } from '../../../src/flags/flagd/system';
import { YamlEdits } from '../../../src/flags/flagd/yamlEdits';
import { PlanError } from '../../../src/flags/system';
import { Turns } from '../../../src/flags/turns';
import { projectConfigSchema } from '../../../src/model/config';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { systemClock } from '../../../src/platform/node/clock';
import { flagDeps, type FlagWorld } from './flagDeps';

const { signal } = new AbortController();
const PATH = '/w/flags.yaml';
const TEXT = `# the shop's flags
$evaluators:
  acme:
    ends_with: [{ var: email }, '@acme.dev']

flags:
  # with the new path
  release:
    state: ENABLED # on since May
    variants:
      on: true
      off: false
    defaultVariant: off
    targeting:
      fractional:
        # the new path
        - ["on", 25]
        - [off, 75] # the old one

  ruled:
    state: ENABLED
    variants: { on: true, off: false }
    defaultVariant: "off"
    targeting:
      if:
        # our own people
        - $ref: acme
        - on
        - off
  plain: { state: ENABLED, variants: { on: true, off: false }, defaultVariant: on }
  named:
    state: ENABLED
    variants: &both { on: true, off: false }
    defaultVariant: on
  alias: { state: ENABLED, variants: *both, defaultVariant: on }
metadata:
  team: shop
`;
/** Without the flags that hang together: every flag is parsed alone. */
const APART = TEXT.replace(/ {2}named:[^]*?\nmetadata/, 'metadata');

interface Setup extends FlagWorld {
  readonly system: FlagdSystem;
  flag(key: string): Promise<FlagSnapshot>;
  plan(key: string, intent: Intent): Promise<Plan>;
  /** The file's text after the plan of an intent was applied. */
  after(key: string, intent: Intent): Promise<string>;
}

function setup(text = APART): Setup {
  const world = flagDeps();
  world.files.set(PATH, text);
  const project = projectConfigSchema.parse({
    name: 'shop',
    environments: [{ name: 'qa', kind: 'live', source: ['flags.yaml'] }],
  });
  const environments = environmentsOf('flags', project, '/w', world.protection, memoryPaths);
  const system = new FlagdSystem({ system: 'flags', project, environments, folder: '/w', folders: ['/w'] }, world.deps);
  const qa = { system: 'flags', project: 'shop', name: 'qa' };
  const flag = async (key: string): Promise<FlagSnapshot> =>
    (await system.snapshot(signal)).flags.find((each) => each.ref.key === key)!;
  const plan = async (key: string, intent: Intent): Promise<Plan> => {
    const seen = await flag(key);
    return system.plan(seen.ref, qa, intent, seen.states[0]!, signal);
  };
  return Object.assign(world, {
    system,
    flag,
    plan,
    after: async (key: string, intent: Intent) => {
      const made = await plan(key, intent);
      expect(await system.apply(made, 'c', signal)).toMatchObject({ kind: 'applied' });
      return world.files.text(PATH);
    },
  });
}

describe("flagd's flags in YAML", () => {
  it.each([
    ['alone', APART],
    ['whole', TEXT],
  ])('are read as in JSON, at their places (each flag parsed %s)', async (_how, text) => {
    const at = setup(text);
    const { flags, problems } = await at.system.snapshot(signal);
    expect(problems).toEqual([]);
    expect(flags.map(({ ref }) => ref.key)).toEqual(
      text === TEXT ? ['release', 'ruled', 'plain', 'named', 'alias'] : ['release', 'ruled', 'plain'],
    );
    const [release, ruled] = flags;
    expect(release!.states[0]).toMatchObject({
      effective: { kind: 'split', shares: { on: 0.25, off: 0.75 } },
      location: { path: PATH, line: 8 },
    });
    expect(release!.owner).toBe('shop');
    expect(ruled!.states[0]!.rules).toHaveLength(1);
  });

  it('kills, and takes it back to the letter', async () => {
    const at = setup();
    const plan = await at.plan('release', { kind: 'kill' });
    expect(plan).toMatchObject({ direction: 'off', after: { words: 'everyone gets "off"' } });
    await at.system.apply(plan, 'c', signal);
    expect(at.files.text(PATH)).toBe(APART.replace(/\n {4}targeting:\n {6}fractional:[^]*?# the old one/, ''));
    const undo = await at.system.planUndo(plan, signal);
    await at.system.apply(undo, 'u', signal);
    expect(at.files.text(PATH)).toBe(APART);
  });

  it('changes weights in their places, comments and quotes kept', async () => {
    const text = await setup().after('release', { kind: 'percentage', variant: 'on', share: 0.5 });
    expect(text).toBe(APART.replace('["on", 25]', '["on", 50]').replace('[off, 75] #', '[off, 50] #'));
  });

  it('puts one user before the rules and takes them out again', async () => {
    const at = setup();
    const target = { kind: 'target', attribute: 'targetingKey', value: 'me', variant: 'on' } as const;
    const text = await at.after('ruled', { ...target, on: true });
    expect(text).toContain('      if:\n        # our own people\n        - { in: [{ var: targetingKey }, [me]] }\n');
    expect(text.replace(/ {8}- \{ in: .*\n {8}- "on"\n/, '')).toBe(APART);
    expect(await at.after('ruled', { ...target, on: false })).toBe(APART);
  });

  it('gives a flag on one line a split on that line', async () => {
    const text = await setup().after('plain', { kind: 'percentage', variant: 'on', share: 0.1 });
    expect(text).toContain('targeting: { fractional: [["on", 10], ["off", 90]] }');
    expect(text.split('\n')).toHaveLength(APART.split('\n').length);
  });

  it('takes a new flag, and gives it back', async () => {
    const at = setup();
    const ref = { system: 'flags', project: 'shop', key: 'brand new' };
    const qa = { system: 'flags', project: 'shop', name: 'qa' };
    const plan = await at.system.plan(ref, qa, { kind: 'create', type: 'boolean' }, absentState(qa), signal);
    await at.system.apply(plan, 'c', signal);
    expect(at.files.text(PATH)).toContain(
      'defaultVariant: on }\n  brand new:\n    state: ENABLED\n    variants:\n      "on": true\n      "off": false\n    defaultVariant: "off"\nmetadata',
    );
    const undo = await at.system.planUndo(plan, signal);
    await at.system.apply(undo, 'u', signal);
    expect(at.files.text(PATH)).toBe(APART);
  });

  it('changes nothing that hangs together with other texts, and says so', async () => {
    const at = setup(TEXT);
    for (const key of ['named', 'alias']) {
      const error: unknown = await at.plan(key, { kind: 'kill' }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(PlanError);
      expect((error as PlanError).message).toContain('anchor');
    }
    expect(at.files.text(PATH)).toBe(TEXT);
  });

  it('says what flagd cannot read: a name that is no text, a key twice, no YAML', async () => {
    const problemsOf = async (text: string) => (await setup(text).system.snapshot(signal)).problems;
    expect(
      await problemsOf('flags:\n  a:\n    state: ENABLED\n    variants: { true: true, false: false }\n'),
    ).toMatchObject([{ code: 'flagd.flag', message: expect.stringContaining('put in quotes') as string }]);
    const twice = await setup('flags:\n  a: {}\n  a: {}\n')
      .system.snapshot(signal)
      .catch((error: unknown) => error);
    expect(JSON.stringify(twice) + String(twice)).toMatch(/unique|twice|duplicate/i);
  });

  it('are read behind a byte order mark, and with the line ends of Windows', async () => {
    const at = setup(
      `\uFEFF${APART.replace(/^[^]*?flags:/, 'flags:').replace(/ruled:[^]*?plain/, 'plain')}`.replaceAll('\n', '\r\n'),
    );
    const text = await at.after('release', { kind: 'kill' });
    expect(text.startsWith('\uFEFFflags:\r\n')).toBe(true);
    expect(text).not.toContain('fractional');
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('are told where their keys stand', async () => {
    const at = setup(
      'flags:\n  "a b": { state: ENABLED, variants: { x: 1 } }\n  c:\n    state: ENABLED\n    variants: { x: 1 }\n',
    );
    expect(await keysOfFlagFile(PATH, at.deps, signal)).toEqual({
      format: 'flagd',
      keys: [
        { key: 'a b', line: 2, column: 3, endColumn: 8 },
        { key: 'c', line: 3, column: 3, endColumn: 4 },
      ],
    });
  });
});

describe('an edit of YAML by its value', () => {
  const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom<Json>('on', 'off', 'a b', '', 'yes', '# no', "it's", 'x: y'),
      fc.integer({ min: 0, max: 100 }),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('if', 'in', 'var', 'on', 'a b'), tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const flag = fc.record({
    state: fc.constant('ENABLED'),
    defaultVariant: fc.constantFrom('on', 'off'),
    targeting: json,
  });
  const style = fc.record({
    indent: fc.constantFrom(2, 4),
    defaultStringType: fc.constantFrom<'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE'>(
      'PLAIN',
      'QUOTE_SINGLE',
      'QUOTE_DOUBLE',
    ),
    collectionStyle: fc.constantFrom<'block' | 'flow' | 'any'>('block', 'flow', 'any'),
  });
  const edit = fc.oneof(
    fc.record({ kind: fc.constant('set'), value: json }),
    fc.record({ kind: fc.constant('remove') }),
    fc.record({ kind: fc.constant('enclose'), value: json }),
    fc.record({ kind: fc.constant('prepend'), value: json }),
  );

  it('comes out as meant, or not at all', () => {
    let refused = 0;
    const runs = 400;
    fc.assert(
      fc.property(flag, style, edit, (value, options, how) => {
        const text = yaml.stringify({ key: value }, options).trimEnd();
        const edits = new YamlEdits(text, 0, yaml);
        const added = 'value' in how ? how.value : null;
        const at = Array.isArray(value.targeting) ? ['targeting', 0] : ['targeting'];
        let wanted: Json = value;
        if (how.kind === 'remove') {
          edits.remove(['targeting']);
          wanted = { state: value.state, defaultVariant: value.defaultVariant };
        } else if (how.kind === 'enclose') {
          edits.enclose(['targeting'], 'if', [added, 'on']);
          wanted = { ...value, targeting: { if: [added, 'on', value.targeting] } };
        } else if (how.kind === 'prepend' && Array.isArray(value.targeting) && value.targeting.length > 0) {
          edits.prepend(['targeting'], [added, 'on']);
          wanted = { ...value, targeting: [added, 'on', ...(value.targeting as Json[])] };
        } else if (at.length === 1) {
          edits.set(['targeting'], added);
          wanted = { ...value, targeting: added };
        }
        let written: string;
        try {
          written = edits.text;
        } catch (error) {
          expect(error).toBeInstanceOf(EditRefused);
          refused++;
          return;
        }
        expect(yaml.parse(written)).toEqual({ key: wanted });
      }),
      { numRuns: runs, seed: 11 },
    );
    expect(refused).toBeLessThan(runs / 20);
  });

  it('does not lose a comment', () => {
    const text = 'key:\n  targeting:\n    if:\n      - a # why\n      - b\n  state: ENABLED';
    const edits = new YamlEdits(text, 0, yaml);
    edits.enclose(['targeting'], 'if', [true, 'on']);
    expect(() => edits.text).toThrow(EditRefused);
  });
});

it('two thousand flags in YAML are read in turns', { timeout: 60_000 }, async () => {
  const flag = '\n    state: ENABLED\n    variants:\n      on: true\n      off: false\n    defaultVariant: off\n';
  const text = `flags:\n${Array.from({ length: 2_000 }, (_, index) => `  f${String(index)}:${flag}`).join('')}`;
  let turns = 0;
  const counting = { ...systemClock, after: (ms: number, run: () => void) => (turns++, systemClock.after(ms, run)) };
  const { entries } = await readFlagDocument('f.yml', text, new Turns(counting), signal);
  expect(entries).toHaveLength(2_000);
  expect(entries[1_999]).toMatchObject({ key: 'f1999', value: { defaultVariant: 'off' } });
  expect(turns).toBeGreaterThan(10);
});
