/**
 * The key most like another by optimal string alignment (insert, delete, replace, swap of neighbours), at most a
 * quarter of its length and 3 apart; keys that differ only in case and separators count as equal. Null when none is
 * that near. The first of equally near keys wins.
 */
export function nearestKey(key: string, known: Iterable<string>): string | null {
  if (key.length > MAX_LENGTH) return null;
  let limit = Math.min(3, Math.max(1, Math.floor(key.length / 4)));
  let nearest: string | null = null;
  const plain = plainOf(key);
  for (const candidate of known) {
    if (candidate === key) return candidate;
    if (candidate.length > MAX_LENGTH) continue;
    const distance = plainOf(candidate) === plain ? 0 : distanceWithin(key, candidate, limit);
    if (distance === undefined) continue;
    nearest = candidate;
    if (distance === 0) return nearest;
    // Only a strictly nearer one replaces it.
    limit = distance - 1;
  }
  return nearest;
}

const MAX_LENGTH = 200;

const plainOf = (key: string): string => key.toLowerCase().replaceAll(/[-_.\s]/g, '');

/** The distance, or undefined when it is more than `limit`. */
function distanceWithin(a: string, b: string, limit: number): number | undefined {
  if (Math.abs(a.length - b.length) > limit) return undefined;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, (before[j - 2] ?? 0) + 1);
      next.push(value);
      least = Math.min(least, value);
    }
    if (least > limit) return undefined;
    [before, row] = [row, next];
  }
  const distance = row[b.length] ?? Number.POSITIVE_INFINITY;
  return distance <= limit ? distance : undefined;
}
