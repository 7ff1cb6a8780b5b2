import { globFits } from '../../platform/pathGlob';

/**
 * Whether a pattern of CODEOWNERS matches a path (relative, `/`). As in .gitignore: `*` and `?` stay within a segment,
 * `**` spans any number of them; with a slash in it other than at its end it is of the root, else it matches at any depth;
 * what matches a folder matches all below it. As GitHub has it, `docs/*` is of the files in docs and not of those below.
 */
export function ownerPattern(pattern: string): (path: string) => boolean {
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
  return (path) => segments.length > 0 && globFits(wanted, path.split('/'), ends);
}
