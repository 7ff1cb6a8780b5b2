import type { ApplyResult } from '../../model/change';
import { UnleashError } from './client';
import { eventsSince } from './flagEvents';
import { adminPaths } from './paths';
import type { Planner } from './plan';
import { nameRefused, presenceOf, type Presence } from './presence';
import type { PresencePlan } from './presencePlan';

/** Once begun, what became of it is found out whoever has lost interest; each request is bounded in time. */
const NEVER = new AbortController().signal;

/** Makes a flag, or archives and deletes one that is as it was made. What is so already is done. */
export async function applyPresence(planner: Planner, native: PresencePlan, signal: AbortSignal): Promise<ApplyResult> {
  const { t } = planner.deps.l10n;
  let found: Presence;
  try {
    found = await presenceOf(planner, native.key, native.environment, signal);
    if (isDone(native, found) && !(await isHalfRemoved(planner, native, signal))) return done(planner, native, found);
  } catch (error) {
    if (signal.aborted || !UnleashError.is(error)) throw error;
    return { kind: 'refused', words: t('{0} Nothing was written.', error.message) };
  }
  if (found.kind === 'touched') return conflict(planner, native, found);
  signal.throwIfAborted();
  return native.presence === 'make' ? make(planner, native) : remove(planner, native, found);
}

/** What became of a plan. */
export async function settlePresence(
  planner: Planner,
  native: PresencePlan,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { client, project, deps } = planner;
  const { t } = deps.l10n;
  const found = await presenceOf(planner, native.key, native.environment, signal);
  if (isDone(native, found)) {
    return (await isHalfRemoved(planner, native, signal))
      ? { kind: 'conflict', words: t('"{0}" is archived in Unleash, not deleted.', native.key), theirs: '' }
      : done(planner, native, found);
  }
  if (found.kind === 'touched') return conflict(planner, native, found);
  if (native.presence === 'remove')
    return { kind: 'refused', words: t('It was not deleted: "{0}" is there.', native.key) };
  const since = await eventsSince(client, project.id, native.key, native.seenEvents, signal);
  return since?.some(({ type }) => type === 'feature-created') === true
    ? { kind: 'conflict', words: t('It was made, and is gone again.'), theirs: '' }
    : { kind: 'refused', words: t('It was not made: there is no "{0}" in Unleash.', native.key) };
}

const isDone = ({ presence }: PresencePlan, { kind }: Presence): boolean =>
  kind === (presence === 'make' ? 'untouched' : 'gone');

/** Archived, and its name still taken: somebody was interrupted between the two. */
async function isHalfRemoved(planner: Planner, { presence, key }: PresencePlan, signal: AbortSignal): Promise<boolean> {
  if (presence === 'make') return false;
  const refused = await nameRefused(planner, key, signal);
  return refused !== null && /\barchived\b/i.test(refused);
}

async function make(planner: Planner, native: PresencePlan): Promise<ApplyResult> {
  const { client, project, deps } = planner;
  const { t } = deps.l10n;
  try {
    await client.write('POST', adminPaths.features(project.id), { name: native.key, type: native.type }, NEVER);
  } catch (error) {
    if (!UnleashError.is(error)) throw error;
    return failed(planner, native, error);
  }
  const found = await presenceOf(planner, native.key, native.environment, NEVER).catch(() => null);
  if (found?.kind === 'untouched') return done(planner, native, found);
  if (found === null) return { kind: 'unknown', words: t('"{0}" was made, and cannot be read back now.', native.key) };
  return found.kind === 'touched'
    ? conflict(planner, native, found)
    : { kind: 'conflict', words: t('It was made, and is gone again.'), theirs: '' };
}

async function remove(planner: Planner, native: PresencePlan, found: Presence): Promise<ApplyResult> {
  const { client, project, deps } = planner;
  const { t } = deps.l10n;
  try {
    if (found.kind !== 'gone')
      await client.write('DELETE', adminPaths.plainFeature(project.id, native.key), undefined, NEVER);
  } catch (error) {
    if (!UnleashError.is(error)) throw error;
    return failed(planner, native, error);
  }
  try {
    await client.write('DELETE', adminPaths.deleted(native.key), undefined, NEVER);
  } catch (error) {
    if (!UnleashError.is(error)) throw error;
    const words = t('"{0}" is archived in Unleash, not deleted. {1}', native.key, error.message);
    return { kind: 'conflict', words, theirs: '' };
  }
  const left = await presenceOf(planner, native.key, native.environment, NEVER).catch(() => null);
  if (left === null)
    return { kind: 'unknown', words: t('"{0}" was deleted, and cannot be asked for now.', native.key) };
  return left.kind === 'gone' ? done(planner, native, left) : conflict(planner, native, left);
}

/** What was not answered, or answered with a failure of the server's, may have been done all the same. */
async function failed(planner: Planner, native: PresencePlan, error: UnleashError): Promise<ApplyResult> {
  const refused: ApplyResult = {
    kind: 'refused',
    words: planner.deps.l10n.t('{0} Nothing was written.', error.message),
  };
  if (!UnleashError.is(error, 'noAnswer', 'server', 'unreadable', 'invalid', 'notFound')) return refused;
  let found: Presence;
  try {
    found = await presenceOf(planner, native.key, native.environment, NEVER);
  } catch {
    return { kind: 'unknown', words: error.message };
  }
  if (found.kind === 'touched') return conflict(planner, native, found);
  if (isDone(native, found)) return done(planner, native, found);
  // It may still be on its way.
  return error.reason === 'noAnswer' ? { kind: 'unknown', words: error.message } : refused;
}

function conflict(
  { deps, project }: Planner,
  { key, presence }: PresencePlan,
  found: Extract<Presence, { kind: 'touched' | 'untouched' }> | Extract<Presence, { kind: 'gone' }>,
): ApplyResult {
  const { t } = deps.l10n;
  const words = found.kind === 'touched' ? found.words : '';
  return {
    kind: 'conflict',
    words:
      presence === 'make'
        ? t('"{0}" is in the Unleash project "{1}", and not as it would be made: {2}.', key, project.id, words)
        : t('"{0}" was changed since it was made: {1}. It is not deleted.', key, words),
    theirs: found.kind === 'gone' ? '' : found.raw,
  };
}

function done({ project, deps }: Planner, { key, environment }: PresencePlan, found: Presence): ApplyResult {
  const state = project.flag(key)?.states.find((each) => each.environment.name === environment);
  const raw = found.kind === 'gone' ? '' : found.raw;
  return { kind: 'applied', version: state?.version ?? deps.hash.sha256(raw).slice(0, 20) };
}
