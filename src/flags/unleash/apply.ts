import type { ApplyResult, Plan } from '../../model/change';
import { canonical } from '../canonical';
import { UnleashError } from './client';
import type { DetailAnswer } from './details';
import { environmentState } from './environmentState';
import { eventWords } from './eventLog';
import { eventsSince } from './flagEvents';
import type { NativePlan, Step } from './nativePlan';
import { overwritten, ownEvent, type SentStep } from './overwrites';
import { adminPaths } from './paths';
import type { Planner } from './plan';
import { isAsPlanned, parseRaw, sameRaw } from './rawState';
import { openRequest } from './changeRequest';

/** Once begun, what became of it is found out whoever has lost interest; each request is bounded in time. */
const NEVER = new AbortController().signal;

/** How a flag stands against a plan. `raw` is the state found, `''` when the flag or environment is gone. */
interface Found {
  readonly kind: 'before' | 'after' | 'other' | 'gone';
  readonly raw: string;
}

/**
 * Compares, writes step by step, and looks at once what became of it and whom it overwrote. A flag that already is as
 * planned is done, so that applying twice is applying once.
 */
export async function applyPlan(
  planner: Planner,
  plan: Plan,
  native: NativePlan,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { t } = planner.deps.l10n;
  let found: Found;
  try {
    found = await look(planner, native, signal);
  } catch (error) {
    if (signal.aborted || !UnleashError.is(error)) throw error;
    return { kind: 'refused', words: t('{0} Nothing was written.', error.message) };
  }
  if (found.kind === 'after') return { kind: 'applied', version: versionOf(planner, native) };
  if (found.kind !== 'before') return conflict(planner, native, found);
  if (plan.approval === 'required') return openRequest(planner, native, signal);
  signal.throwIfAborted();

  const sent: SentStep[] = [];
  for (const step of native.steps) {
    try {
      sent.push({ step, answer: await sendStep(planner, native, step) });
    } catch (error) {
      if (!UnleashError.is(error)) throw error;
      return failed(planner, native, sent, error);
    }
  }
  return done(planner, native, sent);
}

async function sendStep({ client, project }: Planner, { key, environment }: NativePlan, step: Step): Promise<unknown> {
  const path = adminPaths.environment(project.id, key, environment);
  switch (step.do) {
    case 'on':
    case 'off':
      return client.write('POST', `${path}/${step.do}`, undefined, NEVER);
    case 'patch':
      return client.write('PATCH', `${path}/strategies/${encodeURIComponent(step.id)}`, step.operations, NEVER);
    case 'add':
      return client.write('POST', `${path}/strategies`, step.strategy, NEVER);
    case 'delete':
      return client.write('DELETE', `${path}/strategies/${encodeURIComponent(step.id)}`, undefined, NEVER);
  }
}

/** What became of a plan: by the state, and by the events where the state is another than planned. */
export async function settle(planner: Planner, native: NativePlan, signal: AbortSignal): Promise<ApplyResult> {
  const found = await look(planner, native, signal);
  if (found.kind === 'after') return { kind: 'applied', version: versionOf(planner, native) };
  return notAsPlanned(planner, native, found, signal);
}

/** Whether nothing was written, or what was is not what stands now. */
async function notAsPlanned(
  planner: Planner,
  native: NativePlan,
  found: Found,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { client, project, deps } = planner;
  const { t } = deps.l10n;
  if (found.kind === 'gone') return conflict(planner, native, found);
  const events = await eventsSince(client, project.id, native.key, native.seenEvents, signal);
  const here = (events ?? []).filter(({ environment }) => environment === native.environment);
  const { userId } = project.facts.rights;
  const made = native.steps.some((step) => ownEvent(here, { step, answer: null }, userId) !== undefined);
  if (!made && found.kind !== 'before') return conflict(planner, native, found);
  if (!made) return { kind: 'refused', words: t('It was not written: "{0}" is as it was.', native.key) };
  const last = here.toSorted((a, b) => b.id - a.id)[0];
  const words = last ? eventWords(last) : '';
  return {
    kind: 'conflict',
    words:
      found.kind === 'before'
        ? t('It was written, and taken back since: {0}.', words)
        : t('It was written, in whole or in part, and "{0}" is another now: {1}.', native.key, words),
    theirs: found.raw,
  };
}

async function look({ project }: Planner, native: NativePlan, signal: AbortSignal): Promise<Found> {
  const read = (): Promise<DetailAnswer> => project.details.read(native.key, signal);
  const first = await read();
  // A single 404 may be a gateway's.
  const answer = first.kind === 'gone' ? await read() : first;
  const detail = answer.kind === 'read' && answer.detail.archived !== true ? answer.detail : null;
  if (answer.kind === 'unreadable') throw new UnleashError('unreadable', answer.reason);
  const state = detail?.environments.find(({ name }) => name === native.environment);
  if (!state) return { kind: 'gone', raw: '' };
  const { raw } = environmentState(state);
  const [is, planned] = [parseRaw(raw), parseRaw(native.after)];
  if (sameRaw(raw, native.before)) return { kind: 'before', raw };
  return { kind: is && planned && isAsPlanned(is, planned) ? 'after' : 'other', raw };
}

/**
 * Every step was answered. An answer without content may be anybody's (a gateway's, a portal's): what counts is the flag,
 * or, where it cannot be looked at or is another again, that Unleash gave the strategy back or logged the step.
 */
async function done(planner: Planner, native: NativePlan, sent: readonly SentStep[]): Promise<ApplyResult> {
  const { client, project, deps } = planner;
  const { t } = deps.l10n;
  const { userId } = project.facts.rights;
  const [events, found] = await Promise.all([
    eventsSince(client, project.id, native.key, native.seenEvents, NEVER).catch(() => null),
    look(planner, native, NEVER).catch(() => null),
  ]);
  const here = (events ?? []).filter(({ environment }) => environment === native.environment);
  const isTold = sent.every((each) => hasState(each.answer) || ownEvent(here, each, userId) !== undefined);
  // What was told was made, whatever somebody else made of it since.
  if (!isTold && found?.kind !== 'after') {
    const theirs = here.toSorted((a, b) => b.id - a.id)[0];
    // What is so already when it is asked for leaves no event.
    if (found?.kind === 'before' && theirs) {
      const words = t(
        'Others changed "{0}" at the same time, and it is as it was: {1}.',
        native.key,
        eventWords(theirs),
      );
      return { kind: 'conflict', words, theirs: found.raw };
    }
    if (found === null || found.kind === 'before')
      return { kind: 'unknown', words: t('Unleash answered, and "{0}" does not show the change.', native.key) };
    return notAsPlanned(planner, native, found, NEVER);
  }
  const overwrote = overwritten(events ?? [], native.environment, sent, userId);
  return {
    kind: 'applied',
    version: versionOf(planner, native),
    ...(overwrote.length > 0 && { overwrote: overwrote.slice(0, 50) }),
    ...(events === null && {
      remarks: [t('Whether somebody else was overwritten could not be told: the event log cannot be read.')],
    }),
  };
}

/** A strategy as it is now. */
const hasState = (answer: unknown): boolean => typeof answer === 'object' && answer !== null && 'parameters' in answer;

async function failed(
  planner: Planner,
  native: NativePlan,
  sent: readonly SentStep[],
  error: UnleashError,
): Promise<ApplyResult> {
  const { project, deps } = planner;
  const { t } = deps.l10n;
  if (error.reason === 'approval') project.noteApproval(native.environment);
  const refused: ApplyResult = { kind: 'refused', words: t('{0} Nothing was written.', error.message) };
  const mayBeDone = error.reason === 'noAnswer' || error.reason === 'server' || error.reason === 'unreadable';
  if (sent.length === 0 && !mayBeDone && error.reason !== 'moved' && error.reason !== 'notFound') return refused;
  let found: Found;
  try {
    found = await look(planner, native, NEVER);
  } catch {
    return { kind: 'unknown', words: error.message };
  }
  if (found.kind === 'after') return done(planner, native, sent);
  // It may still be on its way.
  if (error.reason === 'noAnswer' && found.kind !== 'gone') return { kind: 'unknown', words: error.message };
  if (sent.length > 0 && found.kind !== 'gone')
    return {
      kind: 'conflict',
      words: t('Only {0} of {1} steps were made. {2}', sent.length, native.steps.length, error.message),
      theirs: found.raw,
    };
  if (found.kind !== 'before') return notAsPlanned(planner, native, found, NEVER);
  return refused;
}

async function conflict(planner: Planner, native: NativePlan, { kind, raw }: Found): Promise<ApplyResult> {
  const { client, project, deps } = planner;
  const { t } = deps.l10n;
  if (kind === 'gone')
    return {
      kind: 'conflict',
      words: t('"{0}" is gone from {1}, or archived. Nothing was written.', native.key, native.environment),
      theirs: '',
    };
  const events = await eventsSince(client, project.id, native.key, native.seenEvents, NEVER).catch(() => null);
  const last = events?.filter(({ environment }) => environment === native.environment).sort((a, b) => b.id - a.id)[0];
  const words = last
    ? t(
        '"{0}" was changed in {1} since this was planned: {2}. Nothing was written.',
        native.key,
        native.environment,
        eventWords(last),
      )
    : t('"{0}" was changed in {1} since this was planned. Nothing was written.', native.key, native.environment);
  return { kind: 'conflict', words, theirs: raw };
}

/** The version that the snapshot gives to the state as planned, where that is what was just read. */
function versionOf({ project, deps }: Planner, native: NativePlan): string {
  const state = project.flag(native.key)?.states.find(({ environment }) => environment.name === native.environment);
  const [is, planned] = [parseRaw(state?.raw ?? ''), parseRaw(native.after)];
  if (state && is && planned && isAsPlanned(is, planned)) return state.version;
  return deps.hash.sha256(canonical(native.after)).slice(0, 20);
}
