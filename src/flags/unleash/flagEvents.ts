import { UnleashError, type UnleashClient } from './client';
import { adminPaths } from './paths';
import { eventsSchema, type UnleashEvent } from './schema';

const SEEN = 100;
const LATER = 500;

/** Ids of a flag's newest events; null where the log may not be read. Asked before the flag is, so that none is missed. */
export async function seenEvents(
  client: UnleashClient,
  project: string,
  feature: string,
  signal: AbortSignal,
): Promise<number[] | null> {
  try {
    const { events } = await client.get(adminPaths.featureEvents(project, feature, SEEN), eventsSchema, signal);
    return events.map(({ id }) => id);
  } catch (error) {
    if (UnleashError.is(error, 'forbidden', 'notFound', 'unreadable', 'invalid')) return null;
    throw error;
  }
}

/**
 * What happened to a flag since. Null where it cannot be told, since the log may not be read: then nobody can say what was
 * overwritten. Rejects with {@link UnleashError} where it cannot be read just now.
 */
export async function eventsSince(
  client: UnleashClient,
  project: string,
  feature: string,
  seen: readonly number[] | null,
  signal: AbortSignal,
): Promise<UnleashEvent[] | null> {
  if (seen === null) return null;
  const known = new Set(seen);
  const floor = oldestTrusted(seen);
  try {
    const { events } = await client.get(adminPaths.featureEvents(project, feature, LATER), eventsSchema, signal);
    const since = events.filter(({ id }) => id > floor && !known.has(id));
    return since.length < LATER ? since : null;
  } catch (error) {
    if (UnleashError.is(error, 'forbidden', 'notFound', 'invalid')) return null;
    throw error;
  }
}

/**
 * Ids up to here are no news, though they were not read: only the newest were. Unleash lists events by the time their
 * transactions began, and numbers them when they are written: at the edge of a page that is full, one may be missing whose
 * number is above one that is there. Half a page lies between it and what is told as news.
 */
function oldestTrusted(seen: readonly number[]): number {
  if (seen.length < SEEN) return 0;
  return [...seen].sort((a, b) => b - a)[SEEN / 2] ?? 0;
}
