import type { Plan } from '../../model/change';
import { PlanError } from '../system';
import { ApiError, deniesToken } from '../rest/apiErrors';
import { configSchema, flagSchema } from './schema';
import type { PatchPlan } from './nativePlan';
import { apiPaths } from './paths';
import type { Planner } from './planner';
import { isSameState, parseRaw, rawStateOf, type RawState } from './rawState';
import { markOf } from '../rest/comment';

/**
 * Asks LaunchDarkly what it would say to a change, which it checks and does not make (`dryRun=true`): what the token may,
 * whether others have to approve, whether a scheduled change is in the way. Throws {@link PlanError} for a no; a
 * rehearsal that could not be held is said, and stops nothing.
 */
export async function rehearse(
  { project, deps }: Planner,
  { key, environment, patch, before }: PatchPlan,
  id: string,
  planned: RawState,
  signal: AbortSignal,
): Promise<{ readonly approval: Plan['approval']; readonly notes: readonly string[] }> {
  const { t } = deps.l10n;
  if (project.asksApproval(environment, key)) return { approval: 'required', notes: [] };
  const about = { project: project.id, environment, key };
  try {
    const path = apiPaths.patch(project.id, key, true);
    const body = { comment: t('Rehearsal {0}', markOf(id)), patch };
    const preview = await project.client.write('PATCH', path, body, flagSchema, { about, signal });
    const config = configSchema.safeParse(preview.environments?.[environment]).data;
    const raw = config ? rawStateOf(config) : null;
    const was = parseRaw(before);
    const other = raw !== null && !isSameState(raw, planned) && !(was && isSameState(raw, was));
    return { approval: 'none', notes: other ? [t('LaunchDarkly would make more of it than is shown here.')] : [] };
  } catch (error) {
    signal.throwIfAborted();
    if (!ApiError.is(error)) throw error;
    switch (error.reason) {
      case 'approval':
        project.noteApproval(environment, key);
        return { approval: 'required', notes: [] };
      case 'forbidden':
        if (deniesToken(error)) project.noteRefusal(environment);
        throw new PlanError('notWritable', error.message);
      case 'signedOut':
        throw new PlanError('notWritable', error.message);
      case 'moved':
        throw new PlanError('changedSince', error.message);
      case 'notFound':
        throw new PlanError('unknownFlag', error.message);
      case 'invalid':
        throw new PlanError('unsupported', error.message);
      default:
        return { approval: 'none', notes: [t('It could not be rehearsed: {0}', error.message)] };
    }
  }
}
