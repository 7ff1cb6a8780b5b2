import type { JournalEntry } from '../model/change';
import { isMade, isOpen, placeOf } from './entry';
import { timeOfId, type Journal } from './journal';

/** Entries younger than this stay, however many they are. */
const keptForMs = 90 * 24 * 60 * 60_000;
/** And so many of the newest, however old they are. */
const keptAtLeast = 1_000;

/**
 * Keeps the journal bounded: removes what is older than 90 days and not among the newest 1,000. What is not settled
 * stays, and so does the last change made at each flag and environment, which may still be taken back, and what cannot
 * be read (nobody can tell what it is about). Oldest first, so that no entry outlives the one that undid it. Resolves
 * with the number of entries removed; rejects with FileError when the folder cannot be read or an entry not be removed.
 */
export async function pruneJournal(journal: Journal, now: number, signal: AbortSignal): Promise<number> {
  const ids = await journal.ids();
  const isOld = (id: string): boolean => timeOfId(id) < now - keptForMs;
  if (!ids.slice(keptAtLeast).some(isOld)) return 0;
  const places = new Set<string>();
  const doomed: string[] = [];
  for (const [index, id] of ids.entries()) {
    if (signal.aborted) return 0;
    const entry = await journal.read(id);
    if (!entry) continue;
    const isLast = isLastMade(entry, places);
    if (index >= keptAtLeast && isOld(id) && isSettled(entry) && !isLast) doomed.push(id);
  }
  let removed = 0;
  for (const id of doomed.reverse()) {
    if (signal.aborted) break;
    await journal.remove(id);
    removed++;
  }
  return removed;
}

/** Asked newest first. */
function isLastMade(entry: JournalEntry, places: Set<string>): boolean {
  if (!isMade(entry)) return false;
  const place = placeOf(entry.plan.ref, entry.plan.environment);
  const isLast = !places.has(place);
  places.add(place);
  return isLast;
}

/** A request waits for others, for as long as they take. */
function isSettled(entry: JournalEntry): boolean {
  return !isOpen(entry) && entry.status !== 'requested';
}
