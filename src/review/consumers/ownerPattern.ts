import { globFits, type GlobWork } from '../../platform/pathGlob';

/** `parts`: the path's segments, where they are known already. */
export type OwnerMatch = (path: string, parts?: readonly string[], work?: GlobWork) => boolean;

/**
 * Whether a pattern of CODEOWNERS matches a path (relative, `/`). As in .gitignore: `*` and `?` stay within a segment,
 * `**` spans any number of them; with a slash in it other than at its end it is of the root, else it matches at any depth;
 * what matches a folder matches all below it. As GitHub has it, `docs/*` is of the files in docs and not of those below.
 */
export function ownerPattern(pattern: string): OwnerMatch {
  const isFolder = pattern.endsWith('/');
  const body = isFolder ? pattern.slice(0, -1) : pattern;
  const isOfRoot = body.includes('/');
  const segments = body.split('/').filter((segment) => segment !== '');
  // One `**` behind another says nothing more.
  const wanted = (isOfRoot ? segments : ['**', ...segments]).filter(
    (segment, at, all) => segment !== '**' || all[at - 1] !== '**',
  );
  const isExact = isOfRoot && segments.at(-1) === '*';
  const ends = (below: number): boolean => (isExact ? below === 0 : isFolder ? below > 0 : true);
  const least = wanted.filter((segment) => segment !== '**').length;
  const [first = '**'] = wanted;
  // Most patterns are of another folder: a repository may have thousands of them, and each is asked of each file.
  const begins = /[*?]/.test(first) ? null : first;
  return (path, parts = path.split('/'), work) =>
    segments.length > 0 &&
    parts.length >= least &&
    (begins === null || begins === parts[0]) &&
    globFits(wanted, parts, ends, work);
}
