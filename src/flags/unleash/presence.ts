import { eventWords } from './eventLog';
import { UnleashError } from './client';
import { environmentState } from './environmentState';
import { adminPaths } from './paths';
import type { Planner } from './plan';
import { eventsSchema, type Detail } from './schema';

const FEW_EVENTS = 100;

/** How a flag stands to somebody who makes it, or takes back that it was made. */
export type Presence =
  | { readonly kind: 'gone' }
  /** As it was made: off everywhere, without anything that somebody gave it. */
  | { readonly kind: 'untouched'; readonly raw: string; readonly type: string }
  | { readonly kind: 'touched'; readonly raw: string; readonly words: string };

/** Asks Unleash. Rejects with {@link UnleashError}, or why Unleash cannot be asked. */
export async function presenceOf(
  { client, project, deps }: Planner,
  key: string,
  environment: string,
  signal: AbortSignal,
): Promise<Presence> {
  const { t } = deps.l10n;
  const answer = await project.details.read(key, signal);
  if (answer.kind === 'gone') return { kind: 'gone' };
  if (answer.kind === 'unreadable') throw new UnleashError('unreadable', answer.reason);
  const { detail } = answer;
  const found = detail.environments.find(({ name }) => name === environment);
  const raw = found ? environmentState(found).raw : '';
  if (!isAsMade(detail)) return { kind: 'touched', raw, words: t('it is not as it was made') };
  const since = await sinceMade({ client, project, deps }, key, signal);
  return since === null ? { kind: 'untouched', raw, type: detail.type ?? '' } : { kind: 'touched', raw, words: since };
}

function isAsMade({ archived, stale, dependencies, children, environments }: Detail): boolean {
  const alone = dependencies.length === 0 && children.length === 0;
  const plain = environments.every(
    ({ enabled, strategies, variants }) => !enabled && strategies.length === 0 && variants.length === 0,
  );
  return archived !== true && stale !== true && alone && plain;
}

/**
 * The last that happened to it since it was made, in words; null for nothing, and where the log may not be read: its state
 * then speaks alone.
 */
async function sinceMade({ client, project }: Planner, key: string, signal: AbortSignal): Promise<string | null> {
  try {
    const path = adminPaths.featureEvents(project.id, key, FEW_EVENTS);
    const { events } = await client.get(path, eventsSchema, signal);
    const [newest] = events.toSorted((a, b) => b.id - a.id);
    return newest === undefined || newest.type === 'feature-created' ? null : eventWords(newest);
  } catch (error) {
    if (UnleashError.is(error, 'forbidden', 'notFound', 'unreadable', 'invalid')) return null;
    throw error;
  }
}

/**
 * Why Unleash would not take the name, in its words: taken, also by an archived flag; not as the project's pattern wants
 * it; not fit for an address. Null: it would. Nothing is written. Rejects when Unleash cannot be asked.
 */
export async function nameRefused(
  { client, project }: Planner,
  key: string,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    await client.write('POST', adminPaths.validate, { name: key, projectId: project.id }, signal);
    return null;
  } catch (error) {
    if (UnleashError.is(error, 'invalid')) return error.message;
    throw error;
  }
}
