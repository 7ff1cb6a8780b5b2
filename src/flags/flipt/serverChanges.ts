import * as z from 'zod';
import type { ApplyResult, Intent } from '../../model/change';
import { isObject } from '../issue';
import { ApiError, deniesToken, leavesOpen } from '../rest/apiErrors';
import type { Hash } from '../../platform/hash';
import type { RestChanges } from '../rest/restParts';
import { PlanError } from '../system';
import { apiPaths, FLAG } from './apiPaths';
import type { EnvironmentState, Fresh } from './environmentState';
import { segmentPrint } from './flagModel';
import { payloadIn, readServerPlan, type ServerPlan } from './nativePlan';
import { payloadText, readPayload, type Payload } from './payload';
import { planIntent, planPayload, standingNow, type Planner } from './serverPlan';

/** Once begun, what became of it is found out whoever has lost interest; each request is bounded in time. */
const NEVER = new AbortController().signal;
/** How often others may write to the same environment while a change of ours is on its way. */
const MOST_ATTEMPTS = 6;

const writtenSchema = z.looseObject({
  resource: z.looseObject({ payload: z.unknown() }).nullish(),
});

/**
 * Changes of flags of a server of version 2. A write replaces the flag whole: it is sent with the flag and the revision
 * that were read just before, and taken for that revision alone.
 */
export function fliptChanges(planner: Planner): RestChanges<ServerPlan> {
  const { deps } = planner;
  const { t } = deps.l10n;
  return {
    read: readServerPlan,

    plan: async (ref, environment, intent, seen, signal) => {
      const standing = await standingNow(planner, ref, environment, signal);
      if (intent.kind !== 'create' && (standing.fresh.known?.text ?? '') !== seen.raw)
        throw new PlanError(
          'changedSince',
          t('"{0}" was changed in {1} meanwhile. Look at it again.', ref.key, environment.ref.name),
        );
      return planIntent(planner, standing, intent);
    },

    planUndo: async (done, native, environment, signal) => {
      const standing = await standingNow(planner, done.ref, environment, signal);
      if (isOf(standing.fresh, native) !== 'after')
        throw new PlanError('changedSince', t('"{0}" was changed since: undoing would lose that.', done.ref.key));
      const intent: Intent = { kind: 'undo', changeId: done.id };
      return planPayload(planner, standing, intent, payloadIn(native.before), []);
    },

    apply: (_plan, native, _comment, signal) => apply(planner, native, signal),

    settled: async (_plan, native, signal) => {
      const state = planner.project.state(native.environment);
      if (!state) throw new ApiError('notFound', t('There is no environment "{0}".', native.environment));
      const { standing, fresh } = await lookedFor(state, native, signal);
      switch (standing) {
        case 'after':
          return applied(planner, native);
        case 'before':
          return { kind: 'refused', words: t('It was not written: "{0}" is as it was.', native.key) };
        case 'other':
          return changedAfterwards(planner, native, fresh);
      }
    },
  };
}

async function apply(planner: Planner, native: ServerPlan, signal: AbortSignal): Promise<ApplyResult> {
  const { project, deps } = planner;
  const { t } = deps.l10n;
  const state = project.state(native.environment);
  if (!state) return { kind: 'refused', words: t('There is no environment "{0}".', native.environment) };
  signal.throwIfAborted();
  const progress = { sent: false };
  try {
    for (let attempt = 1; ; attempt++) {
      const fresh = await state.read(native.key, { signal: NEVER, urgent: true });
      const standing = isOf(fresh, native);
      if (standing === 'after') return applied(planner, native);
      if (standing === 'other') return conflict(planner, native, fresh);
      const other = changedSegment(native, state, deps.hash);
      if (other !== undefined) return conflict(planner, native, fresh, other);
      // Without a revision Flipt would take it whatever is there.
      if (fresh.revision === '') return { kind: 'refused', words: noRevisionWords(planner) };
      try {
        progress.sent = true;
        const made = await send(planner, state, native, fresh.revision);
        project.hurry();
        return givesAsPlanned(made, native) ? applied(planner, native) : replaced(planner, native, made);
      } catch (error) {
        // The environment has moved: whether this flag has is looked at again.
        if (!ApiError.is(error, 'moved') || attempt >= MOST_ATTEMPTS) throw error;
        progress.sent = false;
      }
    }
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    if (deniesToken(error)) project.noteRefusal(native.environment);
    if (progress.sent && leavesOpen(error.reason)) return afterSilence(planner, state, native, error);
    return { kind: 'refused', words: t('{0} Nothing was written.', error.message) };
  }
}

/** Puts, makes or takes out the flag; what stands there then, as far as the answer tells. */
async function send(
  { project }: Planner,
  state: EnvironmentState,
  native: ServerPlan,
  revision: string,
): Promise<Payload | null> {
  const { key, environment, namespace } = native;
  const asked = { about: { project: project.id, environment, key }, signal: NEVER };
  const after = payloadIn(native.after);
  if (!after) {
    const path = `${apiPaths.flag(state.place, key)}?revision=${encodeURIComponent(revision)}`;
    await project.client.write('DELETE', path, undefined, writtenSchema, asked);
    state.gone(key);
    return null;
  }
  const body = {
    environmentKey: environment,
    namespaceKey: namespace,
    key,
    payload: { ...after, '@type': FLAG },
    revision,
  };
  const method = native.before === '' ? 'POST' : 'PUT';
  const { resource } = await project.client.write(method, apiPaths.resources(state.place), body, writtenSchema, asked);
  // What stands there now may be more than what was sent.
  const written = resource?.payload;
  const made = isObject(written) && written.key === key ? written : after;
  state.take(key, made);
  return made;
}

/** What everybody gets by a flag: a description that a server adds, or a field that nobody here knows, changes nothing of it. */
function givenBy(payload: Payload | null): string {
  const flag = payload && readPayload(payload).flag;
  return JSON.stringify(
    flag && [flag.type, flag.enabled, flag.variants, flag.defaultVariant, flag.rules, flag.rollouts],
  );
}

const givesAsPlanned = (made: Payload | null, native: ServerPlan): boolean =>
  givenBy(made) === givenBy(payloadIn(native.after));

/** It was taken, and the server made something else of it. */
function replaced({ deps }: Planner, { key }: ServerPlan, made: Payload | null): ApplyResult {
  return {
    kind: 'conflict',
    words: deps.l10n.t('It was written, and the server made something else of "{0}" than was planned.', key),
    theirs: made ? payloadText(made) : '',
  };
}

/** Nobody knows whether it was written, until the flag is looked at. */
async function afterSilence(
  planner: Planner,
  state: EnvironmentState,
  native: ServerPlan,
  error: ApiError,
): Promise<ApplyResult> {
  try {
    const { standing, fresh } = await lookedFor(state, native, NEVER);
    switch (standing) {
      case 'after':
        return applied(planner, native);
      case 'before':
        // It may still be on its way.
        return error.reason === 'server'
          ? { kind: 'refused', words: planner.deps.l10n.t('{0} Nothing was written.', error.message) }
          : { kind: 'unknown', words: error.message };
      case 'other':
        return changedAfterwards(planner, native, fresh);
    }
  } catch {
    return { kind: 'unknown', words: error.message };
  }
}

/**
 * How the flag stands once a change was sent. What is neither as before nor as planned is looked at twice: one answer that
 * lacks a field must not end a change that was made.
 */
async function lookedFor(
  state: EnvironmentState,
  native: ServerPlan,
  signal: AbortSignal,
): Promise<{ readonly standing: ReturnType<typeof isOf>; readonly fresh: Fresh }> {
  const look = async () => {
    const fresh = await state.read(native.key, { signal, urgent: true });
    return { standing: gives(fresh, native), fresh };
  };
  const first = await look();
  return first.standing === 'other' ? look() : first;
}

function isOf({ known }: Fresh, { before, after }: ServerPlan): 'before' | 'after' | 'other' {
  const text = known?.text ?? '';
  const textOf = (payload: Payload | null): string => (payload ? payloadText(payload) : '');
  if (text === textOf(payloadIn(after))) return 'after';
  return text === textOf(payloadIn(before)) ? 'before' : 'other';
}

/** Once it was sent: by what it gives, since one answer of many may say more than the others. */
function gives(fresh: Fresh, native: ServerPlan): ReturnType<typeof isOf> {
  const standing = isOf(fresh, native);
  if (standing !== 'other' || !fresh.known) return standing;
  const [now, before, after] = [fresh.known.payload, payloadIn(native.before), payloadIn(native.after)].map(givenBy);
  if (before === after) return standing;
  return now === after ? 'after' : now === before ? 'before' : standing;
}

/** The version that the snapshot gives to what was just written. */
function applied({ project }: Planner, { key, environment }: ServerPlan): ApplyResult {
  const state = project.flag(key)?.states.find((each) => each.environment.name === environment);
  return { kind: 'applied', version: state?.version ?? 'absent' };
}

/** The first of the segments that a plan is for that is another by now. */
const changedSegment = ({ beside = {} }: ServerPlan, { segments }: EnvironmentState, hash: Hash): string | undefined =>
  Object.keys(beside).find((name) => segmentPrint(segments.get(name), hash) !== beside[name]);

function conflict(
  { deps: { l10n } }: Planner,
  { key, environment }: ServerPlan,
  { known }: Fresh,
  segment?: string,
): ApplyResult {
  const { t } = l10n;
  const words =
    segment !== undefined
      ? t('"{0}", which "{1}" names, was changed since this was planned. Nothing was written.', segment, key)
      : known
        ? t('"{0}" was changed in {1} since this was planned. Nothing was written.', key, environment)
        : t('"{0}" is gone from {1}. Nothing was written.', key, environment);
  return { kind: 'conflict', words, theirs: known?.text ?? '' };
}

/** Found after it was sent: Flipt does not tell who wrote what, so that ours may have stood there in between. */
function changedAfterwards(
  { deps: { l10n } }: Planner,
  { key, environment }: ServerPlan,
  { known }: Fresh,
): ApplyResult {
  const { t } = l10n;
  const words = known
    ? t(
        '"{0}" is neither as it was in {1} nor as planned: somebody changed it, before this was written or after.',
        key,
        environment,
      )
    : t('"{0}" is gone from {1}: somebody removed it, before this was written or after.', key, environment);
  return { kind: 'conflict', words, theirs: known?.text ?? '' };
}

const noRevisionWords = ({ project, deps: { l10n } }: Planner): string =>
  l10n.t('Flipt at {0} gives no revision to write against. Nothing was written.', project.client.url);
