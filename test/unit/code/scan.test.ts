import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
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
  'src/d.lua': flag,
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
      'excluded/e.ts',
      'src/app.min.js',
      'src/d.lua',
    ])
      expect(expected).not.toContain(left);
    // Too large to be read, and told of: what is not found here would be left out without a word.
    expect(expected).toContain('big.ts');
    expect(await (await ripgrep()).matching(root, pattern, ['excluded/**'], signal)).toEqual(expected);
  });

  it('survey what they list and find, telling each match once, without binary files', async () => {
    const left = new Set(['src/nul.ts']);
    const files = (await javascript.list(root, ['excluded/**'], signal)).filter((path) => !left.has(path));
    const matching = await javascript.matching(root, candidatePattern, ['excluded/**'], signal);
    for (const engine of [javascript, await ripgrep()]) {
      const told: string[] = [];
      const found = await engine.survey(root, candidatePattern, ['excluded/**'], signal, (path) => told.push(path));
      expect({ engine: engine.engine, ...found }).toEqual({ engine: engine.engine, files, matching });
      expect(told.sort()).toEqual(matching);
    }
  });

  it('find what git grep finds, in a repository, a worktree and a submodule of it', async () => {
    const git = (cwd: string, ...args: string[]): string =>
      execFileSync(
        'git',
        [
          '-c',
          'user.name=A',
          '-c',
          'user.email=a@example.com',
          '-c',
          'protocol.file.allow=always',
          '-c',
          'core.quotePath=false',
          ...args,
        ],
        { cwd, encoding: 'utf8', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' } },
      );
    const inner = join(root, '../', `${basename(root)}-inner`);
    const worktree = `${inner}-worktree`;
    try {
      await mkdir(inner);
      await writeFile(join(inner, 'inner.ts'), flag);
      for (const folder of [inner, root]) {
        git(folder, 'init', '-q');
        git(folder, 'add', '.');
        git(folder, 'commit', '-qm', 'first');
      }
      git(root, 'submodule', '--quiet', 'add', inner, 'sub');
      git(root, 'commit', '-qm', 'submodule');
      git(root, 'worktree', 'add', '-q', worktree);
      git(worktree, 'submodule', '--quiet', 'update', '--init');
      for (const folder of [root, worktree]) {
        // What no engine of ours reads, whatever it holds: other languages, generated and vendored files, hidden ones.
        const read = new Set(await javascript.list(folder, [], signal));
        const grep = ['grep', '--recurse-submodules', '-lE', '-e', 'getBooleanValue|unleash|express|ofrep'];
        const known = git(folder, ...grep).split('\n');
        const expected = known.filter((path) => read.has(path) && path !== 'src/nul.ts');
        // git knows no UTF-16.
        expected.push('src/utf16.ts');
        for (const engine of [javascript, await ripgrep()])
          expect(await engine.matching(folder, candidatePattern, [], signal)).toEqual(expected.sort());
        expect(expected).toContain('sub/inner.ts');
      }
    } finally {
      for (const folder of [inner, worktree]) await rm(folder, { recursive: true, force: true });
    }
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
