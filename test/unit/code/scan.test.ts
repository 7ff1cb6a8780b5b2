import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callersPattern, candidatePattern } from '../../../src/code/scan/patterns';
import { ripgrepSearch } from '../../../src/code/scan/ripgrep';
import { javascriptSearch } from '../../../src/code/scan/walk';
import { nodeFiles } from '../../../src/platform/node/files';
import { nodePaths } from '../../../src/platform/node/paths';
import { nodeProcesses } from '../../../src/platform/node/processes';
import { packagedRipgrep } from '../../../src/platform/node/ripgrepPackage';

const flag = `client.getBooleanValue('k', false);\n`;
const tree: Readonly<Record<string, string | Uint8Array>> = {
  'src/a.ts': flag,
  'src/b.tsx': `import { useFlag } from "@unleash/proxy-client-react";`,
  'src/c.js': 'no flags here',
  'src/d.py': flag,
  'src/e.mjs': 'fetch(`${base}/ofrep/v1/evaluate/flags/${key}`)',
  'src/types.d.ts': flag,
  'src/app.min.js': flag,
  'src/nul.ts': new Uint8Array([...new TextEncoder().encode(flag), 0, 1, 2]),
  'src/utf16.ts': new Uint8Array([0xff, 0xfe, ...Buffer.from(flag, 'utf16le')]),
  'src/bom.ts': `\ufeff${flag}`,
  'src/space and ünï/q.ts': flag,
  'src/-dash.ts': flag,
  '.gitignore': '# comment\nout/\n*.gen.ts\n/rooted.ts\n!src/keep.gen.ts\ndeep/**/skip\n',
  'out/x.ts': flag,
  'src/out/y.ts': flag,
  'src/x.gen.ts': flag,
  'src/keep.gen.ts': flag,
  'rooted.ts': flag,
  'src/rooted.ts': flag,
  'deep/one/skip/z.ts': flag,
  'deep/one/z.ts': flag,
  'nested/.gitignore': 'hidden.ts\n!../out\n*.gen.ts\n!wanted.gen.ts',
  'nested/hidden.ts': flag,
  'nested/wanted.gen.ts': flag,
  'nested/deeper/hidden.ts': flag,
  'node_modules/m/i.js': flag,
  '.hidden/h.ts': flag,
  '.ignore': 'src/a.ts\n',
  'server.ts': `import express from 'express';`,
  'package.json': '{}',
  'tsconfig.build.json': '{}',
  'big.ts': flag + ' '.repeat(2 * 1024 * 1024),
  'excluded/e.ts': flag,
};

describe('both engines', () => {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'finder-'));
    for (const [path, content] of Object.entries(tree)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const { signal } = new AbortController();
  const javascript = javascriptSearch(nodeFiles, nodePaths);
  const ripgrep = async () => ripgrepSearch(nodeProcesses, (await packagedRipgrep())[0]!);

  it('list the same files', async () => {
    const expected = await javascript.list(root, ['excluded/**'], signal);
    expect(expected).toContain('src/space and ünï/q.ts');
    expect(expected).toContain('tsconfig.build.json');
    expect(await (await ripgrep()).list(root, ['excluded/**'], signal)).toEqual(expected);
  });

  it.each([
    ['candidates', candidatePattern],
    ['callers', callersPattern(['getBooleanValue', '$odd'])],
  ])('find the same %s', async (_, pattern) => {
    const expected = await javascript.matching(root, pattern, ['excluded/**'], signal);
    expect(expected).toEqual(
      expect.arrayContaining(['src/-dash.ts', 'src/a.ts', 'src/bom.ts', 'src/keep.gen.ts', 'src/utf16.ts']),
    );
    expect(expected).not.toEqual(expect.arrayContaining(['src/nul.ts']));
    for (const left of [
      'out/x.ts',
      'src/x.gen.ts',
      'rooted.ts',
      'deep/one/skip/z.ts',
      'nested/hidden.ts',
      'big.ts',
      'excluded/e.ts',
      'src/app.min.js',
      'src/d.py',
    ])
      expect(expected).not.toContain(left);
    expect(await (await ripgrep()).matching(root, pattern, ['excluded/**'], signal)).toEqual(expected);
  });

  it('say when ripgrep cannot be started', async () => {
    await expect(ripgrepSearch(nodeProcesses, join(root, 'none')).list(root, [], signal)).rejects.toThrow(/ENOENT/);
  });

  it('stop when asked to', async () => {
    const stopped = AbortSignal.abort(new Error('enough'));
    await expect(javascript.list(root, [], stopped)).rejects.toThrow('enough');
    await expect((await ripgrep()).list(root, [], stopped)).rejects.toThrow('enough');
  });

  it('run the executable itself, not a shell', async () => {
    await expect(nodeProcesses.run('rg', [], { timeoutMs: 1, maxBytes: 1, onLine: () => undefined })).rejects.toThrow(
      /absolute/,
    );
  });
});
