/** Path segments with `/`, without a drive, scheme or leading `./`. */
export function pathSegments(path: string): readonly string[] {
  return path
    .replace(/^[a-z]+:\/\//iu, '')
    .replace(/^[a-z]:(?=[\\/])/iu, '')
    .split(/[\\/]+/u)
    .filter((segment) => segment !== '' && segment !== '.');
}

const builtFolders = new Set(['dist', 'build', 'lib', 'out']);
const scriptExtension = /\.(?:d\.)?(?:[cm]?[jt]sx?)$/u;

/** As compiled and source files are alike: no js/ts extension, build folders read as `src`. */
export function likeSource(segments: readonly string[]): readonly string[] {
  const last = segments.length - 1;
  return segments.map((segment, index) => {
    if (index === last) return segment.replace(scriptExtension, '');
    return builtFolders.has(segment) ? 'src' : segment;
  });
}

/** Whether `path` names this file of the workspace: all of the relative path is its end (a container's root is stripped). */
export function endsWithPath(path: readonly string[], relative: readonly string[]): boolean {
  return relative.length > 0 && commonEnd(path, relative) === relative.length;
}

/** How many segments both end with. */
export function commonEnd(one: readonly string[], other: readonly string[]): number {
  let same = 0;
  while (same < one.length && same < other.length && one[one.length - 1 - same] === other[other.length - 1 - same])
    same += 1;
  return same;
}
