import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { changedSince } from '../../../src/platform/node/changedSince';
import { gitEnvironment } from '../../../src/platform/node/gitProcess';
import { GitRepository } from '../../../src/platform/node/gitRepository';

let folder = '';
let proof = '';
let program = '';
const signal = new AbortController().signal;

function git(cwd: string, ...args: string[]): string {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

async function repository(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const at = join(folder, name);
  git(folder, 'init', '-q', '-b', 'main', at);
  for (const [path, content] of Object.entries(files)) await writeFile(join(at, path), content);
  git(at, 'add', '-A');
  git(at, 'commit', '-qm', 'first');
  return at;
}

/** A clone without what its files hold, whose configuration names a program to fetch it with. */
async function partialClone(): Promise<string> {
  const full = await repository('full', { 'a.txt': 'one\n' });
  await writeFile(join(full, 'a.txt'), 'two\n');
  git(full, 'commit', '-qam', 'second');
  git(full, 'config', 'uploadpack.allowFilter', 'true');
  const partial = join(folder, 'partial');
  git(folder, 'clone', '-q', '--no-checkout', '--filter=blob:none', `file://${full}`, partial);
  for (const [key, value] of [
    ['protocol.file.allow', 'always'],
    ['protocol.allow', 'always'],
    ['remote.origin.uploadpack', program],
  ] as const)
    git(partial, 'config', key, value);
  return partial;
}

const wasRun = async (): Promise<boolean> => (await stat(proof).catch(() => null)) !== null;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sightglass-git-')));
  proof = join(folder, 'was-run');
  program = join(folder, 'program.sh');
  await writeFile(program, `#!/bin/sh\necho run >> '${proof}'\nexit 1\n`, { mode: 0o755 });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(proof, { force: true });
  for (const name of ['full', 'partial', 'filtered', 'plain'])
    await rm(join(folder, name), { recursive: true, force: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('git, asked', () => {
  it('fetches nothing, whatever the repository says of its transports', async () => {
    const partial = await partialClone();
    const opened = await GitRepository.at(partial, signal);
    const [before, after] = [await opened.commit('HEAD~1'), await opened.commit('HEAD')];
    const { failed } = await opened.compare(before ?? '', { kind: 'commit', id: after ?? '' });
    expect(failed).not.toBeNull();
    expect(await opened.objects.read(git(partial, 'rev-parse', 'HEAD:a.txt'), 100)).toBeNull();
    opened.dispose();
    await changedSince(partial, 'HEAD~1', signal);
    // As a git that does not know that it should not fetch by itself.
    const env = { ...gitEnvironment(), GIT_NO_LAZY_FETCH: '0' };
    const old = spawnSync('git', ['diff', 'HEAD~1', 'HEAD'], { cwd: partial, env, encoding: 'utf8' });
    expect(old.stderr).toContain("transport 'file' not allowed");
    expect(await wasRun()).toBe(false);
    // The proof can fail: git itself runs it.
    expect(() => git(partial, 'diff', 'HEAD~1', 'HEAD')).toThrow();
    expect(await wasRun()).toBe(true);
  });

  it('runs no filter to tell what changed, or what did not', async () => {
    const filtered = await repository('filtered', { 'a.txt': 'one\n', '.gitattributes': '*.txt filter=evil\n' });
    git(filtered, 'config', 'filter.evil.clean', program);
    await writeFile(join(filtered, 'a.txt'), 'two\n');
    expect([...(await changedSince(filtered, 'main', signal))]).toEqual(['a.txt']);
    // As large and as old as what is staged: only its content tells.
    const opened = await GitRepository.at(filtered, signal);
    expect([...(await opened.clean()).keys()]).toEqual(['.gitattributes']);
    opened.dispose();
    expect(await wasRun()).toBe(false);
    git(filtered, 'diff', '--stat');
    expect(await wasRun()).toBe(true);
  });

  it('tells of names with line breaks', async () => {
    const plain = await repository('plain', { 'a.txt': 'one\n' });
    await writeFile(join(plain, 'a\r\nb.txt'), 'new\n');
    expect([...(await changedSince(plain, 'main', signal))]).toEqual(['a\r\nb.txt']);
  });

  it('keeps configuration that came by the environment', () => {
    vi.stubEnv('GIT_CONFIG_COUNT', '1');
    vi.stubEnv('GIT_CONFIG_KEY_0', 'safe.directory');
    vi.stubEnv('GIT_CONFIG_VALUE_0', '*');
    expect(gitEnvironment(['filter.evil'])).toMatchObject({
      GIT_CONFIG_COUNT: '4',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_CONFIG_KEY_1: 'filter.evil.clean',
      GIT_CONFIG_VALUE_1: '',
      GIT_CONFIG_KEY_3: 'filter.evil.required',
    });
  });
});
