import type { ApplyResult, Plan } from '../../model/change';
import { isSame } from '../canonical';
import { leavesOpen, ApiError } from '../rest/apiErrors';
import { commentOf, markOf } from '../rest/comment';
import { instructionWords, type PatchPlan } from './nativePlan';
import { apiPaths } from './paths';
import type { Planner } from './planner';
import { approvalSchema, approvalsSchema, type Approval } from './schema';

/**
 * Opens an approval request with the plan's instructions. Never twice: one that is open with this plan's mark, or with
 * the very same instructions, is the one.
 */
export async function openRequest(
  planner: Planner,
  plan: Plan,
  native: PatchPlan,
  comment: string,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { project, deps } = planner;
  const { t } = deps.l10n;
  const { key, environment } = native;
  if (native.instructions.some(({ kind }) => kind === 'patch'))
    return {
      kind: 'refused',
      words: t('Its variations have no ids to be named by: ask for approval in LaunchDarkly.'),
    };
  const place = { project: project.id, environment, key };
  try {
    const there = await openOne(planner, plan, native, signal);
    if (there) return { kind: 'requested', link: linkOf(planner, native, there) };
    signal.throwIfAborted();
    const body = {
      description: t('{0} {1}', instructionWords(native.instructions, deps.l10n), markOf(plan.id)),
      comment: commentOf(plan.id, comment),
      instructions: native.instructions,
    };
    const about = { about: place, signal: NEVER };
    const made = await project.client.write('POST', apiPaths.approvals(place), body, approvalSchema, about);
    return { kind: 'requested', link: linkOf(planner, native, made) };
  } catch (error) {
    if (signal.aborted || !ApiError.is(error)) throw error;
    if (leavesOpen(error.reason)) return { kind: 'unknown', words: error.message };
    return { kind: 'refused', words: t('{0} No request was opened.', error.message) };
  }
}

/** Once begun, what became of it is found out whoever has lost interest; each request is bounded in time. */
const NEVER = new AbortController().signal;

/** What became of a request of this plan; null where there is none. */
export async function requestOf(
  planner: Planner,
  plan: Plan,
  native: PatchPlan,
  signal: AbortSignal,
): Promise<ApplyResult | null> {
  const { t } = planner.deps.l10n;
  const found = (await all(planner, native, signal)).find(({ description }) => description?.includes(markOf(plan.id)));
  if (!found) return null;
  if (found.status === 'failed')
    return { kind: 'refused', words: t('LaunchDarkly could not apply the approved request.') };
  if (found.reviewStatus === 'declined' && found.status === 'pending')
    return { kind: 'refused', words: t('The approval request was declined.') };
  return { kind: 'requested', link: linkOf(planner, native, found) };
}

async function openOne(
  planner: Planner,
  plan: Plan,
  native: PatchPlan,
  signal: AbortSignal,
): Promise<Approval | undefined> {
  const open = (await all(planner, native, signal)).filter(
    ({ status, reviewStatus }) => (status === 'pending' || status === 'scheduled') && reviewStatus !== 'declined',
  );
  return (
    open.find(({ description }) => description?.includes(markOf(plan.id))) ??
    open.find(({ instructions }) => isSame(plain(instructions), plain(native.instructions)))
  );
}

/** LaunchDarkly gives instructions back with ids of its own beside what it was given. */
const plain = (instructions: readonly Record<string, unknown>[]): unknown =>
  instructions.map((each) => Object.fromEntries(Object.entries(each).filter(([name]) => !name.startsWith('_'))));

async function all({ project }: Planner, { key, environment }: PatchPlan, signal: AbortSignal): Promise<Approval[]> {
  const place = { project: project.id, environment, key };
  const asked = { about: place, signal, urgent: true };
  return (await project.client.get(apiPaths.approvals(place), approvalsSchema, asked)).items;
}

/** Its page where LaunchDarkly names it, else the flag's, which lists its requests. Only ever below its own address. */
function linkOf({ project }: Planner, { key, environment }: PatchPlan, { _links }: Approval): string {
  const site = _links.site;
  const href = typeof site === 'object' && site !== null && 'href' in site ? site.href : undefined;
  return project.pageOf(key, environment, typeof href === 'string' ? href : undefined);
}
