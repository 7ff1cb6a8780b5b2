import { lastKnown } from '../model/answer';
import type { Environment, FlagSnapshot } from '../model/flag';
import type { FlagRef } from '../model/identity';
import type { FlagLookup, ProjectAnswer } from './input';
import { NearKeys } from './nearKeys';

const rememberedMisses = 10_000;

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
  let near: NearKeys | undefined;
  return {
    projects,
    keys,
    resolve: (key) => byKey.get(key) ?? [],
    nearest: (key) => {
      const known = nearest.get(key);
      if (known !== undefined) return known;
      if (nearest.size >= rememberedMisses) nearest.clear();
      near ??= new NearKeys(keys);
      const found = near.nearest(key);
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

/** A glob of `*` only; linear in the key, since the pattern comes from code we did not write. */
export function globMatcher(pattern: string): (key: string) => boolean {
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
