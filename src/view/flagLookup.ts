import { lastKnown } from '../model/answer';
import type { Environment, FlagSnapshot } from '../model/flag';
import type { FlagRef } from '../model/identity';
import type { FlagLookup, ProjectAnswer } from './input';

const longestKey = 200;
const rememberedMisses = 1000;

/** Looks keys up in the projects mapped to a place. Built when a snapshot changes, asked at every keystroke. */
export function flagLookup(projects: readonly ProjectAnswer[]): FlagLookup {
  const byKey = new Map<string, FlagSnapshot[]>();
  const environments = new Map<string, readonly Environment[]>();
  for (const { answer, system, project } of projects) {
    const snapshot = lastKnown(answer)?.value;
    if (!snapshot) continue;
    environments.set(projectId(system, project), snapshot.environments);
    for (const flag of snapshot.flags) {
      const same = byKey.get(flag.ref.key);
      if (same) same.push(flag);
      else byKey.set(flag.ref.key, [flag]);
    }
  }
  const keys = [...byKey.keys()].sort();
  const nearest = new Map<string, string | null>();
  return {
    projects,
    resolve: (key) => byKey.get(key) ?? [],
    nearest: (key) => {
      const known = nearest.get(key);
      if (known !== undefined) return known;
      if (nearest.size >= rememberedMisses) nearest.clear();
      const found = nearestKey(key, keys);
      nearest.set(key, found);
      return found;
    },
    matching: (pattern) => {
      const matches = globMatcher(pattern);
      return keys.filter(matches);
    },
    environments: ({ system, project }: FlagRef) => environments.get(projectId(system, project)) ?? [],
  };
}

const projectId = (system: string, project: string): string => JSON.stringify([system, project]);

/**
 * The known key with the fewest slips (insertions, deletions, substitutions, swaps of neighbours; case and the choice
 * of `-_.` cost nothing), at most a third of the key's length and never more than four. Null when none is that near.
 */
export function nearestKey(key: string, known: readonly string[]): string | null {
  if (key.length > longestKey) return null;
  const wanted = plain(key);
  let best: string | null = null;
  let bestCost = Math.min(4, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    if (candidate === key || candidate.length > longestKey) continue;
    if (Math.abs(candidate.length - key.length) >= bestCost) continue;
    const cost = slips(wanted, plain(candidate), bestCost);
    if (cost < bestCost) {
      best = candidate;
      bestCost = cost;
      if (cost === 0) break;
    }
  }
  return best;
}

const plain = (key: string): string => key.toLowerCase().replace(/[-_.]/gu, '-');

/** Optimal string alignment distance (Damerau 1964, restricted), given up once it reaches `limit`. */
function slips(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(
        (previous[j] ?? limit) + 1,
        (current[j - 1] ?? limit) + 1,
        (previous[j - 1] ?? limit) + (same ? 0 : 1),
      );
      const swapped =
        i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? limit) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? limit;
}

/** A glob of `*` only; linear in the key, since the pattern comes from code we did not write. */
function globMatcher(pattern: string): (key: string) => boolean {
  const [head = '', ...tail] = pattern.split('*');
  const last = tail.pop();
  if (last === undefined) return (key) => key === pattern;
  return (key) => {
    if (!key.startsWith(head)) return false;
    let from = head.length;
    for (const piece of tail) {
      const at = key.indexOf(piece, from);
      if (at < 0) return false;
      from = at + piece.length;
    }
    return key.length - last.length >= from && key.endsWith(last);
  };
}
