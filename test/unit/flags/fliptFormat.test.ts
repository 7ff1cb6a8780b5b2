import * as yaml from 'yaml';
import { beforeEach, expect, it } from 'vitest';
import { environmentsOf } from '../../../src/flags/environments';
import { readDocuments } from '../../../src/flags/flipt/documents';
import { FliptFileSystem } from '../../../src/flags/flipt/fileSystem';
import type { Intent, Plan } from '../../../src/model/change';
import { projectConfigSchema } from '../../../src/model/config';
import type { FlagSnapshot } from '../../../src/model/flag';
import { Turns } from '../../../src/flags/turns';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { flagDeps, type FlagWorld } from './flagDeps';
import { TurningClock } from './turningClock';

const never = new AbortController().signal;
const file = '/w/features.yaml';
const qa = { system: 'flipt', project: 'shop', name: 'qa' };
const refOf = (key: string) => ({ system: 'flipt', project: 'shop', key });

let world: FlagWorld;
beforeEach(() => {
  world = flagDeps();
});

const systemOf = (source = ['features.yaml'], deps = world.deps): FliptFileSystem => {
  const environment = { name: 'qa', kind: 'live', source };
  const config = projectConfigSchema.parse({ name: 'shop', environments: [environment] });
  const environments = environmentsOf('flipt', config, '/w', { protected: [], unprotected: [] }, memoryPaths);
  const options = { system: 'flipt', project: config, environments, folder: '/w', folders: ['/w'] };
  return new FliptFileSystem(options, deps);
};
const write = (of: string, at = file): Promise<void> =>
  world.files.writeAtomic(at, new TextEncoder().encode(of), 0o600);
const read = async (at = file): Promise<string> =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(await world.files.read(at, 1e6));
const flagOf = async (of: FliptFileSystem, key: string): Promise<FlagSnapshot> => {
  const { flags } = await of.snapshot(never);
  return flags.find(({ ref }) => ref.key === key)!;
};
const planOf = async (of: FliptFileSystem, key: string, intent: Intent): Promise<Plan> =>
  of.plan(refOf(key), qa, intent, (await flagOf(of, key)).states[0]!, never);

it('lines of a text that look like comments belong to it, at the end of a list too', async () => {
  const said = `namespace: shop
flags:
  - key: a
    name: A
    enabled: true
    description: |
      What it does.
      # Who made it
segments: []
`;
  await write(said);
  const of = systemOf();
  const flag = await flagOf(of, 'a');
  expect(flag.description).toBe('What it does.\n# Who made it\n');
  expect(flag.states[0]!.raw).toContain('# Who made it');
  const made = await of.plan(refOf('b'), qa, { kind: 'create', type: 'boolean' }, flag.states[0]!, never);
  expect((await of.apply(made, 'c', never)).kind).toBe('applied');
  expect(await read()).toBe(
    said.replace('\nsegments', '\n  - key: b\n    name: b\n    type: BOOLEAN_FLAG_TYPE\n    enabled: false\nsegments'),
  );
  expect((await flagOf(of, 'a')).description).toBe('What it does.\n# Who made it\n');
});

it('a byte order mark is no indentation', async () => {
  const said =
    '\uFEFFnamespace: shop\nflags:\n  - key: a\n    name: A\n    type: BOOLEAN_FLAG_TYPE\n    enabled: true\n';
  await write(said);
  const of = systemOf();
  expect((await of.snapshot(never)).problems).toEqual([]);
  expect((await flagOf(of, 'a')).states[0]).toMatchObject({
    location: { line: 3 },
    effective: { shares: { true: 1 } },
  });
  const plan = await planOf(of, 'a', { kind: 'switch', on: false });
  expect((await of.apply(plan, 'c', never)).kind).toBe('applied');
  expect(await read()).toBe(said.replace('enabled: true', 'enabled: false'));
});

const banner = `namespace: shop
flags:
  - key: banner
    name: Banner
    enabled: true
    variants: [{ key: blue }, { key: red }]
    rules:
      - segment: insiders
        distributions: [{ variant: red, rollout: 100 }]
      - segment: everyone
        distributions: [{ variant: blue, rollout: 80 }, { variant: red, rollout: 20 }]
`;
const segments = `namespace: shop
segments:
  - key: insiders
    name: Insiders
    match_type: ALL_MATCH_TYPE
    constraints: [{ type: STRING_COMPARISON_TYPE, property: plan, operator: eq, value: beta }]
  - key: everyone
    name: Everyone
    match_type: ANY_MATCH_TYPE
`;

it('segments that another source defines are those of the namespace', async () => {
  await write(banner);
  await write(segments, '/w/segments.yaml');
  const of = systemOf(['segments.yaml', 'features.yaml']);
  const { problems } = await of.snapshot(never);
  expect(problems).toEqual([]);
  const [state] = (await flagOf(of, 'banner')).states;
  expect(state).toMatchObject({
    rules: [{ words: 'segment insiders (plan is "beta")' }],
    effective: { defaultShares: { blue: 0.8, red: 0.2 } },
  });
  const plan = await planOf(of, 'banner', { kind: 'percentage', variant: 'red', share: 0.5 });
  expect(plan.after.words).toContain('50% "red"');
  expect((await of.apply(plan, 'c', never)).kind).toBe('applied');
  await world.clock.advance(10_000);
  await write(segments.replace('value: beta', 'value: pro'), '/w/segments.yaml');
  const [later] = (await flagOf(of, 'banner')).states;
  expect(later).toMatchObject({ rules: [{ words: 'segment insiders (plan is "pro")' }] });
  expect(later?.version).not.toBe(state?.version);
});

it('many flags of a segment in another file are put together in turns, and each segment is fingerprinted once', async () => {
  const keys = Array.from({ length: 50 }, (_, at) => `f${String(at)}`);
  const rollouts = 'rollouts: [{ segment: { key: insiders, value: true } }]';
  const flags = keys.map((key) => `  - key: ${key}\n    name: F\n    type: BOOLEAN_FLAG_TYPE\n    ${rollouts}\n`);
  await write(`namespace: shop\nflags:\n${flags.join('')}`);
  const ids = Array.from({ length: 5_000 }, (_, at) => `"user-${String(at)}"`).join(', ');
  await write(
    segments.replace('operator: eq, value: beta', `operator: isoneof, value: '[${ids}]'`),
    '/w/segments.yaml',
  );
  const clock = new TurningClock(10);
  let hashed = 0;
  const hash = {
    random: (bytes: number) => world.deps.hash.random(bytes),
    sha256: (text: string | Uint8Array) => {
      hashed += text.length;
      return world.deps.hash.sha256(text);
    },
  };
  const of = systemOf(['segments.yaml', 'features.yaml'], { ...world.deps, clock, hash });
  const { flags: found, problems } = await of.snapshot(never);
  expect(problems).toEqual([]);
  expect(found).toHaveLength(keys.length);
  // Read, put together, looked through for segments that there are none of, and shown.
  expect(clock.rests).toBeGreaterThanOrEqual(4 * keys.length);
  expect(hashed).toBeLessThan(5 * ids.length);
});

it.each([
  ['its own file', '/w/features.yaml', ['features.yaml'], banner + segments.slice(segments.indexOf('segments:'))],
  ['another source', '/w/segments.yaml', ['segments.yaml', 'features.yaml'], segments],
])(
  'is not changed as planned where a segment that it names is another by now, of %s',
  async (_where, at, source, said) => {
    await write(banner);
    await write(said, at);
    const of = systemOf(source);
    const intent = { kind: 'percentage', variant: 'red', share: 0.5 } as const;
    const plan = await planOf(of, 'banner', intent);
    const before = await read();
    const changed = said.replace('match_type: ANY_MATCH_TYPE', 'match_type: ANY_MATCH_TYPE\n    constraints: []');
    await write(changed, at);
    // It says the same in other words.
    const again = await planOf(of, 'banner', intent);
    await write(said.replace('value: beta', 'value: pro'), at);
    const result = await of.apply(again, 'c', never);
    expect(result).toMatchObject({ kind: 'conflict', words: expect.stringContaining('"insiders"') as string });
    expect(await of.apply(plan, 'c', never)).toMatchObject({ kind: 'conflict' });
    await write(changed, at);
    if (at !== file) expect(await read()).toBe(before);
    expect((await of.apply(plan, 'c', never)).kind).toBe('applied');
    const undo = await of.planUndo(plan, never);
    expect((await of.apply(undo, 'd', never)).kind).toBe('applied');
  },
);

it.each([
  ['1.2', 'default', 'variants: [{ key: blue, default: true }]'],
  ['1.2', 'metadata', 'metadata: { owner: pay }'],
  ['1.0', 'type', 'type: VARIANT_FLAG_TYPE'],
])('a file of version %s has no "%s": Flipt refuses it', async (version, name, said) => {
  const of = systemOf();
  const file = (is: string): string =>
    `version: "${is}"\nnamespace: shop\nflags:\n  - key: a\n    name: A\n    enabled: true\n    ${said}\n`;
  await write(file(version));
  const { problems } = await of.snapshot(never);
  expect(problems).toMatchObject([{ severity: 'error', line: 7, key: 'a' }]);
  expect(problems[0]!.message).toContain(`no "${name}" before version 1.`);
  await world.clock.advance(10_000);
  await write(file('1.3'));
  expect((await of.snapshot(never)).problems).toEqual([]);
});

it('a flag that does not say that it is enabled is off already', async () => {
  await write('namespace: shop\nflags:\n  - key: a\n    name: A\n    type: BOOLEAN_FLAG_TYPE\n');
  await expect(planOf(systemOf(), 'a', { kind: 'switch', on: false })).rejects.toMatchObject({ reason: 'nothingToDo' });
  await expect(planOf(systemOf(), 'a', { kind: 'kill' })).rejects.toMatchObject({ reason: 'nothingToDo' });
});

it('the only flag of a document is not taken out of it, though another document of the namespace has flags', async () => {
  const flag = (key: string): string =>
    `  - key: ${key}\n    name: ${key}\n    type: BOOLEAN_FLAG_TYPE\n    enabled: false\n`;
  const said = `namespace: shop\nflags:\n${flag('a')}---\nnamespace: shop\nflags:\n${flag('b')}`;
  await write(said);
  const of = systemOf();
  const seen = (await flagOf(of, 'a')).states[0]!;
  const made = await of.plan(refOf('new'), qa, { kind: 'create', type: 'boolean' }, seen, never);
  expect((await of.apply(made, 'c', never)).kind).toBe('applied');
  // Somebody takes the other flag of its document out.
  await write((await read()).replace(flag('b'), ''));
  const undo = await of.planUndo(made, never);
  const before = await read();
  expect(await of.apply(undo, 'd', never)).toMatchObject({ kind: 'refused' });
  expect(await read()).toBe(before);
});

it('a document whose parts stand on each other is parsed whole once', async () => {
  const said = `x-name: &shop shop
namespace: *shop
flags:
  - &a { key: a, name: &name A }
  - { key: b, name: *name }
segments:
  - { key: s, name: *name, match_type: ANY_MATCH_TYPE }
`;
  const whole: string[] = [];
  const counted: typeof yaml = {
    ...yaml,
    parseDocument: ((text: string, options: object) => {
      if (text === said) whole.push(text);
      return yaml.parseDocument(text, options);
    }) as typeof yaml.parseDocument,
  };
  const [document] = await readDocuments(said, counted, new Turns(world.deps.clock), never);
  expect(document).toMatchObject({ namespace: 'shop', flags: [{ tied: true }, { tied: true }] });
  expect(document?.segments).toMatchObject([{ name: 'A' }]);
  expect(whole).toHaveLength(1);
  const tied = 'version: &v "1.4"\nnamespace: *v\nflags: []\n';
  expect(await readDocuments(tied, yaml, new Turns(world.deps.clock), never)).toMatchObject([{ namespace: '1.4' }]);
});
