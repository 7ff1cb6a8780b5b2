import { realpath } from 'node:fs/promises';
import { GitError } from './gitProcess';
import { GitRepository } from './gitRepository';
import { nodePaths } from './paths';

/**
 * Files under a folder that are not as they were where its branch left `revision` (a commit, branch or tag): committed
 * since, staged, edited or new. Relative to the folder, with `/`; what is gone is left out. Rejects with
 * {@link GitError}.
 */
export async function changedSince(
  folder: string,
  revision: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const repository = await GitRepository.at(folder, signal);
  try {
    if (repository.isBare)
      throw new GitError(
        `${folder} is in no working tree of git, so nothing tells what changed since ${revision}: scan it without --changed-since`,
      );
    const named = await repository.commit(revision);
    if (named === null)
      throw new GitError(`git knows no revision ${revision} in ${folder}. Fetch it, or name a commit, branch or tag.`);
    // Histories that were cut off, or never met, have no point where they parted.
    const from = (await repository.mergeBase(named, 'HEAD')) ?? named;
    const inside = nodePaths.relative(repository.top, await realpath(folder));
    const prefix = inside === '' ? '' : `${inside.split(nodePaths.separator).join('/')}/`;
    const changed = (await repository.changes(from, { kind: 'worktree' })).flatMap(({ after }) => after?.path ?? []);
    return new Set(changed.flatMap((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : [])));
  } finally {
    repository.dispose();
  }
}
