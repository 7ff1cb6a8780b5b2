import { describe, expect, it } from 'vitest';
import { RootIndex } from '../../../src/code/rootIndex';
import { finderOf, root, type Finder } from './finderHarness';

const client = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;
const sources = {
  'src/names.ts': `export const KEY = 'old';`,
  'src/use.ts': `${client}import { KEY } from './names';\nexport const f = () => client.getBooleanValue(KEY, false);`,
};
const userOf = (key: string): string => `${client}client.getBooleanValue('${key}', false);`;
const manyUsers = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`src/user${index}.ts`, userOf(`key-${index}`)]));

/** Segments of what is kept of the index of the one root there is, sorted. */
async function segmentsIn({ files }: Finder): Promise<string[]> {
  const names = (await files.list('/state')).map(({ name }) => name);
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => `/state/${name}`)
    .sort();
}

async function writtenAt(finder: Finder): Promise<Map<string, number | undefined>> {
  const paths = await segmentsIn(finder);
  return new Map(
    await Promise.all(paths.map(async (path) => [path, (await finder.files.stat(path))?.modified] as const)),
  );
}

const keys = (finder: Finder): string[] =>
  finder
    .references()
    .filter(({ kind }) => kind === 'evaluation')
    .map(({ path, line, key }) => `${path}:${String(line)} ${key ?? '*'}`);

describe('index of a root', () => {
  it('answers an edit with facts of that very text, and tells of files it moved', async () => {
    const finder = await finderOf(sources);
    expect(keys(finder)).toEqual(['src/use.ts:4 old']);
    const facts = await finder.index.edit('src/names.ts', `\nexport const KEY = 'new';`, '2');
    expect(facts).toMatchObject({ path: 'src/names.ts', version: '2' });
    await finder.settle();
    expect(keys(finder)).toEqual(['src/use.ts:4 new']);
    expect(finder.updated.flat()).toContain('src/use.ts');
    expect(finder.references('new').map(({ kind, path, line }) => [kind, path, line])).toContainEqual([
      'definition',
      'src/names.ts',
      2,
    ]);
  });

  it('takes what is on disk again when the document is closed', async () => {
    const finder = await finderOf(sources);
    await finder.index.edit('src/use.ts', `${client}client.getBooleanValue('unsaved', false);`, '2');
    expect(keys(finder)).toEqual(['src/use.ts:3 unsaved']);
    await finder.index.close('src/use.ts');
    expect(keys(finder)).toEqual(['src/use.ts:4 old']);
  });

  it('follows files that change, appear and go', async () => {
    const finder = await finderOf(sources);
    finder.files.set(`${root}/src/more.ts`, `${client}client.getBooleanValue('more', false);`);
    finder.files.set(`${root}/src/names.ts`, `export const KEY = 'moved';`);
    await finder.index.changed(['src/more.ts', 'src/names.ts']);
    expect(keys(finder)).toEqual(['src/more.ts:3 more', 'src/use.ts:4 moved']);
    expect(finder.updated.at(-1)).toEqual(expect.arrayContaining(['src/more.ts', 'src/use.ts']));
    await finder.files.remove(`${root}/src/more.ts`);
    await finder.index.changed(['src/more.ts']);
    expect(keys(finder)).toEqual(['src/use.ts:4 moved']);
    expect(await finder.index.facts('src/more.ts')).toBeNull();
  });

  it('counts callers of the key alone against the bound', async () => {
    const calls = (key: string, count: number): string =>
      client + `client.getBooleanValue('${key}', false);\n`.repeat(count);
    const many = Object.fromEntries(
      Array.from({ length: 5 }, (_, file) => [`src/a${String(file)}.ts`, calls('other', 500)]),
    );
    const finder = await finderOf({ ...many, 'src/z.ts': calls('last', 2) });
    expect(finder.index.questions.callers({ key: 'last' }).flatMap(({ path, at }) => at.map(() => path))).toEqual([
      'src/z.ts',
      'src/z.ts',
    ]);
  });

  it('finds callers of a wrapper that is made while editing', async () => {
    const finder = await finderOf({ ...sources, 'src/caller.ts': `import { gate } from './use';\ngate('late');` });
    await finder.index.edit(
      'src/use.ts',
      `${client}export const gate = (key: string) => client.getBooleanValue(key, false);`,
      '2',
    );
    await finder.settle();
    expect(keys(finder)).toEqual(['src/caller.ts:2 late']);
    expect(finder.updated.flat()).toContain('src/caller.ts');
  });

  it.each([
    ['class Big', ''],
    ['@tag() export class Big', ''],
    // None of these is cut into members.
    ['export default class', ''],
    ['{ class Big', '}'],
    ['export const Big = class', ''],
  ])('gives the same facts by editing step by step as by reading the result: %s', async (head, tail) => {
    const finder = await finderOf({ 'a.ts': '' });
    const long = `${client}${head} {\n${Array.from({ length: 60 }, (_, i) => `  m${String(i)}() { return client.getBooleanValue('k${String(i)}', false) ? ${String(i)} : 0; }\n`).join('')}}${tail}\nexport const last = client.getStringValue('last', '');\n`;
    let text = long;
    await finder.index.edit('a.ts', text, '0');
    const edits: [from: string, to: string][] = [
      ['m7()', 'renamed()'],
      ["'k9'", "'other'"],
      ['class Big', 'class Bigger'],
      ['  m20() {', '  // m20() {\n  m20() {'],
      ['export const last', 'const last'],
      [`}${tail}\nconst last`, '\nconst last'],
      ['\nconst last', `}${tail}\nconst last`],
    ];
    for (const [i, [from, to]] of edits.entries()) {
      text = text.replace(from, to);
      const stepped = await finder.index.edit('a.ts', text, String(i + 1));
      const fresh = await (await finderOf({ 'a.ts': text })).index.facts('a.ts');
      expect(stepped.references).toEqual(fresh!.references);
      expect(stepped.codePaths).toEqual(fresh!.codePaths);
    }
  });

  it('keeps its summaries between sessions, and reads only what changed', async () => {
    const first = await finderOf(sources, { storage: '/state' });
    await first.index.persist();
    const second = await finderOf({}, { storage: '/state', files: first.files });
    const again = await second.index.index({ root, knownKeys: [], exclude: [] }, new AbortController().signal);
    expect(again.references).toBe(2);
    const fresh = new RootIndex({ root, knownKeys: [], exclude: [] }, second.tools, {
      progress: () => undefined,
      updated: () => undefined,
    });
    expect((await fresh.index({ root, knownKeys: [], exclude: [] }, new AbortController().signal)).engine).toBe(
      'cache',
    );
  });

  it('does not believe a persisted index that was cut or changed', async () => {
    const first = await finderOf(sources, { storage: '/state' });
    await first.index.persist();
    const [path] = await segmentsIn(first);
    first.files.set(path!, first.files.text(path!).replace('old', 'bad'));
    const second = await finderOf({}, { storage: '/state', files: first.files });
    expect(keys(second)).toEqual(['src/use.ts:4 old']);
  });

  it('believes all segments but the one that was changed', async () => {
    const first = await finderOf(manyUsers(300), { storage: '/state' });
    await first.index.persist();
    const segments = await segmentsIn(first);
    expect(segments).toHaveLength(8);
    first.files.set(segments[3]!, 'cut');
    const second = await finderOf({}, { storage: '/state', files: first.files });
    expect(second.references()).toEqual(first.references());
    const { parsed } = second.summary;
    expect(parsed).toBeGreaterThan(0);
    expect(parsed).toBeLessThan(100);
  });

  it('writes only the segment again in which a file changed', async () => {
    const finder = await finderOf(manyUsers(300), { storage: '/state' });
    await finder.index.persist();
    const written = (): Promise<Map<string, number | undefined>> => writtenAt(finder);
    const before = await written();
    await finder.index.persist();
    expect(await written()).toEqual(before);
    finder.files.set(`${root}/src/user7.ts`, userOf('another'));
    await finder.index.changed(['src/user7.ts']);
    await finder.index.persist();
    const after = await written();
    expect([...after].filter(([path, at]) => before.get(path) !== at)).toHaveLength(1);
    const again = await finderOf({}, { storage: '/state', files: finder.files });
    expect(again.summary.parsed).toBe(0);
    expect(again.references('another')).toHaveLength(1);
  });

  it('forgets a file that is gone, and has as many segments as there are files', async () => {
    const finder = await finderOf(manyUsers(300), { storage: '/state' });
    await finder.index.persist();
    const gone = Object.keys(manyUsers(300)).slice(3);
    for (const path of gone) await finder.files.remove(`${root}/${path}`);
    await finder.index.changed(gone);
    await finder.index.persist();
    expect(await segmentsIn(finder)).toHaveLength(1);
    const again = await finderOf({}, { storage: '/state', files: finder.files });
    expect(again.summary).toMatchObject({ parsed: 0, engine: 'cache', candidates: 3 });
  });

  it('keeps the indexes of the roots that changed last, and nothing else is touched', async () => {
    const finder = await finderOf(sources, { storage: '/state' });
    const rootOf = (index: number): string => `finder-${String(index).padStart(24, '0')}`;
    finder.files.set('/state/other.json', 'of somebody else');
    for (let index = 0; index < 40; index++)
      for (const end of ['.json', '-0.jsonl', '-1.jsonl']) finder.files.set(`/state/${rootOf(index)}${end}`, '');
    await finder.index.persist();
    const names = (await finder.files.list('/state')).map(({ name }) => name);
    expect(names).toContain('other.json');
    expect(names).not.toContain(`${rootOf(8)}-1.jsonl`);
    expect(names).toContain(`${rootOf(9)}-1.jsonl`);
    expect(names.filter((name) => name.startsWith('finder-') && name.endsWith('.json'))).toHaveLength(32);
    expect((await finderOf({}, { storage: '/state', files: finder.files })).summary.engine).toBe('cache');
  });

  it('keeps an open document as it is when the index of the last session is taken in', async () => {
    const first = await finderOf(sources, { storage: '/state' });
    await first.index.persist();
    const request = { root, knownKeys: [], exclude: [] };
    const { tools } = await finderOf({}, { storage: '/state', files: first.files });
    const index = new RootIndex(request, tools, { progress: () => undefined, updated: () => undefined });
    await index.edit('src/use.ts', `${client}client.getBooleanValue('unsaved', false);`, '7');
    await index.index(request, new AbortController().signal);
    const facts = await index.facts('src/use.ts');
    expect(facts?.version).toBe('7');
    expect(facts?.references.map(({ key }) => key)).toEqual(['unsaved']);
  });

  it('says how many files import which SDK', async () => {
    const { index } = await finderOf(sources);
    const summary = await index.index({ root, knownKeys: [], exclude: [] }, new AbortController().signal);
    expect(summary).toMatchObject({
      files: 2,
      candidates: 2,
      engine: 'javascript',
      sdks: { '@openfeature/server-sdk': 1 },
      notes: [],
    });
  });

  it('leaves out what is excluded or ignored', async () => {
    const use = `${client}client.getBooleanValue('k', false);`;
    const finder = await finderOf({
      '.gitignore': 'out/\n!keep.ts',
      'out/a.ts': use,
      'node_modules/x/a.ts': use,
      'a.min.js': use,
      'src/a.ts': use,
    });
    expect(keys(finder)).toEqual(['src/a.ts:3 k']);
  });
});
