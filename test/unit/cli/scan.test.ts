import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grammarFile, installedGrammar, installedRuntime, runtimeFiles } from '../../../grammars.mjs';
import { scanCommand } from '../../../src/cli/scan';
import { referenceSchema, type Reference } from '../../../src/model/reference';

const require = createRequire(import.meta.url);
const client = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;
const asks = (key: string): string => `${client}export const f = () => client.getBooleanValue(${key}, false);\n`;
const hostile = `<img src=x onerror="alert('k')">&`;

let folder = '';
let shop = '';

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
    cwd: shop,
    encoding: 'utf8',
  });

async function scan(...args: string[]): Promise<{ code: number; out: string; err: string; found: number | undefined }> {
  let out = '';
  let err = '';
  let found: number | undefined;
  const streams = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    found: (count: number) => void (found = count),
    version: '1.2.3',
  };
  const code = await scanCommand(args, streams, join(folder, 'grammars'));
  return { code, out, err, found };
}

const rowsOf = (out: string): Reference[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => referenceSchema.parse(JSON.parse(line)));
const placesOf = (out: string): string[] => rowsOf(out).map(({ path, key }) => `${path} ${key ?? ''}`);

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sightglass-scan-')));
  shop = join(folder, 'shop');
  await mkdir(join(folder, 'grammars'));
  for (const name of ['typescript', 'tsx', 'javascript'])
    await cp(installedGrammar(name), join(folder, 'grammars', grammarFile(name)));
  for (const name of runtimeFiles) await cp(installedRuntime(name), join(folder, 'grammars', name));
  await mkdir(join(shop, 'src/a b'), { recursive: true });
  await writeFile(join(shop, 'src/keys.ts'), `export const KEY = 'by-constant';\n`);
  await writeFile(join(shop, 'src/old.ts'), `import { KEY } from './keys';\n${asks('KEY')}`);
  await writeFile(join(shop, 'src/edited.ts'), asks(`'edited'`));
  await writeFile(join(shop, 'src/hostile.ts'), asks(JSON.stringify(hostile)));
  await writeFile(join(shop, 'src/gone.ts'), asks(`'gone'`));
  await writeFile(join(shop, '.gitignore'), 'ignored.ts\n');
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what scan writes', () => {
  it('is one record a line, or one array of the same', async () => {
    const lines = await scan(shop, '--format', 'jsonl');
    expect(lines).toMatchObject({ code: 0, err: '', found: 5 });
    expect(placesOf(lines.out)).toEqual([
      'src/edited.ts edited',
      'src/gone.ts gone',
      `src/hostile.ts ${hostile}`,
      'src/keys.ts by-constant',
      'src/old.ts by-constant',
    ]);
    expect((await scan(shop)).out).toBe(lines.out);
    expect((await scan(shop, '--jsonl')).out).toBe(lines.out);
    expect(JSON.parse((await scan(shop, '--json')).out)).toEqual(rowsOf(lines.out));
    expect(JSON.parse((await scan(shop, '--format', 'json', '--key', 'none')).out)).toEqual([]);
  });

  it('is a line for people', async () => {
    const { out } = await scan(shop, '--format=table', '--key', 'by-constant');
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['KEY', 'KIND', 'VIA', 'PLACE', 'FUNCTION'],
      ['by-constant', 'definition', 'constant', 'src/keys.ts:1:20'],
      ['by-constant', 'evaluation', 'constant', 'src/old.ts:4:47', 'f'],
      [''],
    ]);
  });

  it('is a log that the schema of SARIF 2.1.0 allows', async () => {
    const file = join(
      dirname(require.resolve('@microsoft/jest-sarif/package.json')),
      'lib/schemas/sarif-2.1.0-rtm.5.json',
    );
    const schema = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    // What it uses of draft 4 is the same in later ones, but for what it calls itself.
    delete schema.$schema;
    delete schema.id;
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    for (const key of ['by-constant', hostile, 'none']) {
      const { out } = await scan(shop, '--format', 'sarif', '--key', key);
      const log: unknown = JSON.parse(out);
      expect(validate(log) ? [] : validate.errors).toEqual([]);
      const { runs } = log as { runs: { results: { locations: unknown[]; message: { text: string } }[] }[] };
      expect(runs[0]?.results.map(({ message }) => message.text.includes(`"${key}"`))).toEqual(
        key === 'none' ? [] : key === hostile ? [true] : [true, true],
      );
    }
    expect(validate({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });

  it('is a page that loads and runs nothing, whatever stands in code', async () => {
    const { out } = await scan(shop, '--format', 'html');
    expect(out).toContain(`content="default-src 'none'; style-src 'sha256-`);
    expect(out).not.toMatch(/<script|<img|<link|\son\w+="|https?:/);
    expect(out).toContain('&#60;img src=x onerror=&#34;alert(&#39;k&#39;)&#34;&#62;&#38;');
    expect(out).toContain('5 references to 4 keys.');
  });

  it('leaves statistics to the other stream', async () => {
    const { out, err } = await scan(shop, '--stats');
    expect(rowsOf(out)).toHaveLength(5);
    expect(err).toMatch(
      /^5 files, 5 candidates, 5 parsed \((ripgrep|javascript)\)\nsearch \d+\.\d\d s, read .* s\npeak memory \d+ MB\n$/,
    );
  });

  it.each([['--format', 'xml'], ['--format', 'html', '--jsonl'], ['--changed-since', ''], ['--format']])(
    'is nothing, but how it is used, after %s %s',
    async (...args) => {
      const { code, out, err } = await scan(shop, ...args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('Usage: sightglass scan');
    },
  );
});

describe('scan --changed-since', () => {
  it('says that a folder is in no working tree', async () => {
    const { code, out, err } = await scan(shop, '--changed-since', 'main');
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('is in no working tree of git');
  });

  it('leaves out what is as it was where the branch began', async () => {
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-qm', 'first');
    git('checkout', '-qb', 'topic');
    await writeFile(join(shop, 'src/a b/committed ünï.ts'), asks(`'committed'`));
    await writeFile(join(shop, 'src/keys.ts'), `export const KEY = 'moved';\n`);
    await rm(join(shop, 'src/gone.ts'));
    git('add', '.');
    git('commit', '-qm', 'topic');
    git('checkout', '-q', 'main');
    // What others did since is not the branch's.
    await writeFile(join(shop, 'src/old.ts'), asks(`'other'`));
    git('commit', '-qam', 'other');
    git('checkout', '-q', 'topic');
    await writeFile(join(shop, 'src/edited.ts'), asks(`'edited-now'`));
    await writeFile(join(shop, 'src/new.ts'), asks(`'new'`));
    await writeFile(join(shop, 'src/ignored.ts'), asks(`'ignored'`));
    expect(placesOf((await scan(shop, '--changed-since', 'main')).out)).toEqual([
      'src/a b/committed ünï.ts committed',
      'src/edited.ts edited-now',
      'src/keys.ts moved',
      'src/new.ts new',
    ]);
    expect(placesOf((await scan(join(shop, 'src/a b'), '--changed-since', 'main')).out)).toEqual([
      'committed ünï.ts committed',
    ]);
    expect(placesOf((await scan(shop, '--changed-since', 'topic')).out)).toEqual([
      'src/edited.ts edited-now',
      'src/new.ts new',
    ]);
  });

  it.each(['nowhere', '--output=/tmp/x', '-p'])('says that git knows no revision %s', async (revision) => {
    const { code, out, err } = await scan(shop, `--changed-since=${revision}`);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain(`git knows no revision ${revision}`);
  });
});
