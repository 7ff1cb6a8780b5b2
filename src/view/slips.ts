/**
 * How many insertions, deletions, substitutions and swaps of neighbours part two texts: optimal string alignment distance
 * (Damerau 1964, restricted). Given up once it reaches `limit`, which is then the answer.
 */
export function slips(a: string, b: string, limit: number): number {
  // What both begin and end with costs nothing, and is most of two keys that are near.
  let from = 0;
  let endA = a.length;
  let endB = b.length;
  while (from < endA && from < endB && a.charCodeAt(from) === b.charCodeAt(from)) from++;
  while (endA > from && endB > from && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  const width = endB - from;
  const height = endA - from;
  if (Math.abs(width - height) >= limit) return limit;
  if (width === 0 || height === 0) return Math.max(width, height);
  let before: number[] = [];
  let previous = Array.from({ length: width + 1 }, (_, index) => index);
  for (let i = 1; i <= height; i++) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= width; j++) {
      const cost = Math.min(
        (previous[j] ?? limit) + 1,
        (current[j - 1] ?? limit) + 1,
        (previous[j - 1] ?? limit) + (at(a, i) === at(b, j) ? 0 : 1),
        i > 1 && j > 1 && at(a, i) === at(b, j - 1) && at(a, i - 1) === at(b, j)
          ? (before[j - 2] ?? limit) + 1
          : Number.POSITIVE_INFINITY,
      );
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    before = previous;
    previous = current;
  }
  return Math.min(limit, previous[width] ?? limit);

  function at(text: string, index: number): number {
    return text.charCodeAt(from + index - 1);
  }
}
