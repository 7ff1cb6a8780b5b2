import type { ApplyResult, Plan } from '../../model/change';
import { openRequest, requestOf } from './approval';
import { entryWords } from './auditLog';
import { ApiError, deniesToken } from '../rest/apiErrors';
import { commentOf, markOf } from '../rest/comment';
import type { Listed } from './listing';
import type { PatchPlan } from './nativePlan';
import { apiPaths } from './paths';
import type { Planner } from './planner';
import { isSameState, parseRaw, rawStateOf, textOf } from './rawState';
import { anyObjectSchema, type AuditEntry } from './schema';

/** Once begun, what became of it is found out whoever has lost interest; each request is bounded in time. */
const NEVER = new AbortController().signal;

/** How a flag stands against a plan. `raw` is the state found, `''` when the flag or environment is gone. */
interface Found {
  readonly kind: 'before' | 'after' | 'other' | 'gone';
  readonly raw: string;
  readonly version: number;
}

/**
 * Sends a patch that LaunchDarkly takes for the planned version alone, or asks for approval where that is wanted. What
 * the answer leaves open is looked up at once. Sent twice, it is refused the second time, and found to be done.
 */
export async function applyPatch(
  planner: Planner,
  plan: Plan,
  native: PatchPlan,
  comment: string,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { project, deps } = planner;
  const { t } = deps.l10n;
  const { key, environment, patch } = native;
  if (plan.approval === 'required' || project.asksApproval(environment, key))
    return requested(planner, plan, native, comment, signal);
  signal.throwIfAborted();
  const about = { project: project.id, environment, key };
  try {
    const body = { comment: commentOf(plan.id, comment), patch };
    const path = apiPaths.patch(project.id, key, false);
    const answer = await project.client.write('PATCH', path, body, anyObjectSchema, { about, signal: NEVER });
    project.take(key, answer);
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    const refused: ApplyResult = { kind: 'refused', words: t('{0} Nothing was written.', error.message) };
    switch (error.reason) {
      case 'approval':
        project.noteApproval(environment, key);
        return requested(planner, plan, native, comment, signal);
      case 'forbidden':
        if (deniesToken(error)) project.noteRefusal(environment);
        return refused;
      case 'moved':
      case 'notFound':
      case 'invalid':
        return afterRefusal(planner, plan, native, refused);
      case 'noAnswer':
      case 'unreadable':
      case 'server':
        return afterSilence(planner, plan, native, error);
      default:
        return refused;
    }
  }
  try {
    // An answer that leaves the environment out says only that it was taken.
    if (standing(planner, native).kind === 'after') return applied(planner, native);
    return await settled(planner, plan, native, NEVER);
  } catch (error) {
    // It was taken: whatever keeps us from looking, it is not to be said that nothing was written.
    if (ApiError.is(error)) return { kind: 'unknown', words: error.message };
    throw error;
  }
}

/** What became of a plan: by the state, by its request, and by the audit log where the state is another than planned. */
export async function settled(
  planner: Planner,
  plan: Plan,
  native: PatchPlan,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { t } = planner.deps.l10n;
  const found = await look(planner, native, signal);
  if (found.kind === 'after') return applied(planner, native);
  const { environment, key } = native;
  if (plan.approval === 'required' || planner.project.asksApproval(environment, key)) {
    const request = await requestOf(planner, plan, native, signal);
    if (request) return request;
  }
  if (found.kind === 'before' && found.version === native.version)
    return { kind: 'refused', words: t('It was not written: "{0}" is as it was.', key) };
  const entries = await planner.project.log.of(key, environment, signal);
  const own = entries?.find(({ comment }) => comment?.includes(markOf(plan.id)));
  if (own) {
    const words = lastWords(planner, entries ?? []);
    return {
      kind: 'conflict',
      words:
        found.kind === 'gone'
          ? t('It was written, and "{0}" is gone from {1} since.', key, environment)
          : t('It was written, and "{0}" is another now: {1}.', key, words),
      theirs: found.raw,
    };
  }
  // Who wrote what stands there is in the log alone.
  if (entries === null && planner.project.log.isReadable)
    return { kind: 'unknown', words: t('"{0}" is another now, and the audit log cannot be read to tell why.', key) };
  return conflict(planner, native, found, entries);
}

/** The state is compared before a request is opened: the request itself is for whatever stands when it is approved. */
async function requested(
  planner: Planner,
  plan: Plan,
  native: PatchPlan,
  comment: string,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { t } = planner.deps.l10n;
  let found: Found;
  try {
    found = await look(planner, native, signal);
  } catch (error) {
    if (signal.aborted || !ApiError.is(error)) throw error;
    return { kind: 'refused', words: t('{0} No request was opened.', error.message) };
  }
  if (found.kind === 'after') return applied(planner, native);
  if (found.kind !== 'before')
    return conflict(planner, native, found, await planner.project.log.of(native.key, native.environment, signal));
  return openRequest(planner, plan, native, comment, signal);
}

/** A refusal whose cause may be that somebody else was there first. */
async function afterRefusal(
  planner: Planner,
  plan: Plan,
  native: PatchPlan,
  refused: ApplyResult,
): Promise<ApplyResult> {
  try {
    const result = await settled(planner, plan, native, NEVER);
    return result.kind === 'refused' || result.kind === 'unknown' ? refused : result;
  } catch {
    return refused;
  }
}

/** Nobody knows whether it was written, until the flag is looked at. */
async function afterSilence(planner: Planner, plan: Plan, native: PatchPlan, error: ApiError): Promise<ApplyResult> {
  try {
    const result = await settled(planner, plan, native, NEVER);
    // It may still be on its way.
    if (result.kind === 'refused' && error.reason !== 'server') return { kind: 'unknown', words: error.message };
    return result.kind === 'refused'
      ? { kind: 'refused', words: planner.deps.l10n.t('{0} Nothing was written.', error.message) }
      : result;
  } catch {
    return { kind: 'unknown', words: error.message };
  }
}

async function look(planner: Planner, native: PatchPlan, signal: AbortSignal): Promise<Found> {
  // A single 404 may be a gateway's.
  const read = (): Promise<Listed | null> => planner.project.read(native.key, signal, true);
  const listed = (await read()) ?? (await read());
  if (listed && !('flag' in listed)) throw new ApiError('unreadable', listed.reason);
  return standing(planner, native);
}

/** By what is known of the flag. */
function standing({ project }: Planner, native: PatchPlan): Found {
  const gone: Found = { kind: 'gone', raw: '', version: -1 };
  const listed = project.listed(native.key);
  if (!listed || !('flag' in listed) || listed.flag.archived) return gone;
  const config = listed.configs.get(native.environment);
  if (typeof config === 'string') throw new ApiError('unreadable', config);
  const raw = config && rawStateOf(config);
  if (!config || !raw) return gone;
  const [before, after] = [parseRaw(native.before), parseRaw(native.after)];
  const is = after && isSameState(raw, after) ? 'after' : before && isSameState(raw, before) ? 'before' : 'other';
  return { kind: is, raw: textOf(raw), version: config.version };
}

function conflict(
  planner: Planner,
  { key, environment }: PatchPlan,
  { kind, raw }: Found,
  entries: readonly AuditEntry[] | null,
): ApplyResult {
  const { t } = planner.deps.l10n;
  if (kind === 'gone')
    return {
      kind: 'conflict',
      words: t('"{0}" is gone from {1}, or archived. Nothing was written.', key, environment),
      theirs: '',
    };
  const words = lastWords(planner, entries ?? []);
  return {
    kind: 'conflict',
    words:
      words === ''
        ? t('"{0}" was changed in {1} since this was planned. Nothing was written.', key, environment)
        : t('"{0}" was changed in {1} since this was planned: {2}. Nothing was written.', key, environment, words),
    theirs: raw,
  };
}

const lastWords = ({ deps }: Planner, [last]: readonly AuditEntry[]): string =>
  last ? entryWords(last, deps.l10n) : '';

/** The version that the snapshot gives to what was just read. */
function applied({ project, deps }: Planner, { key, environment, after }: PatchPlan): ApplyResult {
  const state = project.flag(key)?.states.find((each) => each.environment.name === environment);
  return { kind: 'applied', version: state?.version ?? deps.hash.sha256(after).slice(0, 20) };
}
