import type { Hunk, RawChange, TreeEntry } from '../../platform/node/gitOutput';

/** The files of a repository at one time, by path with `/`. */
export type RevisionTree = ReadonlyMap<string, TreeEntry>;

/** The tree that changes make of one. */
export function treeAfter(before: RevisionTree, changes: readonly RawChange[]): RevisionTree {
  const after = new Map(before);
  for (const change of changes) if (change.before) after.delete(change.before.path);
  for (const change of changes) if (change.after) after.set(change.after.path, change.after.entry);
  return after;
}

/** Paths whose content is another, or that were not, or are no more. */
export function changedPaths(changes: readonly RawChange[]): ReadonlySet<string> {
  return new Set(changes.flatMap(({ before, after }) => [before?.path ?? [], after?.path ?? []].flat()));
}

/** Lines of one file that are others; null where git did not say which. */
export function linesOf(
  { before, after }: RawChange,
  hunks: ReadonlyMap<string, readonly Hunk[]> | null,
): readonly Hunk[] | null {
  const told = hunks?.get(after?.path ?? before?.path ?? '');
  if (told) return told;
  // What git does not keep is new as a whole; of what is only renamed, no line is another.
  if (!before && after?.entry.id === null)
    return [{ before: { start: 0, count: 0 }, after: { start: 1, count: mostLines } }];
  return hunks && !differs(before?.entry, after?.entry) ? [] : null;
}

/** What lies on disk has no name to compare; git told what of it is another. */
const differs = (before: TreeEntry | undefined, after: TreeEntry | undefined): boolean =>
  before !== undefined && after !== undefined && after.id !== null && before.id !== after.id;

const mostLines = 10_000_000;
