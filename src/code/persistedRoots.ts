import type { Files, Paths } from '../platform/files';

/** Of so many roots the indexes are kept, those that changed last. */
const mostRoots = 32;
const ours = /^(finder-[0-9a-f]{24})(?:\.jsonl?|-\d+\.jsonl)$/;

/** Removes what is kept of the roots whose indexes were written longest ago, where there are too many. Never rejects. */
export async function keepRecentRoots(
  storage: string,
  { files, paths }: { readonly files: Files; readonly paths: Paths },
): Promise<void> {
  const byRoot = new Map<string, string[]>();
  for (const { name } of await files.list(storage).catch(() => [])) {
    const root = ours.exec(name)?.[1];
    if (root !== undefined) byRoot.set(root, [...(byRoot.get(root) ?? []), name]);
  }
  if (byRoot.size <= mostRoots) return;
  const roots = await Promise.all(
    [...byRoot].map(async ([root, names]) => {
      const stat = await files.stat(paths.join(storage, `${root}.json`)).catch(() => undefined);
      return { names, modified: stat?.modified ?? 0 };
    }),
  );
  roots.sort((a, b) => b.modified - a.modified);
  for (const { names } of roots.slice(mostRoots))
    for (const name of names) await files.remove(paths.join(storage, name)).catch(() => undefined);
}
