import fc from 'fast-check';
import * as yaml from 'yaml';
import { beforeEach, describe, expect, it } from 'vitest';
import { detectFlagFiles, proposeConfiguration } from '../../../src/flags/detect';
import { environmentsOf } from '../../../src/flags/environments';
import { FliptFileSystem } from '../../../src/flags/flipt/fileSystem';
import { parseFliptFile } from '../../../src/flags/flipt/flagFile';
import { keysOfFlagFile } from '../../../src/flags/flagFileKeys';
import { Turns } from '../../../src/flags/turns';
import { TextSyntaxError } from '../../../src/flags/textSyntax';
import { hintsIn } from '../../../src/flags/workspaceHints';
import { parseConfiguration } from '../../../src/flags/configuration';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { projectConfigSchema } from '../../../src/model/config';
import type { Intent } from '../../../src/model/change';
import type { FlagSnapshot } from '../../../src/model/flag';
import type { Http, HttpRequest } from '../../../src/platform/http';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { flagDeps, type FlagWorld } from './flagDeps';
import { TurningClock } from './turningClock';

const never = new AbortController().signal;
const file = '/w/features.yaml';
const qa = { system: 'flipt', project: 'shop', name: 'qa' };
const refOf = (key: string) => ({ system: 'flipt', project: 'shop', key });
const text = `# Features of the shop.
version: "1.4"
namespace:
  key: shop
  name: Shop
flags:
  - key: checkout # new
    name: "Checkout"
    type: BOOLEAN_FLAG_TYPE
    description: The new checkout
    enabled: false # for all others
    metadata:
      owner: pay
      tags: [web]
    rollouts:
      - description: insiders first
        segment:
          key: insiders
          value: true
      - threshold:
          percentage: 25 # since May
          value: true

  - key: banner
    name: Banner
    type: VARIANT_FLAG_TYPE
    enabled: true
    variants:
      - key: blue
        default: true
      - key: red
        name: 'Red'
      - key: off
        attachment: { size: 1 }
    rules:
      - segment: insiders
        distributions:
          - variant: red
            rollout: 100
      - segment: everyone
        distributions:
          - variant: blue
            rollout: 80
          - variant: red
            rollout: 20
  - key: plain
    name: Plain
    type: BOOLEAN_FLAG_TYPE
    enabled: true
segments:
  - key: insiders
    name: Insiders
    match_type: ALL_MATCH_TYPE
    constraints:
      - type: STRING_COMPARISON_TYPE
        property: plan
        operator: eq
        value: beta
      - type: ENTITY_ID_COMPARISON_TYPE
        property: entity
        operator: isoneof
        value: '["u1", "u2"]'
  - key: everyone
    name: Everyone
    match_type: ANY_MATCH_TYPE
`;

let world: FlagWorld;
const systemOf = (environment: object = {}, deps = world.deps): FliptFileSystem => {
  const config = projectConfigSchema.parse({
    name: 'shop',
    environments: [{ name: 'qa', kind: 'live', source: ['features.yaml'], ...environment }],
  });
  const environments = environmentsOf('flipt', config, '/w', { protected: [], unprotected: [] }, memoryPaths);
  return new FliptFileSystem({ system: 'flipt', project: config, environments, folder: '/w', folders: ['/w'] }, deps);
};
const write = (of: string, at = file): Promise<void> =>
  world.files.writeAtomic(at, new TextEncoder().encode(of), 0o600);
const read = async (at = file): Promise<string> => new TextDecoder().decode(await world.files.read(at, 1e6));
const flagOf = async (of: FliptFileSystem, key: string): Promise<FlagSnapshot> => {
  const { flags } = await of.snapshot(never);
  return flags.find(({ ref }) => ref.key === key)!;
};
const planOf = async (of: FliptFileSystem, key: string, intent: Intent) =>
  of.plan(refOf(key), qa, intent, (await flagOf(of, key)).states[0]!, never);

beforeEach(() => {
  world = flagDeps();
});

describe('a file of features', () => {
  it('is read: rollouts, rules and segments in words, shares, owner and place', async () => {
    await write(text);
    const of = systemOf();
    const checkout = await flagOf(of, 'checkout');
    expect(checkout).toMatchObject({ description: 'The new checkout', owner: 'pay', tags: ['web'], type: 'boolean' });
    expect(checkout.states[0]).toMatchObject({
      switch: 'none',
      offServes: null,
      offVariant: 'false',
      rules: [
        {
          words: 'segment insiders (plan is "beta" and id is one of "u1", "u2")',
          serve: { kind: 'variant', variant: 'true' },
        },
      ],
      effective: { kind: 'rules', defaultShares: { true: 0.25, false: 0.75 }, randomised: 'partly' },
      location: { path: file, line: 7, endLine: 22 },
      writable: { kind: 'yes' },
    });
    const banner = await flagOf(of, 'banner');
    expect(banner.variants).toEqual([
      { name: 'blue', value: 'blue' },
      { name: 'red', value: 'red' },
      { name: 'off', value: { size: 1 } },
    ]);
    expect(banner.states[0]).toMatchObject({
      switch: 'on',
      offServes: { kind: 'codeDefault' },
      offVariant: 'off',
      effective: { kind: 'rules', defaultShares: { blue: 0.8, red: 0.2, off: 0 }, unreachable: ['off'] },
    });
    expect((await flagOf(of, 'plain')).states[0]?.effective).toMatchObject({ kind: 'everyone', shares: { true: 1 } });
    expect((await of.snapshot(never)).problems).toEqual([]);
  });

  it.each([
    [
      'thresholds count by the same number',
      'enabled: true',
      [
        [10, 'true'],
        [30, 'false'],
      ],
      { true: 0.8, false: 0.2 },
    ],
    [
      'a lower one behind a higher one takes nobody',
      'enabled: false',
      [
        [30, 'true'],
        [10, 'false'],
      ],
      { true: 0.3, false: 0.7 },
    ],
    ['parts of a percent take the whole one', 'enabled: false', [[0.5, 'true']], { true: 0.01, false: 0.99 }],
    ['enabled is a value, not a switch', 'enabled: false', [[100, 'true']], { true: 1, false: 0 }],
  ])('%s', async (_name, enabled, thresholds, shares) => {
    const rollouts = thresholds.map(
      ([percentage, value]) => `      - threshold: { percentage: ${String(percentage)}, value: ${String(value)} }\n`,
    );
    await write(
      `namespace: shop\nflags:\n  - key: a\n    name: a\n    type: BOOLEAN_FLAG_TYPE\n    ${enabled}\n    rollouts:\n${rollouts.join('')}`,
    );
    expect((await flagOf(systemOf(), 'a')).states[0]?.effective.shares).toEqual(shares);
  });

  it('has the flags of one namespace, and says where the project is named after none', async () => {
    await write(`${text}---\nnamespace: default\nflags:\n- key: other\n  name: Other\n`);
    expect((await systemOf().snapshot(never)).flags.map(({ ref }) => ref.key)).toEqual(['checkout', 'banner', 'plain']);
    await write('flags:\n- key: other\n  name: Other\n', '/w/b.features.yml');
    const snapshot = await systemOf({ source: ['b.features.yml'] }).snapshot(never);
    expect(snapshot).toMatchObject({ flags: [], problems: [{ code: 'flipt.namespace', severity: 'warning' }] });
    expect(snapshot.problems[0]!.message).toContain('it has: default');
  });

  it('keeps its last good state while it is malformed, and says where', async () => {
    await write(text);
    const of = systemOf();
    await of.snapshot(never);
    await world.clock.advance(10_000);
    await write(text.replace('tags: [web]', 'tags: [web'));
    const { flags, problems } = await of.snapshot(never);
    expect(flags.map(({ ref }) => ref.key)).toEqual(['checkout', 'banner', 'plain']);
    expect(problems).toMatchObject([{ code: 'flipt.malformed', path: file, severity: 'error' }]);
    expect(problems[0]!.line).toBeGreaterThan(10);
  });

  it('has a bad flag told of at its place with the others alive, and plans say that the file is refused', async () => {
    await write(
      text.replace(
        'segments:\n  - key: insiders\n    name',
        `  - key: bad
    name: Bad
    rules:
      - segment: everyone
        distributions:
          - variant: none
            rollout: 100
  - key: worse
    name: Worse
    rollout: []
  - key: nested
    name: Nested
    enabled: yes
segments:
  - key: insiders
    name`,
      ),
    );
    const of = systemOf();
    const { flags, problems } = await of.snapshot(never);
    expect(flags.map(({ ref, unreadable }) => [ref.key, unreadable !== null])).toEqual([
      ['checkout', false],
      ['banner', false],
      ['plain', false],
      ['bad', true],
      ['worse', true],
      ['nested', true],
    ]);
    expect(problems.map(({ line, key }) => [line, key])).toEqual([
      [55, 'bad'],
      [59, 'worse'],
      [62, 'nested'],
    ]);
    const plan = await planOf(of, 'plain', { kind: 'kill' });
    expect(plan.notes[0]).toMatch(/reaches nobody until its file is mended/);
  });

  it('says which segment there is none of', async () => {
    await write(text.replace('segment: everyone', 'segment: nobody'));
    const of = systemOf();
    const { problems } = await of.snapshot(never);
    expect(problems).toMatchObject([{ code: 'flipt.segment', key: 'banner', severity: 'error' }]);
    expect((await planOf(of, 'plain', { kind: 'kill' })).notes[0]).toMatch(/reaches nobody .* "nobody"/);
  });

  it('in JSON says what to do', async () => {
    await write('{"flags": []}', '/w/features.json');
    await expect(systemOf({ source: ['features.json'] }).snapshot(never)).resolves.toMatchObject({
      flags: [],
      problems: [{ message: expect.stringContaining('JSON is not read here') as string }],
    });
  });

  it('is refused or read whatever it says, without a throw of another kind', { timeout: 60_000 }, async () => {
    const member = fc.constantFrom('flags', 'segments', 'namespace', 'version', 'x');
    const field = fc.constantFrom(
      'key',
      'name',
      'type',
      'enabled',
      'variants',
      'rules',
      'rollouts',
      'default',
      'segment',
    );
    const item = fc.dictionary(field, fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true });
    const whole = fc.dictionary(member, fc.oneof(fc.array(item, { maxLength: 4 }), fc.jsonValue({ maxDepth: 1 })), {
      noNullPrototype: true,
    });
    const parse = (written: string) =>
      parseFliptFile(file, { text: written, hash: '' }, 'default', world.deps, new Turns(world.clock), never);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          whole.map((value) => yaml.stringify(value)),
          whole.map((value) => yaml.stringify(value, { indentSeq: false })),
          fc.string(),
          fc
            .tuple(fc.nat(text.length), fc.nat(text.length))
            .map(([a, b]) => text.slice(Math.min(a, b), Math.max(a, b))),
        ),
        async (written) => {
          try {
            const { definitions } = await parse(written);
            for (const { offset, text: own } of definitions.values())
              expect(written.slice(offset, offset + own.length)).toBe(own);
          } catch (error) {
            if (!(error instanceof TextSyntaxError)) throw error;
            expect(error.offset).toBeLessThanOrEqual(written.length);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is read alike however its lists are written', { timeout: 60_000 }, async () => {
    const parsed = yaml.parse(text) as Record<string, unknown>;
    const shapes = [
      text,
      text.replaceAll('\n', '\r\n'),
      yaml.stringify(parsed, { indentSeq: false }),
      yaml.stringify(parsed, { indent: 4 }),
      yaml.stringify(parsed, { collectionStyle: 'flow' }),
      JSON.stringify(parsed),
      `--- # first\n${text}`,
    ];
    const seen = [];
    for (const shape of shapes) {
      world = flagDeps();
      await write(shape);
      const { flags, problems } = await systemOf().snapshot(never);
      expect(problems).toEqual([]);
      seen.push(flags.map(({ ref, states: [state] }) => [ref.key, state!.effective, state!.rules]));
    }
    for (const one of seen) expect(one).toEqual(seen[0]);
  });
});

describe('the Flipt that serves a file of features', () => {
  it('is asked in its namespace and environment what it gives', async () => {
    await write(text);
    const asked: HttpRequest[] = [];
    const answers: Record<string, object> = {
      checkout: { key: 'checkout', reason: 'DEFAULT', variant: 'false', value: false },
      banner: { key: 'banner', reason: 'DISABLED', variant: 'blue', value: 'blue' },
      plain: { key: 'plain', reason: 'DEFAULT', variant: '', value: '' },
    };
    const http: Http = {
      request: (request) => {
        asked.push(request);
        const body = new TextEncoder().encode(JSON.stringify(answers[request.url.split('/').at(-1)!]));
        return Promise.resolve({ status: 200, headers: {}, body });
      },
    };
    const of = systemOf({ ofrep: 'http://flipt.test' }, { ...world.deps, remotes: memoryRemotes(http) });
    expect(of.describe(qa).evaluate).toBe(true);
    expect(await of.evaluate(refOf('checkout'), qa, { targetingKey: 'u' })).toMatchObject({
      variant: 'false',
      value: false,
    });
    expect(await of.evaluate(refOf('banner'), qa, {})).toMatchObject({ variant: null, value: null });
    expect(await of.evaluate(refOf('plain'), qa, {})).toMatchObject({ variant: null, value: null });
    expect(asked[0]?.headers).toMatchObject({ 'x-flipt-namespace': 'shop', 'x-flipt-environment': 'qa' });
  });
});

describe('a Flipt that has other environments', () => {
  it('is not believed: asked for one that it does not have it answers for its default one', async () => {
    await write(text);
    let environments: object | null = { environments: [{ key: 'default' }, { key: 'prod' }] };
    const http: Http = {
      request: ({ url }) => {
        const evaluation = { key: 'checkout', reason: 'DEFAULT', variant: 'true', value: true };
        const isList = url.endsWith('/api/v2/environments');
        const body = new TextEncoder().encode(JSON.stringify(isList ? environments : evaluation));
        return Promise.resolve({ status: isList && !environments ? 404 : 200, headers: {}, body });
      },
    };
    const asked = () =>
      systemOf({ ofrep: 'http://flipt.test' }, { ...world.deps, remotes: memoryRemotes(http) }).evaluate(
        refOf('checkout'),
        qa,
        {},
      );
    await expect(asked()).rejects.toThrow('has no environment "qa", and answers for another. It has: default, prod.');
    environments = { environments: [{ key: 'qa' }] };
    expect(await asked()).toMatchObject({ variant: 'true' });
    environments = null;
    expect(await asked()).toMatchObject({ variant: 'true' });
  });
});

describe('a change of a file of features', () => {
  const applied = async (of: FliptFileSystem, key: string, intent: Intent) => {
    const plan = await planOf(of, key, intent);
    await expect(of.apply(plan, 'c1', never)).resolves.toMatchObject({ kind: 'applied' });
    return plan;
  };

  it('gives another percentage, and touches nothing else', async () => {
    await write(text);
    const of = systemOf();
    const plan = await applied(of, 'checkout', { kind: 'percentage', variant: 'true', share: 0.5 });
    expect(plan).toMatchObject({ direction: 'up', precondition: { kind: 'compareThenWrite' } });
    expect(plan.notes).toContain('Rules stay and go first: 1.');
    expect(await read()).toBe(text.replace('percentage: 25 #', 'percentage: 50 #'));
    const undo = await of.planUndo(plan, never);
    await of.apply(undo, 'c2', never);
    expect(await read()).toBe(text);
  });

  it('is settled among the segments of the other sources: what became of it has the version that is shown', async () => {
    const at = text.indexOf('segments:');
    await write(text.slice(0, at));
    await write(`namespace: shop\n${text.slice(at)}`, '/w/segments.features.yaml');
    const of = systemOf({ source: ['features.yaml', 'segments.features.yaml'] });
    const plan = await applied(of, 'banner', { kind: 'switch', on: false });
    const version = (await flagOf(of, 'banner')).states[0]!.version;
    expect(await of.inquire(plan, never)).toEqual({ kind: 'applied', version });
  });

  it('gives a boolean flag a threshold that has none, in the style of the file', async () => {
    await write(text);
    const of = systemOf();
    await applied(of, 'plain', { kind: 'percentage', variant: 'true', share: 0.1 });
    expect(await read()).toBe(
      text.replace(
        'type: BOOLEAN_FLAG_TYPE\n    enabled: true\n',
        'type: BOOLEAN_FLAG_TYPE\n    enabled: false\n    rollouts:\n      - threshold:\n          percentage: 10\n          value: true\n',
      ),
    );
    expect((await flagOf(of, 'plain')).states[0]?.effective.shares).toEqual({ true: 0.1, false: 0.9 });
  });

  it('splits a variant flag in the rule that holds everyone', async () => {
    await write(text);
    const of = systemOf();
    const plan = await applied(of, 'banner', { kind: 'percentage', variant: 'red', share: 0.1 });
    expect(await read()).toBe(
      text.replace('rollout: 20\n', 'rollout: 10\n          - variant: "off"\n            rollout: 10\n'),
    );
    expect(plan.after.shares).toBeNull();
  });

  it('switches a variant flag off and on, rules kept', async () => {
    await write(text);
    const of = systemOf();
    const plan = await applied(of, 'banner', { kind: 'switch', on: false });
    expect(plan).toMatchObject({ direction: 'off' });
    expect(plan.notes.join()).toMatch(/default in the code/);
    expect((await flagOf(of, 'banner')).states[0]).toMatchObject({ switch: 'off', effective: { kind: 'codeDefault' } });
    await applied(of, 'banner', { kind: 'switch', on: true });
    expect(await read()).toBe(text);
  });

  it('switches a boolean flag by its value, and says that rollouts go first', async () => {
    await write(text);
    const of = systemOf();
    const plan = await applied(of, 'checkout', { kind: 'switch', on: true });
    expect(plan.notes.join()).toMatch(/Rollouts stay and go first: 2/);
    expect(await read()).toBe(text.replace('enabled: false # for', 'enabled: true # for'));
  });

  it('kills: everyone gets the off variant, whatever the rules said', async () => {
    await write(text);
    const of = systemOf();
    for (const [key, off] of [
      ['checkout', 'false'],
      ['banner', 'off'],
      ['plain', 'false'],
    ] as const) {
      const plan = await applied(of, key, { kind: 'kill' });
      expect(plan).toMatchObject({ direction: 'off', after: { shares: { [off]: 1 } } });
    }
    const killed = await read();
    expect(killed).toContain('# new');
    expect(killed).not.toContain('rollouts');
    expect(killed).not.toContain('distributions');
    expect(killed.slice(killed.indexOf('segments:'))).toBe(text.slice(text.indexOf('segments:')));
  });

  it('makes a flag at the end of the list, and takes it back', async () => {
    await write(text);
    const of = systemOf();
    const absent = (await flagOf(of, 'plain')).states[0]!;
    const plan = await of.plan(refOf('fresh'), qa, { kind: 'create', type: 'boolean' }, absent, never);
    await expect(of.apply(plan, 'c1', never)).resolves.toMatchObject({ kind: 'applied' });
    expect(await read()).toBe(
      text.replace(
        'segments:\n  - key: insiders\n    name',
        '  - key: fresh\n    name: fresh\n    type: BOOLEAN_FLAG_TYPE\n    enabled: false\nsegments:\n  - key: insiders\n    name',
      ),
    );
    expect((await flagOf(of, 'fresh')).states[0]?.effective).toMatchObject({ kind: 'everyone', shares: { false: 1 } });
    await of.apply(await of.planUndo(plan, never), 'c2', never);
    expect(await read()).toBe(text);
  });

  it('is not offered in steps that Flipt does not have, in shared text, or without an off variant', async () => {
    await write(text);
    const of = systemOf();
    await expect(planOf(of, 'checkout', { kind: 'percentage', variant: 'true', share: 0.005 })).rejects.toThrow(
      /steps of 1%/,
    );
    await expect(planOf(of, 'banner', { kind: 'percentage', variant: 'red', share: 0.0005 })).rejects.toThrow(
      /steps of 0.1%/,
    );
    await expect(planOf(of, 'banner', { kind: 'percentage', variant: 'none', share: 0.5 })).rejects.toThrow(
      /no variant/,
    );
    await world.clock.advance(10_000);
    await write(text.replace('- key: off\n', '- key: aus\n').replace('metadata:\n', 'metadata: &m\n'));
    await expect(planOf(of, 'banner', { kind: 'kill' })).rejects.toThrow(/no off variant/);
    await expect(planOf(of, 'checkout', { kind: 'kill' })).rejects.toThrow(/shares text/);
    await world.clock.advance(10_000);
    await write(text.replace('"1.4"', '"1.2"').replace('        default: true\n', ''));
    await expect(planOf(of, 'banner', { kind: 'kill' })).rejects.toThrow(/Before version 1.3/);
  });

  it('is a conflict where somebody else was quicker, and keeps what was changed elsewhere in the file', async () => {
    await write(text);
    const of = systemOf();
    const plan = await planOf(of, 'checkout', { kind: 'percentage', variant: 'true', share: 0.5 });
    await write(text.replace('name: Plain', 'name: Changed'));
    await expect(of.apply(plan, 'c1', never)).resolves.toMatchObject({ kind: 'applied' });
    expect(await read()).toContain('name: Changed');
    await expect(of.apply(plan, 'c1', never)).resolves.toMatchObject({ kind: 'applied' });
    const second = await planOf(of, 'checkout', { kind: 'kill' });
    await write((await read()).replace('percentage: 50', 'percentage: 60'));
    const result = await of.apply(second, 'c2', never);
    expect(result).toMatchObject({ kind: 'conflict', theirs: expect.stringContaining('percentage: 60') as string });
    await expect(of.planUndo(plan, never)).rejects.toThrow(/changed since/);
  });

  it('does what is planned to any flag, in any way of writing, and back', { timeout: 120_000 }, async () => {
    const share = fc.integer({ min: 0, max: 100 });
    const rollout = fc.oneof(
      fc.record({ threshold: fc.record({ percentage: share, value: fc.boolean() }) }),
      fc.record({ segment: fc.record({ key: fc.constantFrom('s', 'all'), value: fc.boolean() }) }),
    );
    const boolean = fc.record(
      {
        key: fc.constant('a'),
        name: fc.constant('A flag'),
        type: fc.constant('BOOLEAN_FLAG_TYPE'),
        enabled: fc.boolean(),
        rollouts: fc.array(rollout, { maxLength: 3 }),
      },
      { requiredKeys: ['key', 'name', 'type'] },
    );
    const rule = fc.record({
      segment: fc.oneof(
        fc.constantFrom('s', 'all'),
        fc.constant({ keys: ['s', 'all'], operator: 'AND_SEGMENT_OPERATOR' }),
      ),
      distributions: fc.oneof(
        fc.constant([{ variant: 'on', rollout: 100 }]),
        share.map((part) => [
          { variant: 'on', rollout: part },
          { variant: 'off', rollout: 100 - part },
        ]),
      ),
    });
    const variant = fc.record(
      {
        key: fc.constant('a'),
        name: fc.constant('A flag'),
        type: fc.constant('VARIANT_FLAG_TYPE'),
        enabled: fc.boolean(),
        variants: fc.constantFrom(
          [{ key: 'on', default: true }, { key: 'off' }],
          [{ key: 'on' }, { key: 'off', name: 'Off' }, { key: 'third' }],
        ),
        rules: fc.array(rule, { maxLength: 3 }),
      },
      { requiredKeys: ['key', 'name', 'type', 'variants'] },
    );
    const intents = fc.oneof(
      fc.constant<Intent>({ kind: 'kill' }),
      fc.boolean().map((on): Intent => ({ kind: 'switch', on })),
      share.map((part): Intent => ({ kind: 'percentage', variant: 'on', share: part / 100 })),
      fc.constant<Intent>({ kind: 'defaultVariant', variant: 'on' }),
    );
    const styles = [{ indentSeq: false }, { indent: 4 }, { collectionStyle: 'flow' as const }, {}];
    const segments = [
      {
        key: 's',
        name: 'S',
        match_type: 'ALL_MATCH_TYPE',
        constraints: [{ type: 'STRING_COMPARISON_TYPE', property: 'p', operator: 'eq', value: '1' }],
      },
      { key: 'all', name: 'All', match_type: 'ALL_MATCH_TYPE' },
    ];
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(boolean, variant),
        intents,
        fc.constantFrom(...styles),
        fc.boolean(),
        async (flag, wanted, style, crlf) => {
          world = flagDeps();
          const isBoolean = flag.type === 'BOOLEAN_FLAG_TYPE';
          const intent: Intent =
            isBoolean && (wanted.kind === 'percentage' || wanted.kind === 'defaultVariant')
              ? { ...wanted, variant: 'true' }
              : wanted;
          const value = {
            version: '1.4',
            namespace: 'shop',
            flags: [{ key: 'b', name: 'B' }, flag, { key: 'c', name: 'C' }],
            segments,
          };
          const plain = `# top\n${yaml.stringify(value, style)}# end\n`;
          const written = crlf ? plain.replaceAll('\n', '\r\n') : plain;
          await write(written);
          const of = systemOf();
          let plan;
          try {
            plan = await planOf(of, 'a', intent);
          } catch (error) {
            // Nothing to do, or what Flipt cannot say.
            if ((error as Error).name === 'PlanError') {
              expect((error as Error).message).not.toMatch(/cannot be edited safely/);
              return;
            }
            throw error;
          }
          changed++;
          await expect(of.apply(plan, 'c1', never)).resolves.toMatchObject({ kind: 'applied' });
          const after = yaml.parse(await read()) as typeof value;
          expect({ ...after, flags: [after.flags[0], after.flags[2]] }).toEqual({
            ...value,
            flags: [value.flags[0], value.flags[2]],
          });
          const state = (await flagOf(of, 'a')).states[0]!;
          if (intent.kind === 'kill')
            expect(state.effective).toMatchObject({ kind: 'everyone', shares: { [isBoolean ? 'false' : 'off']: 1 } });
          if (intent.kind === 'percentage')
            expect(state.effective.defaultShares?.[intent.variant]).toBeCloseTo(intent.share, 3);
          const undo = await of.planUndo(plan, never);
          await expect(of.apply(undo, 'c2', never)).resolves.toMatchObject({ kind: 'applied' });
          expect(await read()).toBe(written);
        },
      ),
      { numRuns: 150 },
    );
    expect(changed).toBeGreaterThan(40);
  });
});

describe('files of features in a workspace', () => {
  it('are found, and proposed as projects of their namespaces', async () => {
    await write(text, '/w/prod/features.yaml');
    await write(text, '/w/dev/features.yml');
    await write('flags:\n- key: "a"\n  name: A\n', '/w/mobile.features.yaml');
    await write('on: push\njobs: {}\n', '/w/ci/features.yaml');
    const paths = ['/w/prod/features.yaml', '/w/dev/features.yml', '/w/mobile.features.yaml', '/w/ci/features.yaml'];
    const found = await detectFlagFiles(paths, world.deps, never);
    expect(found.map(({ path, type, namespace, keys }) => [path, type, namespace, keys])).toEqual([
      ['/w/dev/features.yml', 'flipt', 'shop', ['checkout', 'banner', 'plain']],
      ['/w/mobile.features.yaml', 'flipt', 'default', ['a']],
      ['/w/prod/features.yaml', 'flipt', 'shop', ['checkout', 'banner', 'plain']],
    ]);
    const { systems } = proposeConfiguration('/w', found, world.deps);
    expect(systems).toMatchObject([
      {
        id: 'flipt',
        type: 'flipt',
        projects: [
          {
            name: 'shop',
            environments: [
              { name: 'dev', source: ['dev/features.yml'] },
              { name: 'prod', source: ['prod/features.yaml'] },
            ],
          },
          { name: 'default', environments: [{ name: 'mobile', source: ['mobile.features.yaml'] }] },
        ],
      },
    ]);
  });

  it('are told of where their keys stand', async () => {
    await write(text);
    const keys = (await keysOfFlagFile(file, world.deps, never))?.keys;
    expect(keys?.[0]).toEqual({ key: 'checkout', line: 7, column: 10, endColumn: 18 });
    await write(
      'flags:\n  - name: "key: no"\n    variants:\n      - key: blue\n    key: b\n  - name: C\n    "key": "c" # d\n',
    );
    expect((await keysOfFlagFile(file, world.deps, never))?.keys).toEqual([
      { key: 'b', line: 5, column: 10, endColumn: 11 },
      { key: 'c', line: 7, column: 12, endColumn: 15 },
    ]);
    await write('flags: [{ key: "a", name: A }]\n');
    expect((await keysOfFlagFile(file, world.deps, never))?.keys).toEqual([
      { key: 'a', line: 1, column: 16, endColumn: 19 },
    ]);
    await write('flags:\n  - &base\n    key: a\n    name: A\n  - <<: *base\n    name: B\n    description: C\n');
    expect((await keysOfFlagFile(file, world.deps, never))?.keys).toEqual([
      { key: 'a', line: 3, column: 10, endColumn: 11 },
      { key: 'a', line: 5, column: 3, endColumn: 4 },
    ]);
  });

  it('have the places of their keys looked for in turns too', async () => {
    const clock = new TurningClock(10);
    const keys = Array.from({ length: 50 }, (_, at) => `f${String(at)}`);
    await write(`flags:\n${keys.map((key) => `- key: ${key}\n  name: F\n`).join('')}`);
    const found = await keysOfFlagFile(file, { ...world.deps, clock }, never);
    expect(found?.keys.map(({ key }) => key)).toEqual(keys);
    expect(clock.rests).toBeGreaterThanOrEqual(2 * keys.length);
  });

  it.each([
    ['compose.yaml', 'a:\n  image: docker.flipt.io/flipt/flipt:v2\n  ports: ["8081:8080"]\n', 'http://localhost:8081'],
    ['.env.local', 'FLIPT_URL=https://flags.acme.dev/flipt\nFLIPT_TOKEN=secret\n', 'https://flags.acme.dev/flipt'],
    ['package.json', '{"dependencies": {"@flipt-io/flipt-client-js": "1"}}', null],
    ['package.json', '{"dependencies": {"@openfeature/flipt-provider": "1"}}', null],
    ['go.mod', 'require go.flipt.io/flipt-client v1.0.0\n', null],
    ['requirements.txt', 'flask\nflipt-client==1.4.5\n', null],
  ])('and servers are hinted at by %s', (name, said, url) => {
    expect(hintsIn(name, said)).toMatchObject([{ system: 'flipt', url }]);
  });

  it('need a source, or the server an address', () => {
    const of = (system: object) =>
      parseConfiguration(
        '/w/.sightglass.json',
        JSON.stringify({ systems: [{ id: 'f', type: 'flipt', ...system }] }),
        memoryL10n,
      ).problems;
    const projects = [{ name: 'shop', environments: [{ name: 'production' }] }];
    expect(of({ projects })).toMatchObject([{ message: expect.stringContaining('names no source') as string }]);
    expect(of({ projects, url: 'http://localhost:8080' })).toEqual([]);
  });
});
