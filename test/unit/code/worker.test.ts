import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grammarFile, installedGrammar, installedRuntime, runtimeFiles } from '../../../grammars.mjs';
import type { CodeEvents, CodeMethods, CodeWorkerData } from '../../../src/code/api';
import { CodeServer } from '../../../src/code/codeServer';
import { FileReaders } from '../../../src/code/fileReaders';
import { scanCommand } from '../../../src/cli/scan';
import { referenceSchema } from '../../../src/model/reference';
import { rpcClient } from '../../../src/platform/rpc';
import { nodeFinderTools } from '../../../src/workers/finderTools';
import { packagedRipgrep } from '../../../src/platform/node/ripgrepPackage';
import { nodeWorkers } from '../../../src/platform/node/workerChannel';

const project = resolve(import.meta.dirname, '../../..');
const client = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;

/** The bundle as the product makes it, started as the product starts it. */
describe('the code worker', () => {
  let folder = '';
  const root = (): string => join(folder, 'shop');
  const grammars = (): string => join(folder, 'grammars');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'code-worker-'));
    await build({
      absWorkingDir: project,
      entryPoints: { 'worker-code': 'src/workers/code.ts', 'worker-reader': 'src/workers/reader.ts' },
      outdir: folder,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
    });
    await mkdir(grammars());
    await mkdir(join(root(), 'src'), { recursive: true });
    for (const name of runtimeFiles) await cp(installedRuntime(name), join(grammars(), name));
    for (const name of ['typescript', 'tsx', 'javascript', 'php'])
      await cp(installedGrammar(name), join(grammars(), grammarFile(name)));
    await writeFile(
      join(root(), 'src/flags.ts'),
      `${client}export const isOn = (key: string) => client.getBooleanValue(key, false);\n`,
    );
    await writeFile(join(root(), 'src/a.ts'), `import { isOn } from './flags';\nexport const f = () => isOn('k');\n`);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(['ripgrep', 'javascript'] as const)(
    'answers over its channel, with %s',
    async (engine) => {
      const data: CodeWorkerData = {
        grammars: grammars(),
        ripgrep: engine === 'ripgrep' ? await packagedRipgrep() : [],
        storage: null,
      };
      const worker = nodeWorkers(folder).start('code', data);
      const finder = rpcClient<CodeMethods, CodeEvents>(worker.channel);
      const updated: string[][] = [];
      finder.on('updated', ({ paths }) => updated.push([...paths]));
      try {
        expect(await finder.call('index', { root: root(), knownKeys: [], exclude: [] })).toMatchObject({
          engine,
          references: 1,
          candidates: 2,
          files: 2,
        });
        const edited = await finder.call('edit', {
          root: root(),
          path: 'src/a.ts',
          text: `import { isOn } from './flags';\n\nisOn('unsaved');`,
          version: '7',
          held: null,
        });
        expect(edited.facts).toMatchObject({ version: '7', references: [{ key: 'unsaved', line: 3, via: 'wrapper' }] });
        await finder.call('close', { root: root(), path: 'src/a.ts' });
        expect((await finder.call('facts', { root: root(), path: 'src/a.ts' }))?.references[0]?.key).toBe('k');
        expect(await finder.call('references', { root: root(), key: 'none', limit: 10 })).toEqual([]);
        const since = (revision: number | null) =>
          finder.call('referencesSince', { root: root(), since: revision, limit: 100 });
        const all = await since(null);
        expect(all).toMatchObject({ files: [{ path: 'src/a.ts' }], gone: [], isCut: false });
        expect(await since(all.revision)).toEqual({ revision: all.revision, files: [], gone: [], isCut: false });
        const edit = (text: string) =>
          finder.call('edit', { root: root(), path: 'src/a.ts', text, version: '8', held: null });
        await edit(`import { isOn } from './flags';\nisOn('other');`);
        const moved = await since(all.revision);
        expect(moved.files.map(({ path, references }) => [path, references[0]?.key])).toEqual([['src/a.ts', 'other']]);
        await edit(`import { isOn } from './flags';\nisOn('other');\n// The same is asked for.`);
        expect(await since(moved.revision)).toMatchObject({ revision: moved.revision, files: [] });
        await edit('export const nothing = 1;');
        expect(await since(moved.revision)).toMatchObject({ files: [], gone: ['src/a.ts'] });
        expect((await since(all.revision)).gone).toEqual(['src/a.ts']);
        await finder.call('close', { root: root(), path: 'src/a.ts' });
        expect((await since(moved.revision)).files[0]?.references[0]?.key).toBe('k');
        expect(await finder.call('referencesSince', { root: root(), since: null, limit: 1 })).toMatchObject({
          isCut: true,
        });
        await finder.call('forget', { root: root() });
        expect(updated.flat()).toContain('src/a.ts');
      } finally {
        finder.dispose();
        worker.dispose();
      }
    },
    30_000,
  );

  it('says what is wrong when the grammars are not there', async () => {
    const worker = nodeWorkers(folder).start('code', {
      grammars: join(folder, 'none'),
      ripgrep: [],
      storage: null,
    } satisfies CodeWorkerData);
    const finder = rpcClient<CodeMethods, CodeEvents>(worker.channel);
    try {
      const summary = await finder.call('index', { root: root(), knownKeys: [], exclude: [] });
      expect(summary.references).toBe(0);
      expect(summary.notes.join()).toContain('web-tree-sitter.cjs');
    } finally {
      finder.dispose();
      worker.dispose();
    }
  }, 30_000);

  it('reads many files on threads beside its own, to the same references', async () => {
    const many = join(folder, 'many');
    await mkdir(many);
    await writeFile(join(many, 'keys.ts'), `export enum Keys { a = 'from-enum' }\n`);
    for (let i = 0; i < 400; i++)
      await writeFile(
        join(many, `f${i}.ts`),
        `${client}import { Keys } from './keys';\n${'// a line\n'.repeat(i)}` +
          `export async function f${i}(key: string) {\n  if (await client.getBooleanValue('k${i}', false)) return;\n` +
          `  await client.getBooleanValue(Keys.a, true);\n}\n`,
      );
    const tools = await nodeFinderTools({ grammars: grammars(), ripgrep: await packagedRipgrep(), storage: null });
    const referencesWith = async (readers: FileReaders | null): Promise<unknown> => {
      const { methods } = new CodeServer({ ...tools, readers }, () => undefined);
      const signal = new AbortController().signal;
      const { notes, references } = await methods.index({ root: many, knownKeys: [], exclude: [] }, signal);
      expect({ notes, references }).toEqual({ notes: [], references: 801 });
      return methods.references({ root: many, limit: 10_000 }, signal);
    };
    const readers = new FileReaders(nodeWorkers(folder), { grammars: grammars() }, 1);
    const held = readers.use();
    readers.start();
    const one = { absolute: join(many, 'keys.ts'), path: 'keys.ts', extent: 'whole' } as const;
    // A busy machine may have read everything before the thread is there.
    while (!readers.read(one)) await new Promise((resolve) => setTimeout(resolve, 10));
    let elsewhere = 0;
    const read = readers.read.bind(readers);
    readers.read = (request) => {
      const reading = read(request);
      if (reading) elsewhere++;
      return reading;
    };
    const inTwo = await referencesWith(readers);
    held.dispose();
    expect(elsewhere).toBeGreaterThan(0);
    expect(inTwo).toEqual(await referencesWith(null));
    // No bundle there: what was asked of the thread is read here.
    expect(
      await referencesWith(new FileReaders(nodeWorkers(join(folder, 'none')), { grammars: grammars() }, 1)),
    ).toEqual(inTwo);
  }, 60_000);

  const scan = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
    let out = '';
    let err = '';
    const code = await scanCommand(args, { out: (text) => (out += text), err: (text) => (err += text) }, grammars());
    return { code, out, err };
  };

  it('is asked by `scan`, which writes records and nothing else', async () => {
    const { code, out, err } = await scan(root(), '--jsonl');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => referenceSchema.parse(JSON.parse(line)));
    expect(rows.map(({ path, line, key }) => [path, line, key])).toEqual([['src/a.ts', 2, 'k']]);
    expect(JSON.parse((await scan(root(), '--json', '--key', 'other')).out)).toEqual([]);
    expect(JSON.parse((await scan(root(), '--json', '--key', 'k')).out)).toHaveLength(1);
  });

  it.each([['--what'], ['--json', '--jsonl'], ['a', 'b'], ['/no/such/folder']])(
    'tells the usage of %s',
    async (...args) => {
      const { code, out, err } = await scan(...args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).not.toBe('');
    },
  );
});
