import fc from 'fast-check';
import * as yaml from 'yaml';
import { beforeEach, describe, expect, it } from 'vitest';
import { detectFlagFiles, proposeConfiguration } from '../../../src/flags/detect';
import { environmentsOf } from '../../../src/flags/environments';
import { keysOfFlagFile } from '../../../src/flags/flagFileKeys';
import { parseGoffFile } from '../../../src/flags/goff/flagFile';
import { queryWords } from '../../../src/flags/goff/queryWords';
import { GoffSystem } from '../../../src/flags/goff/system';
import { RelaySource } from '../../../src/flags/goff/relaySource';
import { Turns } from '../../../src/flags/turns';
import { hintsIn } from '../../../src/flags/workspaceHints';
import { projectConfigSchema } from '../../../src/model/config';
import type { Intent } from '../../../src/model/change';
import type { FlagSnapshot } from '../../../src/model/flag';
import { HttpError, type HttpResponse } from '../../../src/platform/http';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { flagDeps, type FlagWorld } from './flagDeps';

const never = new AbortController().signal;
const file = '/w/flags.yaml';
const qa = { system: 'goff', project: 'shop', name: 'qa' };
const refOf = (key: string) => ({ system: 'goff', project: 'shop', key });
const text = `# Flags of the shop.
checkout: # new
  variations:
    on: true
    off: false # the old one
  targeting:
    - name: beta
      query: beta eq true and country in ["no", "se"] # insiders
      variation: on
  defaultRule:
    percentage:
      on: 25
      off: 75
  version: "3"
  metadata:
    description: The new checkout
    owner: pay
    tags: [web]

banner:
  variations: { blue: b, red: r }
  defaultRule: { variation: blue }
`;

let world: FlagWorld;
const systemOf = (environment: object = {}, deps = world.deps): GoffSystem => {
  const config = projectConfigSchema.parse({
    name: 'shop',
    environments: [{ name: 'qa', kind: 'live', source: ['flags.yaml'], ...environment }],
  });
  const environments = environmentsOf('goff', config, '/w', { protected: [], unprotected: [] }, memoryPaths);
  return new GoffSystem({ system: 'goff', project: config, environments, folder: '/w', folders: ['/w'] }, deps);
};
const write = (of: string, at = file): Promise<void> =>
  world.files.writeAtomic(at, new TextEncoder().encode(of), 0o600);
const read = async (at = file): Promise<string> => new TextDecoder().decode(await world.files.read(at, 1e6));
const flagOf = async (of: GoffSystem, key: string): Promise<FlagSnapshot> => {
  const { flags } = await of.snapshot(never);
  return flags.find(({ ref }) => ref.key === key)!;
};
const planOf = async (of: GoffSystem, key: string, intent: Intent) =>
  of.plan(refOf(key), qa, intent, (await flagOf(of, key)).states[0]!, never);

beforeEach(() => {
  world = flagDeps();
});

describe('a flag file of GO Feature Flag', () => {
  it('may start with a byte order mark, which is no indentation', async () => {
    const flag = (key: string): string =>
      `${key}:\n  variations: { new: true, old: false }\n  defaultRule:\n    variation: new\n`;
    const said = `\uFEFF${flag('a')}${flag('b')}`;
    await write(said);
    const of = systemOf();
    expect((await of.snapshot(never)).problems).toEqual([]);
    expect((await flagOf(of, 'a')).states[0]).toMatchObject({ location: { line: 1 } });
    const plan = await planOf(of, 'b', { kind: 'defaultVariant', variant: 'old' });
    expect((await of.apply(plan, 'c', never)).kind).toBe('applied');
    const kept = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await world.files.read(file, 1e6));
    expect(kept).toBe(`\uFEFF${flag('a')}${flag('b').replace('variation: new', 'variation: old')}`);
  });

  it('is read with rules, shares, owner and place', async () => {
    await write(text);
    const of = systemOf();
    const flag = await flagOf(of, 'checkout');
    expect(flag).toMatchObject({ description: 'The new checkout', owner: 'pay', tags: ['web'], type: 'boolean' });
    expect(flag.states[0]).toMatchObject({
      switch: 'on',
      offServes: { kind: 'codeDefault' },
      offVariant: 'off',
      rules: [
        { words: 'beta: beta is true and country is one of ["no", "se"]', serve: { kind: 'variant', variant: 'on' } },
      ],
      effective: { kind: 'rules', defaultShares: { on: 0.25, off: 0.75 }, randomised: 'partly' },
      location: { path: file, line: 2 },
      writable: { kind: 'yes' },
    });
    expect((await flagOf(of, 'banner')).states[0]?.effective).toMatchObject({
      kind: 'everyone',
      shares: { blue: 1, red: 0 },
    });
  });

  it('keeps its last good state while it is malformed, and says where', async () => {
    await write(text);
    const of = systemOf();
    await of.snapshot(never);
    await world.clock.advance(10_000);
    await write(text.replace('percentage:', 'percentage: ['));
    const { flags, problems } = await of.snapshot(never);
    expect(flags.map(({ ref }) => ref.key)).toEqual(['checkout', 'banner']);
    expect(problems).toMatchObject([{ code: 'goff.malformed', path: file, severity: 'error' }]);
    expect(problems[0]!.line).toBeGreaterThan(10);
  });

  it('has a bad flag told of at its place, and the others live', async () => {
    await write(
      `${text}bad:\n  variations: { on: true, off: 1 }\n  defaultRule: { variation: none }\nworse:\n  disable: maybe\n`,
    );
    const { flags, problems } = await systemOf().snapshot(never);
    expect(flags.map(({ ref, unreadable }) => [ref.key, unreadable !== null])).toEqual([
      ['checkout', false],
      ['banner', false],
      ['bad', true],
      ['worse', true],
    ]);
    expect(problems.map(({ line, message }) => [line, /leaves it out|refuses the whole/.exec(message)?.[0]])).toEqual([
      [24, 'leaves it out'],
      [27, 'refuses the whole'],
    ]);
  });

  it('in TOML says what to do', async () => {
    await write('x = 1', '/w/flags.toml');
    await expect(systemOf({ source: ['flags.toml'] }).snapshot(never)).resolves.toMatchObject({
      flags: [],
      problems: [{ message: expect.stringContaining('TOML is not read here') as string }],
    });
  });

  it('is refused or read whatever it says, without a throw of another kind', { timeout: 60_000 }, async () => {
    const values = fc.jsonValue({ maxDepth: 4 });
    const field = fc.constantFrom(
      'variations',
      'defaultRule',
      'targeting',
      'disable',
      'experimentation',
      'scheduledRollout',
      'version',
      'metadata',
    );
    const flags = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 5 }),
      fc.oneof(values, fc.dictionary(field, values)),
    );
    await fc.assert(
      fc.asyncProperty(flags, fc.constantFrom('f.yaml', 'f.json'), async (value, name) => {
        const written = name.endsWith('json') ? JSON.stringify(value) : yaml.stringify(value);
        const turns = new Turns(world.clock);
        const found = await parseGoffFile(name, { text: written, hash: 'h' }, world.deps, turns, never);
        expect([...found.definitions.keys()].sort()).toEqual(Object.keys(value).sort());
      }),
      { numRuns: 100 },
    );
  });

  it('goes on by itself: steps and progressive roll-outs are counted, and said', async () => {
    const at = (days: number): string => new Date(world.clock.now() + days * 86_400_000).toISOString();
    await write(
      yaml.stringify({
        a: {
          variations: { on: true, off: false },
          defaultRule: { variation: 'off' },
          scheduledRollout: [{ date: at(1), defaultRule: { percentage: { on: 10, off: 90 } } }],
        },
        b: {
          variations: { on: true, off: false },
          defaultRule: {
            progressiveRollout: {
              initial: { variation: 'off', percentage: 0, date: at(0) },
              end: { variation: 'on', percentage: 100, date: at(4) },
            },
          },
        },
      }),
    );
    const of = systemOf();
    const first = await of.snapshot(never);
    expect((await flagOf(of, 'a')).states[0]?.schedule?.[0]).toMatch(/by its schedule: 10% "on", 90% "off"\.$/);
    await world.clock.advance(86_400_000);
    const later = await of.snapshot(never);
    expect(later.version).not.toBe(first.version);
    expect(later.flags.map(({ states }) => states[0]?.effective.shares?.on)).toEqual([0.1, 0.25]);
  });

  it.each([
    ['a eq "x" or (b gt 3 and not (c pr))', 'a is "x" or (b > 3 and not (c is set))'],
    ['email ew "@in.test"', 'email ends with "@in.test"'],
    ['{"==": [{"var": "plan"}, "pro"]}', 'plan is "pro"'],
    ['note eq "a eq b"', 'note is "a eq b"'],
  ])('has the query %j in words', (query, words) => {
    expect(queryWords(query, memoryL10n)).toBe(words);
  });
});

describe('a change of a flag file of GO Feature Flag', () => {
  const changed = async (key: string, intent: Intent, before = text): Promise<string> => {
    await write(before);
    const of = systemOf();
    const plan = await planOf(of, key, intent);
    expect(await of.apply(plan, 'c', never)).toMatchObject({ kind: 'applied' });
    const after = await read();
    await of.apply(await of.planUndo(plan, never), 'u', never);
    expect(await read()).toBe(before);
    return after;
  };

  it('gives another percentage, and touches nothing else', async () => {
    expect(await changed('checkout', { kind: 'percentage', variant: 'on', share: 0.5 })).toBe(
      text.replace('on: 25', 'on: 50').replace('off: 75', 'off: 50').replace('"3"', '"4"'),
    );
    const split = await changed(
      'banner',
      { kind: 'percentage', variant: 'red', share: 0.125 },
      text
        .replace('red: r', 'off: r')
        .replace('blue: b, off', 'red: b, off')
        .replace('variation: blue', 'variation: off'),
    );
    expect(yaml.parse(split)).toMatchObject({ banner: { defaultRule: { percentage: { red: 12.5, off: 87.5 } } } });
  });

  it('switches off and on by its own switch, rules kept', async () => {
    const off = await changed('checkout', { kind: 'switch', on: false });
    expect(yaml.parse(off)).toMatchObject({ checkout: { disable: true, targeting: [{ name: 'beta' }] } });
    const on = await changed('checkout', { kind: 'switch', on: true }, off);
    expect(yaml.parse(on)).toMatchObject({ checkout: { disable: false } });
  });

  it('serves one variation by default, the rules first', async () => {
    const after = await changed('checkout', { kind: 'defaultVariant', variant: 'on' });
    expect(after).toContain('# insiders');
    expect(yaml.parse(after)).toMatchObject({ checkout: { defaultRule: { variation: 'on' }, version: '4' } });
    expect(after).not.toContain('percentage');
  });

  it('raises a version as it is written: a number stays one, whatever else is called a version in quotes', async () => {
    const before = text
      .replace('version: "3"', 'version: 3')
      .replace('    owner: pay', '    owner: pay\n    version: "7"');
    const after = await changed('checkout', { kind: 'defaultVariant', variant: 'on' }, before);
    expect(yaml.parse(after)).toMatchObject({ checkout: { version: 4, metadata: { version: '7' } } });
    const quoted = before.replace('version: 3', "version: '3'").replace('version: "7"', 'version: 7');
    const kept = await changed('checkout', { kind: 'defaultVariant', variant: 'on' }, quoted);
    expect(yaml.parse(kept)).toMatchObject({ checkout: { version: '4', metadata: { version: 7 } } });
  });

  it('kills: drops rules, schedule and experiment, and serves the off variant to all', async () => {
    const before = text.replace(
      '  version',
      '  disable: true\n  experimentation: { start: 2001-01-01T00:00:00Z, end: 2002-01-01T00:00:00Z }\n  scheduledRollout:\n    - date: 2030-01-01T00:00:00Z\n      defaultRule: { variation: on }\n  version',
    );
    const after = yaml.parse(await changed('checkout', { kind: 'kill' }, before)) as { checkout: object };
    expect(after.checkout).toMatchObject({ defaultRule: { variation: 'off' }, disable: false });
    for (const gone of ['targeting', 'experimentation', 'scheduledRollout'])
      expect(after.checkout).not.toHaveProperty(gone);
  });

  it('is not offered where a step of the schedule decides, where text is shared, or there is no off variant', async () => {
    const step =
      '  scheduledRollout: [{ date: 2001-01-01T00:00:00Z, disable: false, defaultRule: { variation: on } }]\n';
    const stepped = `a:\n  variations: { on: true, off: false }\n  defaultRule: { variation: off }\n${step}`;
    await world.clock.advance(2e12 - world.clock.now());
    await write(
      `${stepped}b: &b\n  variations: { on: true, off: false }\n  defaultRule: { variation: on }\nc: *b\n${text}`,
    );
    const of = systemOf();
    await expect(planOf(of, 'a', { kind: 'defaultVariant', variant: 'off' })).rejects.toMatchObject({
      reason: 'unsupported',
    });
    await expect(planOf(of, 'a', { kind: 'switch', on: false })).rejects.toMatchObject({ reason: 'unsupported' });
    await expect(planOf(of, 'b', { kind: 'kill' })).rejects.toMatchObject({ reason: 'notWritable' });
    await expect(planOf(of, 'banner', { kind: 'kill' })).rejects.toMatchObject({ reason: 'noOffVariant' });
    expect((await planOf(of, 'a', { kind: 'kill' })).direction).toBe('off');
  });

  it('says that nobody gets it while the relay refuses the file for another flag', async () => {
    await write(text.replace('blue: b, red: r }', 'blue: b, red: r }\n  disable: maybe'));
    const { notes } = await planOf(systemOf(), 'checkout', { kind: 'kill' });
    expect(notes[0]).toMatch(/^This change reaches nobody until its file is mended: .*banner/);
  });

  it('is a conflict where somebody else was quicker, and keeps what was changed elsewhere in the file', async () => {
    await write(text);
    const of = systemOf();
    const plan = await planOf(of, 'checkout', { kind: 'kill' });
    await write(text.replace('variation: blue', 'variation: red'));
    expect(await of.apply(plan, 'c', never)).toMatchObject({ kind: 'applied' });
    expect(await read()).toContain('variation: red');
    await write(text.replace('on: 25', 'on: 26'));
    expect(await of.apply(plan, 'c', never)).toMatchObject({ kind: 'conflict' });
  });

  it('says the same of JSON, which stays as it is written', async () => {
    const json = `{\n    "a": {\n        "variations": {"on": true, "off": false},\n        "defaultRule": {"variation": "on"}\n    }\n}\n`;
    await write(json, '/w/f.json');
    const of = systemOf({ source: ['f.json'] });
    const plan = await planOf(of, 'a', { kind: 'kill' });
    await of.apply(plan, 'c', never);
    expect(await read('/w/f.json')).toBe(json.replace('"variation": "on"', '"variation": "off"'));
  });

  it('does what is planned to any flag, in any way of writing, and back', { timeout: 60_000 }, async () => {
    const share = fc.integer({ min: 0, max: 1000 }).map((of) => of / 1000);
    const rule = fc.oneof(
      fc.constantFrom('on', 'off').map((variation) => ({ variation })),
      fc.integer({ min: 0, max: 100 }).map((on) => ({ percentage: { on, off: 100 - on } })),
      fc.constant({
        progressiveRollout: {
          initial: { variation: 'off', percentage: 0, date: '2001-01-01T00:00:00Z' },
          end: { variation: 'on', percentage: 50, date: '2002-01-01T00:00:00Z' },
        },
      }),
    );
    const flag = fc.record(
      {
        variations: fc.constant({ on: true, off: false }),
        targeting: fc.array(
          rule.map((of) => ({ query: 'a eq 1', ...of })),
          { maxLength: 2 },
        ),
        defaultRule: rule,
        disable: fc.boolean(),
        version: fc.constantFrom('1', 'two'),
      },
      { requiredKeys: ['variations', 'defaultRule'] },
    );
    const intent: fc.Arbitrary<Intent> = fc.oneof(
      fc.constant<Intent>({ kind: 'kill' }),
      fc.boolean().map((on): Intent => ({ kind: 'switch', on })),
      fc.constantFrom('on', 'off').map((variant): Intent => ({ kind: 'defaultVariant', variant })),
      share.map((of): Intent => ({ kind: 'percentage', variant: 'on', share: of })),
    );
    const writing = fc.constantFrom<(of: object) => [string, string]>(
      (of) => ['f.json', JSON.stringify(of)],
      (of) => ['f.json', JSON.stringify(of, null, 2)],
      (of) => ['f.yaml', yaml.stringify(of, { aliasDuplicateObjects: false })],
      (of) => [
        'f.yaml',
        yaml.stringify(of, { aliasDuplicateObjects: false, indent: 4, defaultStringType: 'QUOTE_SINGLE' }),
      ],
      (of) => ['f.yaml', yaml.stringify(of, { aliasDuplicateObjects: false, collectionStyle: 'flow' })],
    );
    await fc.assert(
      fc.asyncProperty(flag, intent, writing, async (of, wanted, how) => {
        const [name, before] = how({ other: { variations: { a: 1, b: 2 }, defaultRule: { variation: 'a' } }, it: of });
        await write(before, `/w/${name}`);
        const system = systemOf({ source: [name] });
        const plan = await planOf(system, 'it', wanted).catch((error: unknown) => {
          expect(error).toMatchObject({ name: 'PlanError', reason: 'nothingToDo' });
        });
        if (!plan) return;
        expect(await system.apply(plan, 'c', never)).toMatchObject({ kind: 'applied' });
        const { effective, switch: now } = (await flagOf(system, 'it')).states[0]!;
        if (wanted.kind === 'kill') expect(effective.shares).toEqual({ on: 0, off: 1 });
        else if (wanted.kind === 'switch') expect(now).toBe(wanted.on ? 'on' : 'off');
        else if (wanted.kind === 'percentage') expect(effective.defaultShares?.on).toBeCloseTo(wanted.share, 4);
        await system.apply(await system.planUndo(plan, never), 'u', never);
        expect(await read(`/w/${name}`)).toBe(before);
        system.dispose();
      }),
      { numRuns: 60 },
    );
  });
});

describe('files of GO Feature Flag in a workspace', () => {
  it('are found beside those of flagd, and proposed as what they are', async () => {
    const flagd = { flags: { checkout: { state: 'ENABLED', variants: { on: true }, defaultVariant: 'on' } } };
    await write(JSON.stringify(flagd), '/w/a.flagd.json');
    await write(text, '/w/prod.goff.yaml');
    await write(JSON.stringify(yaml.parse(text)), '/w/dev.goff.json');
    await write('on: push\njobs: {}\n', '/w/goff/ci.yaml');
    const paths = ['/w/a.flagd.json', '/w/prod.goff.yaml', '/w/dev.goff.json', '/w/goff/ci.yaml'];
    const found = await detectFlagFiles(paths, world.deps, never);
    expect(found.map(({ path, type, keys }) => [path, type, keys])).toEqual([
      ['/w/a.flagd.json', 'flagd', ['checkout']],
      ['/w/dev.goff.json', 'goff', ['checkout', 'banner']],
      ['/w/prod.goff.yaml', 'goff', ['checkout', 'banner']],
    ]);
    const { systems } = proposeConfiguration('/w', found, world.deps);
    expect(systems.map(({ type, projects }) => [type, projects[0]?.environments.map(({ name }) => name)])).toEqual([
      ['flagd', ['a']],
      ['goff', ['dev', 'prod']],
    ]);
  });

  it('are told of where their keys stand', async () => {
    await write(text, '/w/f.goff.yaml');
    await write(JSON.stringify(yaml.parse(text), null, 2), '/w/f.goff.json');
    const keysOf = async (path: string) => (await keysOfFlagFile(path, world.deps, never))?.keys;
    expect(await keysOf('/w/f.goff.yaml')).toEqual([
      { key: 'checkout', line: 2, column: 1, endColumn: 9 },
      { key: 'banner', line: 20, column: 1, endColumn: 7 },
    ]);
    expect((await keysOf('/w/f.goff.json'))?.[0]).toEqual({ key: 'checkout', line: 2, column: 3, endColumn: 13 });
  });

  it.each([
    [
      'docker-compose.yml',
      'a:\n  image: gofeatureflag/go-feature-flag:v1.50.0\n  ports: ["1031:1031"]\n',
      'http://localhost:1031',
    ],
    ['package.json', '{"dependencies": {"@openfeature/go-feature-flag-provider": "1"}}', null],
    ['go.mod', 'require github.com/thomaspoignant/go-feature-flag v1.50.0\n', null],
  ])('and its relay are hinted at by %s', (name, said, url) => {
    expect(hintsIn(name, said)).toMatchObject([{ system: 'goff', url }]);
  });
});

describe('a relay that does not answer with flags', () => {
  const answers = (of: Partial<HttpResponse> & { readonly text?: string }): HttpResponse => ({
    status: of.status ?? 200,
    headers: of.headers ?? { 'content-type': 'application/json' },
    body: new TextEncoder().encode(of.text ?? ''),
  });
  const asked = async (answer: HttpResponse | HttpError): Promise<string> => {
    const request = () => (answer instanceof HttpError ? Promise.reject(answer) : Promise.resolve(answer));
    const of = systemOf({ source: ['http://relay.test:1031'] }, { ...world.deps, remotes: memoryRemotes({ request }) });
    return of.snapshot(never).then(
      () => 'flags',
      (error: unknown) => (error as Error).message,
    );
  };

  it.each([
    [{ status: 401 }, /refused the key \(401\)\. Enter/],
    [{ status: 403 }, /does not give its flags to this key \(403\)/],
    [{ status: 404, text: '{"message":"Not Found"}' }, /no flags to give at \/v1\/flag\/configuration \(404\)/],
    [{ status: 405 }, /\(405\)\. Correct "source"/],
    [{ status: 429 }, /asked too often \(429\)/],
    [{ status: 302, headers: { location: 'https://elsewhere.test' } }, /leads elsewhere \(302\)/],
    [{ status: 503 }, /failed to give its flags \(503\)/],
    [{ text: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } }, /with a page, not with flags/],
    [{ text: '' }, /answered 200 with what are no flags/],
    [{ text: '{"flags":{"a":{"varia' }, /answered 200 with what are no flags/],
    [{ text: '{"flags":[1]}' }, /answered 200 with what are no flags/],
    [{ text: '{"errorCode":"RETRIEVING_FLAGS_ERROR"}' }, /answered 200 with what are no flags/],
    [{ text: '{"flags":{},"new":1}' }, /^flags$/],
    [{ text: '{}' }, /^flags$/],
  ])('is told of in words: %j', async (answer, words) => {
    expect(await asked(answers(answer))).toMatch(words);
  });

  it.each(['timeout', 'certificate', 'unreachable'] as const)(
    'is told of as the connection has it: %s',
    async (reason) => {
      expect(await asked(new HttpError(reason, 'http://relay.test:1031', `relay.test: ${reason}`))).toContain(reason);
    },
  );

  it('is neither asked nor listened to once it was let go of', async () => {
    const seen: string[] = [];
    const remote = memoryRemotes(
      {
        request: () => {
          seen.push('request');
          return Promise.resolve(answers({ text: '{"flags":{}}' }));
        },
      },
      undefined,
      undefined,
      {
        listen: async function* () {
          seen.push('listen');
          yield await Promise.reject(new Error('none is there'));
        },
      },
    ).remote({ id: 'goff', type: 'goff', url: 'http://relay.test:1031', authorization: 'none' });
    const made = (): RelaySource =>
      new RelaySource({ remote, name: 'http://relay.test:1031', maxBytes: 1e6 }, world.deps, () => undefined);
    const kept = made();
    await kept.load(new Turns(world.clock), never);
    expect([...seen].sort()).toEqual(['listen', 'request']);
    kept.dispose();
    const source = made();
    // A window that is hidden has let go of the push already.
    source.setPaused(true);
    source.dispose();
    await source.load(new Turns(world.clock), never);
    expect(seen).toHaveLength(2);
  });

  it('keeps what it gave before, and lists a flag it cannot read beside the others', async () => {
    let answer = answers({
      text: JSON.stringify({
        flags: {
          a: { variations: { on: true, off: false }, defaultRule: { variation: 'on', added: 1 } },
          b: { variations: 7 },
        },
      }),
    });
    const remotes = memoryRemotes({ request: () => Promise.resolve(answer) });
    const of = systemOf({ source: ['http://relay.test:1031', 'none.yaml'] }, { ...world.deps, remotes });
    expect((await of.snapshot(never)).flags.map(({ ref, unreadable }) => [ref.key, unreadable === null])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    answer = answers({ status: 500 });
    await world.clock.advance(10_000);
    await of.snapshot(never).catch(() => undefined);
    expect((await of.detail(refOf('a'), never))?.states[0]?.effective.kind).toBe('everyone');
  });
});
