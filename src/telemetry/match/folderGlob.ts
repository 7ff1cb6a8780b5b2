/**
 * Whether `path` (relative, `/`) lies in a folder given as a path or a glob (`*`, `?` within a segment, `**` over any
 * number of them). Worked without regular expressions: the patterns are the repository's, and must not cost time.
 */
export function isInFolder(path: string, folder: string): boolean {
  return matchFrom(segmentsOf(folder), 0, segmentsOf(path), 0, new Set());
}

const segmentsOf = (path: string): readonly string[] => path.split('/').filter((part) => part !== '' && part !== '.');

function matchFrom(
  pattern: readonly string[],
  at: number,
  path: readonly string[],
  from: number,
  failed: Set<number>,
): boolean {
  const wanted = pattern[at];
  if (wanted === undefined) return true;
  const key = at * (path.length + 1) + from;
  if (failed.has(key)) return false;
  const here = path[from];
  const fits =
    wanted === '**'
      ? matchFrom(pattern, at + 1, path, from, failed) ||
        (here !== undefined && matchFrom(pattern, at, path, from + 1, failed))
      : here !== undefined && segmentFits(wanted, here) && matchFrom(pattern, at + 1, path, from + 1, failed);
  if (!fits) failed.add(key);
  return fits;
}

/** One segment against `*` and `?`, going back to the last star only: at most length times length steps. */
function segmentFits(pattern: string, text: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (from < text.length) {
    if (pattern[at] === '*') {
      star = at;
      resume = from;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[from])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      resume += 1;
      from = resume;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
