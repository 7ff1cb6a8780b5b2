import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeEvents, CodeMethods, CodeWorkerData } from '../../../src/code/api';
import { scanCommand } from '../../../src/cli/scan';
import { referenceSchema } from '../../../src/model/reference';
import { rpcClient } from '../../../src/platform/rpc';
import { packagedRipgrep } from '../../../src/platform/node/ripgrepPackage';
import { nodeWorkers } from '../../../src/platform/node/workerChannel';

const require = createRequire(import.meta.url);
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
      entryPoints: ['src/workers/code.ts'],
      outfile: join(folder, 'worker-code.js'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
      alias: { 'web-tree-sitter': join(project, 'node_modules/web-tree-sitter/web-tree-sitter.cjs') },
    });
    await mkdir(grammars());
    await mkdir(join(root(), 'src'), { recursive: true });
    const runtime = dirname(require.resolve('web-tree-sitter'));
    const wasm = join(dirname(require.resolve('@vscode/tree-sitter-wasm/package.json')), 'wasm');
    await cp(join(runtime, 'web-tree-sitter.wasm'), join(grammars(), 'web-tree-sitter.wasm'));
    for (const name of ['typescript', 'tsx', 'javascript']) {
      await cp(join(wasm, `tree-sitter-${name}.wasm`), join(grammars(), `tree-sitter-${name}.wasm`));
    }
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
        });
        expect(edited).toMatchObject({ version: '7', references: [{ key: 'unsaved', line: 3, via: 'wrapper' }] });
        await finder.call('close', { root: root(), path: 'src/a.ts' });
        expect((await finder.call('facts', { root: root(), path: 'src/a.ts' }))?.references[0]?.key).toBe('k');
        expect(await finder.call('references', { root: root(), key: 'none', limit: 10 })).toEqual([]);
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
      expect(summary.notes.join()).toContain('web-tree-sitter.wasm');
    } finally {
      finder.dispose();
      worker.dispose();
    }
  }, 30_000);

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
