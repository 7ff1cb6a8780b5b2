import { ApiError } from '../rest/apiErrors';
import { commentOf, markOf } from '../rest/comment';
import { apiPaths, type DraftVersion } from './paths';
import type { DraftPlan, Edit } from './nativePlan';
import type { Planner } from './planner';
import { anyAnswerSchema, revisionAnswerSchema, revisionSchema, revisionsSchema, type Revision } from './schema';

/** Once begun, what became of it is found out whoever has lost interest; each request is bounded in time. */
export const NEVER = new AbortController().signal;

const aboutOf = ({ project }: Planner, { key, environment }: Pick<DraftPlan, 'key' | 'environment'>) => ({
  project: project.id,
  environment,
  key,
});

/** Makes a draft of the live revision with all edits of a plan. Rejects with ApiError; a part of a draft may be left then. */
export async function drafted(planner: Planner, planId: string, native: DraftPlan, said: string): Promise<Revision> {
  const comment = commentOf(planId, said);
  let made: Revision | null = null;
  for (const edit of native.edits) made = await edited(planner, native, made?.version ?? 'new', edit, comment);
  if (made) return made;
  throw new Error('a plan without edits');
}

async function edited(
  planner: Planner,
  native: DraftPlan,
  version: DraftVersion,
  edit: Edit,
  comment: string,
): Promise<Revision> {
  const { client } = planner.project;
  const asked = { about: aboutOf(planner, native), signal: NEVER };
  const { key } = native;
  const more = version === 'new' ? { revisionComment: comment } : {};
  const write = async (method: 'POST' | 'PUT' | 'DELETE', path: string, body: object): Promise<Revision> =>
    (await client.write(method, path, { ...body, ...more }, revisionAnswerSchema, asked)).revision;
  switch (edit.do) {
    case 'toggle':
      return write('POST', apiPaths.draftToggle(key, version), {
        environment: edit.environment,
        enabled: edit.enabled,
      });
    case 'rule':
      return write('PUT', apiPaths.draftRule(key, version, edit.id), { rule: edit.patch });
    case 'add':
      return write('POST', apiPaths.draftRules(key, version), { rule: edit.rule });
    case 'remove':
      return write('DELETE', apiPaths.draftRule(key, version, edit.id), {});
    case 'archive':
      return write('PUT', apiPaths.draftArchive(key, version), { archived: edit.archived });
  }
}

/** Makes a draft live. Nothing is passed by that stands in its way: no warning is ignored, no check skipped. */
export async function published(
  planner: Planner,
  planId: string,
  native: DraftPlan,
  version: number,
  said: string,
): Promise<unknown> {
  const body = { comment: commentOf(planId, said) };
  const asked = { about: aboutOf(planner, native), signal: NEVER };
  const path = apiPaths.publish(native.key, version);
  return (await planner.project.client.write('POST', path, body, revisionAnswerSchema, asked)).bypassedGates;
}

export async function reviewRequested(
  planner: Planner,
  planId: string,
  native: DraftPlan,
  version: number,
  said: string,
): Promise<void> {
  const body = { comment: commentOf(planId, said) };
  const asked = { about: aboutOf(planner, native), signal: NEVER };
  await planner.project.client.write('POST', apiPaths.review(native.key, version), body, anyAnswerSchema, asked);
}

export async function discarded(planner: Planner, native: DraftPlan, version: number): Promise<void> {
  const asked = { about: aboutOf(planner, native), signal: NEVER };
  await planner.project.client.write('POST', apiPaths.discard(native.key, version), {}, anyAnswerSchema, asked);
}

/** Drafts that wait for something, newest first. */
export async function openDrafts(planner: Planner, key: string, signal: AbortSignal): Promise<Revision[]> {
  const items = await revisionsAt(planner, apiPaths.drafts(key), key, signal);
  return items.flatMap((item) => revisionSchema.safeParse(item).data ?? []);
}

/**
 * The revision of a plan, by its mark: a draft, published, or discarded. Undefined: there is none among the last hundred.
 * Rejects with `unreadable` where there is one of which the answer does not tell.
 */
export async function ownRevision(
  planner: Planner,
  planId: string,
  key: string,
  signal: AbortSignal,
): Promise<Revision | undefined> {
  const mark = markOf(planId);
  for (const item of await revisionsAt(planner, apiPaths.revisions(key, 100), key, signal)) {
    const read = revisionSchema.safeParse(item);
    if (read.success ? read.data.comment?.includes(mark) === true : JSON.stringify(item).includes(mark)) {
      if (read.success) return read.data;
      const { t } = planner.deps.l10n;
      throw new ApiError('unreadable', t('What GrowthBook says of the draft of "{0}" cannot be read.', key));
    }
  }
  return undefined;
}

async function revisionsAt(
  { project }: Planner,
  path: string,
  key: string,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const asked = { about: { project: project.id, key }, signal, urgent: true };
  return (await project.client.get(path, revisionsSchema, asked)).revisions;
}
