import ignore from 'ignore';
import { mostSearchedBytes } from '../../code/bounds';
import { languageOf } from '../../code/languages/table';
import { decodeSource } from '../../code/scan/decode';
import { alwaysExcluded } from '../../code/scan/patterns';
import { isConfigPath, type Search } from '../../code/scan/search';
import type { RevisionFiles } from './revisionFiles';

const readAtOnce = 32;

/**
 * Finds files of a revision. Those that are the same with and without the change and lie on disk are searched there by
 * `disk`; the others (`apart`), of both revisions alike, are read one by one.
 */
export function revisionSearch(of: {
  readonly revision: RevisionFiles;
  readonly disk: Search | null;
  readonly apart: ReadonlySet<string>;
}): Search {
  const { revision, disk, apart } = of;
  const isShared = (path: string): boolean => disk !== null && !apart.has(path) && revision.isOnDisk(path);

  /** What is not searched on disk, sorted. */
  const others = (exclude: readonly string[], isWanted: (path: string) => boolean): string[] => {
    const isLookedAt = lookedAt(exclude);
    const found: string[] = [];
    for (const [path, { kind }] of revision.tree)
      if (kind === 'file' && !isShared(path) && isWanted(path) && isLookedAt(path)) found.push(path);
    return found.sort();
  };
  const isListed = (path: string): boolean => languageOf(path) !== undefined || isConfigPath(path);

  const matchingOthers = async (
    pattern: string,
    exclude: readonly string[],
    signal: AbortSignal,
    onMatch?: (path: string) => void,
  ): Promise<{ readonly files: string[]; readonly matching: string[] }> => {
    const expression = new RegExp(pattern);
    const [files, matching]: [string[], string[]] = [[], []];
    const all = others(exclude, isListed);
    for (let at = 0; at < all.length; at += readAtOnce) {
      signal.throwIfAborted();
      await Promise.all(
        all.slice(at, at + readAtOnce).map(async (path) => {
          const data = await revision.content(path, mostSearchedBytes);
          const text = data && decodeSource(data);
          if (text === null || text === undefined) return;
          files.push(path);
          if (!languageOf(path) || !expression.test(text)) return;
          matching.push(path);
          onMatch?.(path);
        }),
      );
    }
    return { files: files.sort(), matching: matching.sort() };
  };

  return {
    engine: 'javascript',
    async list(root, exclude, signal) {
      const shared = (await disk?.list(root, exclude, signal)) ?? [];
      return [...shared.filter(isShared), ...others(exclude, isListed)].sort();
    },
    async named(root, globs, exclude, signal) {
      const wanted = ignore().add([...globs]);
      const shared = (await disk?.named(root, globs, exclude, signal)) ?? [];
      return [...shared.filter(isShared), ...others(exclude, (path) => wanted.ignores(path))].sort();
    },
    async matching(root, pattern, exclude, signal) {
      const [shared = [], { matching }] = await Promise.all([
        disk?.matching(root, pattern, exclude, signal),
        matchingOthers(pattern, exclude, signal),
      ]);
      return [...shared.filter(isShared), ...matching].sort();
    },
    async survey(root, pattern, exclude, signal, onMatch) {
      const told = (path: string): void => (isShared(path) ? onMatch(path) : undefined);
      // The disk is searched by another process, while git is asked here.
      const [shared, { files, matching }] = await Promise.all([
        disk?.survey(root, pattern, exclude, signal, told),
        matchingOthers(pattern, exclude, signal, onMatch),
      ]);
      return {
        files: [...(shared?.files ?? []).filter(isShared), ...files].sort(),
        matching: [...(shared?.matching ?? []).filter(isShared), ...matching].sort(),
      };
    },
  };
}

/** Which paths are looked at: as both engines, none that begins with a dot, in the folders of others, or is excluded. */
export function lookedAt(exclude: readonly string[]): (path: string) => boolean {
  const excluded = ignore().add([...alwaysExcluded, ...exclude]);
  return (path) => !path.startsWith('.') && !path.includes('/.') && !excluded.ignores(path);
}
