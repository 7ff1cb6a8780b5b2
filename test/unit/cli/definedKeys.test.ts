import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definedKeys } from '../../../src/cli/definedKeys';
import { table } from '../../../src/cli/formats/table';
import { UndefinedKeys } from '../../../src/cli/undefinedKeys';
import { ripgrepSearch } from '../../../src/code/scan/ripgrep';
import { javascriptSearch } from '../../../src/code/scan/walk';
import type { Reference } from '../../../src/model/reference';
import { nodeFiles } from '../../../src/platform/node/files';
import { nodePaths } from '../../../src/platform/node/paths';
import { nodeProcesses } from '../../../src/platform/node/processes';
import { packagedRipgrep } from '../../../src/platform/node/ripgrepPackage';

const signal = new AbortController().signal;
const flagd = (key: string): string =>
  JSON.stringify({ flags: { [key]: { state: 'ENABLED', variants: { on: true }, defaultVariant: 'on' } } }, null, 2);

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sightglass-keys-'));
  for (const folder of ['flags', 'test', 'node_modules/a', 'elsewhere'])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'flags/shop.flagd.json'), flagd('by-flagd'));
  await writeFile(
    join(root, 'flags.json'),
    '{\n  "flags": {\n    "by-manifest": { "flagType": "boolean", "defaultValue": false }\n  }\n}',
  );
  await writeFile(join(root, 'test/flagd.json'), flagd('in-test'));
  await writeFile(join(root, 'node_modules/a/flags.json'), flagd('of-others'));
  await writeFile(join(root, 'elsewhere/flags.json'), '{ "flags": { "de": { "country": "Germany" } } }');
  await writeFile(join(root, 'elsewhere/main.txt'), flagd('by-configuration'));
  await writeFile(
    join(root, '.sightglass.json'),
    JSON.stringify({
      systems: [
        {
          id: 'a',
          type: 'flagd',
          projects: [
            { name: 'b', environments: [{ name: 'c', source: ['elsewhere/main.txt', 'grpc://localhost:8015'] }] },
          ],
        },
      ],
    }),
  );
  await writeFile(join(root, 'keys.txt'), 'listed-a\r\n\n listed-b\n');
  await writeFile(join(root, 'keys.json'), '["listed-c"]');
  await writeFile(join(root, 'bad.json'), '[1]');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const engines = async (): Promise<ReturnType<typeof javascriptSearch>[]> => {
  const [ripgrep] = await packagedRipgrep();
  return [
    javascriptSearch(nodeFiles, nodePaths),
    ...(ripgrep === undefined ? [] : [ripgrepSearch(nodeProcesses, ripgrep)]),
  ];
};
const defined = (keysFile: string | null, search = javascriptSearch(nodeFiles, nodePaths)) =>
  definedKeys(root, { exclude: [], keysFile }, { searches: [search] }, signal);

const evaluation = (over: Partial<Reference>): Reference => ({
  path: 'a.ts',
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
  key: 'k',
  pattern: null,
  kind: 'evaluation',
  certainty: 'certain',
  via: 'literal',
  sdk: 'openfeature',
  evaluatedOn: 'server',
  function: null,
  route: null,
  generated: false,
  trace: [],
  regions: [],
  ...over,
});

describe('keys that are defined', () => {
  it("are those of flagd's files, OpenFeature's manifests and files that the configuration names, by either engine", async () => {
    for (const search of await engines()) {
      const { keys, files } = await defined(null, search);
      expect(keys).toEqual(['by-configuration', 'by-flagd', 'by-manifest', 'in-test']);
      const rows = files.flatMap(({ references }) =>
        references.map(({ path, line, column, key, kind, via, sdk }) =>
          [path, line, column, key, kind, via, sdk].join(' '),
        ),
      );
      expect(rows).toEqual([
        'elsewhere/main.txt 3 5 by-configuration definition config flagd',
        'flags.json 3 5 by-manifest definition config openfeature',
        'flags/shop.flagd.json 3 5 by-flagd definition config flagd',
        'test/flagd.json 3 5 in-test test config flagd',
      ]);
    }
  });

  it('are those of a list as well, whatever it is written in', async () => {
    expect((await defined(join(root, 'keys.txt'))).keys).toEqual(expect.arrayContaining(['listed-a', 'listed-b']));
    expect((await defined(join(root, 'keys.json'))).keys).toContain('listed-c');
    await expect(defined(join(root, 'bad.json'))).rejects.toThrow(/bad\.json cannot be read/);
    await expect(defined(join(root, 'none'))).rejects.toThrow(/List one a line/);
  });
});

describe('a key that nothing defines', () => {
  const known = { keys: ['known'], files: [], sources: ['flags.json'] };
  const missing = (isWhole: boolean, keys: readonly string[], ...references: Reference[]): (string | null)[] => {
    const undefinedKeys = new UndefinedKeys({ ...known, keys }, isWhole);
    undefinedKeys.add(references);
    return undefinedKeys.list().map(({ key }) => key);
  };

  it('is told once, by its first certain evaluation', () => {
    const references = [
      evaluation({ key: 'known' }),
      evaluation({ key: 'a', kind: 'test' }),
      evaluation({ key: 'a', certainty: 'likely' }),
      evaluation({ key: 'b', line: 7 }),
      evaluation({ key: 'b', line: 9 }),
      evaluation({ key: null, pattern: 'exp-*', certainty: 'dynamic' }),
    ];
    expect(missing(false, ['known'], ...references)).toEqual(['b']);
    const written: string[] = [];
    table((text) => void written.push(text)).end([evaluation({ key: 'b', line: 7 })]);
    expect(written.join('').split(/ {2,}/)).toEqual(['b', 'undefined', 'defined nowhere', 'a.ts:7:1\n']);
  });

  it('is not one where no definitions are known, nor one of another system than the files are of', () => {
    expect(missing(false, [], evaluation({ key: 'b' }))).toEqual([]);
    expect(missing(false, ['known'], evaluation({ key: 'b', sdk: 'launchdarkly' }))).toEqual([]);
    expect(missing(true, ['known'], evaluation({ key: 'b', sdk: 'launchdarkly' }))).toEqual(['b']);
  });
});
