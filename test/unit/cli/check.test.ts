import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grammarFile, installedGrammar, installedRuntime, runtimeFiles } from '../../../grammars.mjs';
import { checkCommand } from '../../../src/cli/checkCommand';
import { parseCommandLine } from '../../../src/cli/commandLine';
import { run } from '../../../src/cli/run';
import type { CheckOptions } from '../../../src/cli/checkOptions';
import type { DiagnosticRecord } from '../../../src/cli/formats/diagnosticRecord';
import { diagnosticsSarif } from '../../../src/cli/formats/diagnosticsSarif';
import type { Surroundings } from '../../../src/cli/surroundings';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { makeHome } from '../../../src/platform/node/home';
import { http2Grpc } from '../../../src/platform/node/http2Grpc';
import { createUndiciHttp } from '../../../src/platform/node/undiciHttp';
import { diagnosticCodes } from '../../../src/view/diagnostics/diagnostic';
import { severitiesOf } from '../../../src/view/diagnostics/severities';

const require = createRequire(import.meta.url);
const code = `import { OpenFeature } from '@openfeature/server-sdk';
const client = OpenFeature.getClient();
export async function page(): Promise<string> {
  const banner = await client.getStringValue('banner', 'none');
  if (banner === 'gren') return 'typo';
  if (await client.getBooleanValue('new-chekout', false)) return 'undefined';
  if (await client.getBooleanValue('banner', false)) return 'wrong type';
  return (await client.getBooleanValue('new-checkout', true)) ? 'new' : 'old';
}
`;
const flags = {
  flags: {
    'new-checkout': { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
    banner: { state: 'ENABLED', variants: { blue: 'blue', green: 'green' }, defaultVariant: 'blue' },
    spare: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
  },
};

let folder = '';
let shop = '';
let said = { code: -1, out: '', err: '' };

function surroundings(): Surroundings {
  said = { code: -1, out: '', err: '' };
  return {
    cwd: folder,
    version: '1.2.3',
    who: 'a person',
    home: () => makeHome(join(folder, 'home')),
    http: createUndiciHttp({}),
    grpc: http2Grpc,
    variables: {},
    l10n: memoryL10n,
    prompt: null,
    signal: new AbortController().signal,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
  };
}

async function check(...argv: string[]): Promise<typeof said> {
  const around = surroundings();
  const options = parseCommandLine(argv) as CheckOptions;
  const result = await checkCommand(options, around, join(folder, 'grammars'));
  return { ...said, code: result };
}

const found = (out: string): readonly string[] =>
  (JSON.parse(out) as DiagnosticRecord[]).map(
    ({ code: name, key, place }) => `${name} ${key} ${place?.path ?? ''}:${String(place?.line ?? 0)}`,
  );

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sightglass-check-')));
  shop = join(folder, 'shop');
  await mkdir(join(folder, 'grammars'));
  for (const name of ['typescript', 'tsx', 'javascript'])
    await cp(installedGrammar(name), join(folder, 'grammars', grammarFile(name)));
  for (const name of runtimeFiles) await cp(installedRuntime(name), join(folder, 'grammars', name));
  await mkdir(join(shop, 'src'), { recursive: true });
  await mkdir(join(folder, 'empty'));
  await writeFile(join(shop, 'src/page.ts'), code);
  await writeFile(join(shop, 'flags.json'), JSON.stringify(flags, null, 2));
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('check', () => {
  it('names what code and a flag file that is found say differently', async () => {
    const { code: exit, out, err } = await check('check', 'shop', '--json');
    expect(found(out)).toEqual([
      'variant-undefined banner src/page.ts:4',
      'flag-undefined new-chekout src/page.ts:6',
      'flag-wrong-type banner src/page.ts:7',
      'flag-default-differs new-checkout src/page.ts:8',
    ]);
    expect(exit).toBe(1);
    expect(err).toBe(
      'No .sightglass.json names a flag system. Flags of flags.json are taken.\n4 found: 1 error, 2 warnings, 1 information.\n',
    );
  });

  it('names what a flag file says otherwise than it is taken, at the word, once and as grave as is set', async () => {
    const named = join(folder, 'named');
    await cp(shop, named, { recursive: true });
    const targeting = { if: [{ '==': [{ var: 'plan' }, 'gold'] }, 'onn', 'off'] };
    const spare = { ...flags.flags.spare, targeting };
    await writeFile(join(named, 'flags.json'), JSON.stringify({ flags: { ...flags.flags, spare } }, null, 2));
    const { out } = await check('check', 'named', '--json');
    const [one, ...others] = (JSON.parse(out) as DiagnosticRecord[]).filter(({ code: of }) => of === 'flag-file');
    expect(others).toEqual([]);
    const text = (await readFile(join(named, 'flags.json'), 'utf8')).split('\n');
    const line = text.findIndex((each) => each.includes('"onn"'));
    const column = (text[line] ?? '').indexOf('onn') + 1;
    expect(one).toMatchObject({
      ...{
        severity: 'warning',
        key: 'spare',
        message: expect.stringMatching(/names "onn", which is not a variant/) as string,
      },
      place: { path: 'flags.json', line: line + 1, column, endLine: line + 1, endColumn: column + 3 },
    });
    const graver = await check('check', 'named', '--json', '--set', 'flag-file=error', '--severity', 'error');
    expect(found(graver.out)).toContain(`flag-file spare flags.json:${String(line + 1)}`);
    expect((await check('check', 'named', '--json', '--set', 'flag-file=off')).out).not.toContain('flag-file');
    expect((await check('undefined', 'named', '--json')).out).not.toContain('flag-file');
  });

  it('is as grave as asked, and ends so', async () => {
    const errors = await check('check', 'shop', '--json', '--severity', 'error', '--fail-on', 'error');
    expect({ found: found(errors.out), code: errors.code }).toEqual({
      found: ['flag-wrong-type banner src/page.ts:7'],
      code: 1,
    });
    const lenient = await check('check', 'shop', '--json', '--set', 'flag-wrong-type=off', '--fail-on', 'error');
    expect(lenient.code).toBe(0);
    expect(lenient.out).not.toContain('flag-wrong-type');
    expect((await check('check', 'shop', '--fail-on', 'never')).code).toBe(0);
    expect((await check('check', 'shop', '--json', '--exclude', 'src/**')).code).toBe(0);
  });

  it('is lines for people, and one record a line', async () => {
    const { out } = await check('check', 'shop', '--severity', 'warning');
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      [
        'src/page.ts:4:46',
        'warning',
        'variant-undefined',
        'Flag "banner" has no variant "gren". Did you mean "green"?',
      ],
      [
        'src/page.ts:6:36',
        'warning',
        'flag-undefined',
        'No flag "new-chekout" is defined in "flags/shop". Did you mean "new-checkout"?',
      ],
      ['src/page.ts:7:36', 'error', 'flag-wrong-type', 'Asks for a boolean, but flag "banner" is a string.'],
      [''],
    ]);
    const lines = (await check('check', 'shop', '--jsonl', '--severity', 'warning')).out.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as DiagnosticRecord).code)).toEqual([
      'variant-undefined',
      'flag-undefined',
      'flag-wrong-type',
    ]);
  });

  it('is a log that the schema of SARIF 2.1.0 allows, with a rule for every code', async () => {
    const file = join(
      dirname(require.resolve('@microsoft/jest-sarif/package.json')),
      'lib/schemas/sarif-2.1.0-rtm.5.json',
    );
    const schema = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    // What it uses of draft 4 is the same in later ones, but for what it calls itself.
    delete schema.$schema;
    delete schema.id;
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    const { out } = await check('check', 'shop', '--format', 'sarif', '--severity', 'hint');
    const log = JSON.parse(out) as {
      runs: {
        tool: { driver: { rules: { id: string; helpUri: string; fullDescription: { text: string } }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          level: string;
          locations: { physicalLocation: { artifactLocation: { uri: string; uriBaseId: string } } }[];
        }[];
      }[];
    };
    expect(validate(log) ? [] : validate.errors).toEqual([]);
    const [{ tool, results } = { tool: { driver: { rules: [] } }, results: [] }] = log.runs;
    expect(tool.driver.rules.map(({ id }) => id)).toEqual([...diagnosticCodes]);
    expect(tool.driver.rules.every(({ helpUri, id }) => helpUri.endsWith(`docs/diagnostics.md#${id}`))).toBe(true);
    expect(results).toHaveLength(5);
    expect(results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex]?.id)).toEqual(
      results.map(({ ruleId }) => ruleId),
    );
    expect(new Set(results.map(({ level }) => level))).toEqual(new Set(['error', 'warning', 'note']));
    expect(results.at(-1)?.locations[0]?.physicalLocation.artifactLocation).toEqual({
      uri: 'flags.json',
      uriBaseId: '%SRCROOT%',
    });
    const empty = await check('undefined', 'shop', '--format', 'sarif', '--set', 'flag-undefined=off');
    expect(validate(JSON.parse(empty.out))).toBe(true);
  });

  it('gives what is of no file a place in that log all the same', () => {
    const found: DiagnosticRecord = {
      ...{ code: 'flag-unreferenced', severity: 'hint', key: 'one', project: null, place: null },
      ...{ message: 'Unused.', related: [], fixes: [] },
    };
    const severities = severitiesOf({});
    const text = diagnosticsSarif([found], { version: '1.2.3', severities, l10n: memoryL10n });
    expect(text).toContain('"uri": ".sightglass.json"');
  });

  it('knows a list of keys in place of a system, and cannot tell without any', async () => {
    await writeFile(join(folder, 'keys.txt'), 'new-checkout\nbanner\nnew-chekout\n');
    const keys = join(folder, 'keys.txt');
    expect((await check('undefined', 'shop', '--keys', keys)).code).toBe(0);
    await expect(check('check', 'empty')).rejects.toThrow(/Nothing tells which flags are defined/);
    await expect(check('check', 'shop', '--keys', join(folder, 'none.txt'))).rejects.toThrow(/cannot be read/);
  });

  it('ends with 3, and says nothing undefined, where a system cannot be asked', async () => {
    const broken = join(folder, 'broken');
    await cp(shop, broken, { recursive: true });
    const environments = [
      { name: 'production', kind: 'definition', source: ['flags.json'] },
      { name: 'other', kind: 'definition', source: ['gone.json'] },
    ];
    const systems = [{ id: 'flags', type: 'flagd', projects: [{ name: 'shop', environments }] }];
    await writeFile(join(broken, '.sightglass.json'), JSON.stringify({ systems }));
    const { code: exit, out, err } = await check('check', 'broken', '--json');
    expect(found(out)).not.toContain('flag-undefined new-chekout src/page.ts:6');
    expect(found(out)).toContain('flag-wrong-type banner src/page.ts:7');
    expect(exit).toBe(3);
    expect(err).toContain('gone.json');
  });
});

describe('unused and undefined', () => {
  it('name one kind, and fail a build by default only for what is undefined', async () => {
    const unused = await check('unused', 'shop', '--json');
    expect({ found: found(unused.out), code: unused.code }).toEqual({
      found: ['flag-unreferenced spare flags.json:19'],
      code: 0,
    });
    expect((await check('unused', 'shop', '--fail-on', 'hint')).code).toBe(1);
    const undefinedOnes = await check('undefined', 'shop', '--json');
    expect({ found: found(undefinedOnes.out), code: undefinedOnes.code }).toEqual({
      found: ['flag-undefined new-chekout src/page.ts:6'],
      code: 1,
    });
  });

  it.each([
    [['check', 'a', 'b'], 'check takes one folder'],
    [['unused', '--format', 'html'], 'one of table, jsonl, json, sarif'],
    [['undefined', '--json', '--jsonl'], 'undefined writes one format'],
    [['check', '--fail-on', 'loud'], '--fail-on wants one of'],
    [['check', '--set', 'nothing=off'], '--set wants one of'],
    [['check', '--unknown'], 'unknown'],
    [['check', 'nowhere'], 'is not a folder'],
  ])('are told what is wrong with %s', async (argv, words) => {
    expect(await run(argv, surroundings())).toBe(2);
    expect(said.err).toContain(words);
  });
});
