import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type * as gitProcess from '../../../src/platform/node/gitProcess';
import { GitRepository } from '../../../src/platform/node/gitRepository';

/** Calls of git with this argument take too long. */
const late = vi.hoisted(() => ({ diff: '--text' }));
vi.mock('../../../src/platform/node/gitProcess', async (original) => {
  const real = await original<typeof gitProcess>();
  return {
    ...real,
    runGit: (...args: Parameters<typeof real.runGit>) =>
      args[1].includes(late.diff) ? Promise.reject(new real.GitError('git diff took too long.')) : real.runGit(...args),
  };
});

it('lines that cannot be told in time hide no files', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sightglass-late-')));
  try {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
    git('init', '-q', '-b', 'main');
    await writeFile(join(folder, 'a.txt'), 'one\n');
    git('add', '-A');
    git('commit', '-qm', 'first');
    await writeFile(join(folder, 'a.txt'), 'two\n');
    const opened = await GitRepository.at(folder, new AbortController().signal);
    const found = await opened.compare('HEAD', { kind: 'worktree' });
    expect(found).toMatchObject({ hunks: null, failed: 'git diff took too long.' });
    expect(found.changes.map(({ after }) => after?.path)).toEqual(['a.txt']);
    late.diff = '-M50%';
    const without = await opened.compare('HEAD', { kind: 'worktree' });
    expect(without).toMatchObject({ hunks: null, failed: 'git diff took too long.', withoutRenames: true });
    expect(without.changes.map(({ after }) => after?.path)).toEqual(['a.txt']);
    opened.dispose();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
