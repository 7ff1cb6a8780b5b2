import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Rooms, and the rooms each may import. The same table as the linter's zones, held here on what is really bundled. */
const allowed: Record<string, readonly string[]> = {
  model: ['model'],
  platform: ['platform', 'model'],
  code: ['code', 'model', 'platform'],
  flags: ['flags', 'model', 'platform'],
  telemetry: ['telemetry', 'model', 'platform'],
  protocol: ['protocol', 'model'],
  view: ['view', 'model', 'platform', 'protocol'],
  change: ['change', 'model', 'platform', 'flags'],
  review: ['review', 'model', 'platform', 'view'],
};

const roomOf = (path: string): string | undefined => /^src\/([a-z]+)\//.exec(path)?.[1];

async function bundle(entry: string): Promise<Metafile> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    outdir: 'dist',
    external: ['vscode', './http.js', '@vscode/ripgrep'],
    logLevel: 'silent',
  });
  return result.metafile;
}

describe('layers, as bundled', () => {
  let host: Metafile;
  const inputs: Metafile['inputs'] = {};

  beforeAll(async () => {
    host = await bundle('src/extension.ts');
    for (const metafile of [
      host,
      await bundle('src/workers/code.ts'),
      await bundle('src/workers/reader.ts'),
      await bundle('src/workers/review.ts'),
      await bundle('src/workers/telemetry.ts'),
      await bundle('src/cli/main.ts'),
    ]) {
      Object.assign(inputs, metafile.inputs);
    }
    // Six bundles take a busy machine longer than a hook is given.
  }, 60_000);

  it('has every room import only what its zone allows', () => {
    const broken = Object.entries(inputs).flatMap(([path, { imports }]) => {
      const room = roomOf(path);
      const may = room === undefined ? undefined : allowed[room];
      if (may === undefined || /^src\/platform\/(node|vscode)\//.test(path)) return [];
      return imports
        .filter(({ path: imported }) => imported.startsWith('src/') && !may.includes(roomOf(imported) ?? ''))
        .map(({ path: imported }) => `${path} -> ${imported}`);
    });
    expect(broken).toEqual([]);
  });

  it('keeps the vscode API in the editor, the composition root and its adapters', () => {
    const importers = Object.entries(inputs)
      .filter(([, { imports }]) => imports.some(({ path }) => path === 'vscode'))
      .map(([path]) => path);
    expect(importers.length).toBeGreaterThan(0);
    expect(importers.filter((path) => !/^src\/(editor\/|extension\.ts$|platform\/vscode\/)/.test(path))).toEqual([]);
  });

  it('keeps Node in its adapters, the workers and the command line', () => {
    const importers = Object.entries(inputs)
      .filter(
        ([path, { imports }]) =>
          path.startsWith('src/') && imports.some(({ path: imported }) => imported.startsWith('node:')),
      )
      .map(([path]) => path);
    expect(importers.length).toBeGreaterThan(0);
    expect(importers.filter((path) => !/^src\/(platform\/node|workers|cli)\//.test(path))).toEqual([]);
  });

  it('leaves undici out of the extension host bundle', () => {
    expect(Object.keys(host.inputs).filter((path) => path.includes('node_modules/undici'))).toEqual([]);
  });

  it('bundles the rooms for the browser', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'esbuild.mjs'), '--browser-check'], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
