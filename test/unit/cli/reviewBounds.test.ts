import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparisonOf } from '../../../src/workers/review/comparison';
import { parseReviewOptions } from '../../../src/cli/review/reviewOptions';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { GitRepository } from '../../../src/platform/node/gitRepository';

let folder = '';
const signal = new AbortController().signal;
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

async function missingOf(...args: string[]): Promise<readonly string[]> {
  const repository = await GitRepository.at(folder, signal);
  try {
    const { missing } = await comparisonOf(parseReviewOptions(args), repository, memoryL10n);
    return missing.map(({ words }) => words);
  } finally {
    repository.dispose();
  }
}

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sightglass-bounds-')));
  git('init', '-q', '-b', 'main');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('review: what is cut off is said', () => {
  it('says that renames with edits were not looked for among so many files', { timeout: 60_000 }, async () => {
    const count = 2_001;
    const commit = async (side: string): Promise<void> => {
      await rm(join(folder, 'src'), { recursive: true, force: true });
      await mkdir(join(folder, 'src'));
      for (let at = 0; at < count; at++) await writeFile(join(folder, 'src', `${side}${at}.txt`), `${side} ${at}\n`);
      git('add', '-A');
      git('commit', '-qm', side);
    };
    await commit('old');
    await commit('new');
    expect(await missingOf('--base', 'HEAD~1', '--head', 'HEAD')).toEqual([
      'There are too many files to look for renames with edits: such files are told as gone and as new.',
    ]);
    await writeFile(join(folder, 'src', 'one.txt'), 'one\n');
    expect(await missingOf('--base', 'HEAD')).toEqual([]);
  });
});
