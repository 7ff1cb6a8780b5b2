const mostSegments = 1_000;

/** Steps that may still be taken, of all that is matched together; none left: nothing fits any more. */
export interface GlobWork {
  left: number;
}

/**
 * Whether a path begins as a glob says, both in segments: `*` and `?` within one, `**` over any number of them. `ends`
 * says whether it may be over with so many segments of the path left. Worked without regular expressions: patterns are
 * a repository's, and must not cost time. What has more than a thousand segments fits nothing.
 */
export function globFits(
  pattern: readonly string[],
  path: readonly string[],
  ends: (left: number) => boolean,
  work: GlobWork = { left: Infinity },
): boolean {
  // Each is a call within another.
  if (Math.max(pattern.length, path.length) > mostSegments) return false;
  const failed = new Set<number>();
  const from = (at: number, next: number): boolean => {
    if (--work.left < 0) return false;
    const wanted = pattern[at];
    if (wanted === undefined) return ends(path.length - next);
    const key = at * (path.length + 1) + next;
    if (failed.has(key)) return false;
    const here = path[next];
    // A segment with stars may be gone through for each of its signs.
    if (here !== undefined) work.left -= (wanted.length * here.length) >> 5;
    const fits =
      wanted === '**'
        ? from(at + 1, next) || (here !== undefined && from(at, next + 1))
        : here !== undefined && segmentFits(wanted, here) && from(at + 1, next + 1);
    if (!fits) failed.add(key);
    return fits;
  };
  return from(0, 0);
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
