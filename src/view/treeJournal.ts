import type { JournalEntry } from '../model/change';
import { environmentId, flagId, type EnvironmentRef, type FlagRef } from '../model/identity';

/** The journal as the tree asks it, for each of many flags. */
export interface TreeJournal {
  /** The newest change of a flag in an environment, however it ended. */
  newest(ref: FlagRef, environment: EnvironmentRef): JournalEntry | undefined;
  /** Whether it was changed since, epoch ms. */
  changedSince(ref: FlagRef, since: number): boolean;
}

const made: ReadonlySet<JournalEntry['status']> = new Set(['applied', 'written', 'verified']);
const indexed = new WeakMap<readonly JournalEntry[], TreeJournal>();

/** Made once for a listing: it is asked of thousands of flags. */
export function treeJournal(entries: readonly JournalEntry[]): TreeJournal {
  let known = indexed.get(entries);
  if (!known) indexed.set(entries, (known = index(entries)));
  return known;
}

function index(entries: readonly JournalEntry[]): TreeJournal {
  const newest = new Map<string, JournalEntry>();
  const madeAt = new Map<string, number>();
  // Few of very many flags were changed: their ids are made for those alone.
  const keys = new Set<string>();
  for (const entry of entries) {
    const { plan, consent, status } = entry;
    const flag = flagId(plan.ref);
    keys.add(plan.ref.key);
    const place = `${flag}@${environmentId(plan.environment)}`;
    if ((newest.get(place)?.consent.at ?? Number.NEGATIVE_INFINITY) < consent.at) newest.set(place, entry);
    if (made.has(status)) madeAt.set(flag, Math.max(madeAt.get(flag) ?? Number.NEGATIVE_INFINITY, consent.at));
  }
  return {
    newest: (ref, environment) =>
      keys.has(ref.key) ? newest.get(`${flagId(ref)}@${environmentId(environment)}`) : undefined,
    changedSince: (ref, since) => keys.has(ref.key) && (madeAt.get(flagId(ref)) ?? Number.NEGATIVE_INFINITY) >= since,
  };
}
