import { join } from 'node:path';
import type { L10n } from '../../platform/l10n';
import type { Hunk, RawChange, TreeEntry } from '../../platform/node/gitOutput';
import { nodeFiles } from '../../platform/node/files';
import type { GitRepository, Head } from '../../platform/node/gitRepository';
import type { Missing, Revision } from '../../review/report';
import { GitError } from '../../platform/node/gitProcess';
import { oneLine } from '../../view/text';
import { treeAfter, type RevisionTree } from './revisionTree';

const mostNamed = 5;
const mostPointer = 1_024;
const readAtOnce = 64;
/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const pointer = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\r?\n/;

/** What is compared with what. */
export interface Compared {
  /** A revision, and what it is called where that says more. */
  readonly base: string;
  readonly baseName?: string;
  /** Null: the working tree, or what is staged. */
  readonly head: string | null;
  readonly staged: boolean;
}

/** What is reviewed, as git tells it. */
export interface Comparison {
  readonly base: Revision;
  readonly head: Revision;
  readonly changes: readonly RawChange[];
  readonly hunks: ReadonlyMap<string, readonly Hunk[]> | null;
  /** The commit where the histories parted, or the base; null: there is none yet. */
  readonly parted: string | null;
  /** The files there, and what the change makes of them. */
  readonly before: RevisionTree;
  readonly after: RevisionTree;
  /** What the base is now: configuration and flags are read there. */
  readonly tip: RevisionTree;
  readonly missing: readonly Missing[];
}

/** Resolves revisions and compares them. Rejects with {@link GitError} where there is nothing to compare. */
export async function comparisonOf(options: Compared, repository: GitRepository, l10n: L10n): Promise<Comparison> {
  const missing: Missing[] = [];
  const miss = (words: string): void => void missing.push({ source: 'git', words });
  const [tip, head] = await Promise.all([repository.commit(options.base), headOf(options, repository)]);
  const unborn = head.kind !== 'commit' && (await repository.commit('HEAD')) === null;
  if (tip === null && !unborn)
    throw new GitError(
      `git knows no revision ${options.base} in ${repository.top}. ${
        (await repository.isShallow())
          ? 'This clone is shallow: fetch it with its history, as with git fetch --unshallow, or fetch-depth: 0 of actions/checkout.'
          : 'Fetch it, or name a commit, branch or tag.'
      }`,
    );
  if (tip === null) miss(l10n.t('There is no commit yet: all files are taken as new.'));
  const parted = tip === null ? null : await partedAt(tip, head, repository, miss, l10n);
  const from = parted ?? tip ?? (await repository.emptyTree());
  const [{ changes, hunks, failed, withoutRenames, leftOut }, conflicts, before, tipTree] = await Promise.all([
    repository.compare(from, head),
    head.kind === 'commit' ? new Set<string>() : repository.conflicts(),
    tip === null ? new Map<string, TreeEntry>() : repository.tree(from),
    tip === null || tip === from ? null : repository.tree(tip),
  ]);
  const after = treeAfter(before, changes);
  if (failed !== null)
    miss(
      l10n.t(
        'git could not tell lines and renames: {0}. Changed files are taken as changed as a whole.',
        oneLine(failed),
      ),
    );
  else if (hunks === null)
    miss(l10n.t('The difference is too large to be read by line: changed files are taken as changed as a whole.'));
  if (failed === null && withoutRenames)
    miss(l10n.t('There are too many files to look for renames with edits: such files are told as gone and as new.'));
  if (leftOut > 0) miss(l10n.t('New files that are not looked at, since there are so many: {0}.', leftOut));
  await notLookedAt(changes, { repository, conflicts }, miss, l10n);
  return {
    base: { name: options.baseName ?? options.base, commit: tip },
    head: {
      name: options.head ?? (head.kind === 'staged' ? l10n.t('what is staged') : l10n.t('the working tree')),
      commit: head.kind === 'commit' ? head.id : null,
    },
    changes,
    hunks,
    parted: parted ?? tip,
    before,
    after,
    tip: tipTree ?? before,
    missing,
  };
}

async function headOf({ head, staged }: Compared, repository: GitRepository): Promise<Head> {
  if (head === null) {
    if (repository.isBare) throw new GitError(`${repository.top} has no working tree. Name a revision with --head.`);
    return { kind: staged ? 'staged' : 'worktree' };
  }
  const id = await repository.commit(head);
  if (id === null) throw new GitError(`git knows no revision ${head} in ${repository.top}. Fetch it, or name another.`);
  return { kind: 'commit', id };
}

/** As a pull request is compared: with where it left its base, so that what came there since is nobody's doing here. */
async function partedAt(
  tip: string,
  head: Head,
  repository: GitRepository,
  miss: (words: string) => void,
  l10n: L10n,
): Promise<string | null> {
  const end = head.kind === 'commit' ? head.id : await repository.commit('HEAD');
  const base = end === null ? null : await repository.mergeBase(tip, end);
  if (base === null)
    miss(
      (await repository.isShallow())
        ? l10n.t(
            'This clone is shallow and does not have where the change left its base: what came to the base since looks as if it was taken back.',
          )
        : l10n.t('The change and its base have no common history: they are compared as they are.'),
    );
  return base;
}

/** Names what git tells of and nobody reads. */
async function notLookedAt(
  changes: readonly RawChange[],
  { repository, conflicts }: { readonly repository: GitRepository; readonly conflicts: ReadonlySet<string> },
  miss: (words: string) => void,
  l10n: L10n,
): Promise<void> {
  const entries = changes.flatMap(({ before, after }) => {
    const side = after ?? before;
    return side ? [side] : [];
  });
  const name = (paths: readonly string[], words: (names: string) => string): void => {
    if (paths.length === 0) return;
    const rest = paths.length - mostNamed;
    miss(
      words(
        `${paths
          .slice(0, mostNamed)
          .map((path) => oneLine(path))
          .join(', ')}${rest > 0 ? l10n.t(' and {0} more', rest) : ''}`,
      ),
    );
  };
  const pathsOf = (which: (entry: (typeof entries)[number]) => boolean): string[] =>
    entries.filter(which).map(({ path }) => path);
  name([...conflicts], (names) => l10n.t('Files in conflict are read as they lie there, marks and all: {0}', names));
  name(
    pathsOf(({ entry }) => entry.kind === 'submodule'),
    (names) => l10n.t('What changed within submodules is not looked at: {0}', names),
  );
  const pointers: string[] = [];
  for (let at = 0; at < entries.length; at += readAtOnce)
    await Promise.all(
      entries.slice(at, at + readAtOnce).map(async ({ path, entry }) => {
        if (entry.kind === 'file' && (await isPointer(path, entry.id, repository))) pointers.push(path);
      }),
    );
  name(pointers, (names) => l10n.t('What is kept in Git LFS is not looked at: {0}', names));
}

async function isPointer(path: string, id: string | null, { objects, top }: GitRepository): Promise<boolean> {
  const data = await (id === null ? nodeFiles.read(join(top, path), mostPointer) : objects.read(id, mostPointer)).catch(
    () => null,
  );
  return data !== null && pointer.test(new TextDecoder().decode(data));
}
