import type { FlagSystem } from '../flags/system';
import type { JournalEntry, Plan } from '../model/change';
import { isMade, madeAt, placeOf, withUndoneBy } from './entry';
import type { Journal } from './journal';
import { standing } from './readBack';

/** Enough to hold whatever was made between a question and its answer. */
const lookedThrough = 200;

/**
 * The very change of this plan, made by another window (or another question of this one) while a person was still being
 * asked: it is made once and stands in the journal once. undefined when there is none, or when what it wrote no longer
 * stands. Call it while nobody else changes that flag ({@link Journal.alone}).
 */
export async function madeMeanwhile(
  plan: Plan,
  system: FlagSystem,
  journal: Journal,
  signal: AbortSignal,
): Promise<JournalEntry | undefined> {
  const place = placeOf(plan.ref, plan.environment);
  const { entries } = await journal.list(lookedThrough);
  const newest = withUndoneBy(entries).find(
    (entry) => isMade(entry) && placeOf(entry.plan.ref, entry.plan.environment) === place,
  );
  if (newest?.undoneBy !== null || madeAt(newest) < plan.madeAt) return undefined;
  if (newest.plan.before.text !== plan.before.text || newest.plan.after.text !== plan.after.text) return undefined;
  return (await standing(system, plan, signal)) === 'asPlanned' ? newest : undefined;
}
