import type { ApplyResult, Plan } from '../../model/change';
import { ApiError, leavesOpen } from '../rest/apiErrors';
import { discarded, drafted, NEVER, openDrafts, ownRevision, published, reviewRequested } from './drafts';
import { bypassedOf, bypassedWords, gateWords } from './gates';
import { look, theirsOf, type Found } from './look';
import type { DraftPlan } from './nativePlan';
import type { Planner } from './planner';
import { isSameState, parseRaw, rawStateWith } from './rawState';
import type { Revision } from './schema';

/**
 * Makes a draft of the planned revision and publishes it, or requests a review where one is wanted. GrowthBook merges a
 * draft with what others made live meanwhile, and refuses where both changed the same: nothing of theirs is lost. What the
 * answer leaves open is looked up at once. Sent twice, it is found to be done.
 */
export async function applyDraft(
  planner: Planner,
  plan: Plan,
  native: DraftPlan,
  comment: string,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { project, deps } = planner;
  let draft: Revision | 'begun' | undefined;
  try {
    const found = await look(planner, native, signal);
    if (found.kind === 'after') return applied(planner, native);
    if (found.kind !== 'before' || found.version !== native.version) return conflict(planner, native, found);
    const review = plan.approval === 'required' || project.rights.wantsReview(native.environment);
    if (review) {
      const open = await openFor(planner, plan, native, found, signal);
      if (open) return await reviewOf(planner, plan, native, open, comment);
    }
    signal.throwIfAborted();
    draft = 'begun';
    draft = await drafted(planner, plan.id, native, comment);
    if (draft.baseVersion !== native.version)
      return await putAway(planner, native, draft, conflict(planner, native, await look(planner, native, NEVER)));
    if (review) return await reviewOf(planner, plan, native, draft, comment);
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    project.noteRefusal(native.environment, error);
    return refused(planner, plan, native, error, draft);
  }
  let bypassed: readonly string[];
  try {
    const gates = bypassedOf(await published(planner, plan.id, native, draft.version, comment));
    if (gates.some(({ via }) => via === 'bypassApprovalPermission')) project.rights.notePassedBy(native.environment);
    bypassed = gates.slice(0, 5).map((gate) => bypassedWords(gate, deps.l10n));
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    return afterNo(planner, plan, native, draft, error, comment);
  }
  project.hurry();
  try {
    const found = await look(planner, native, NEVER);
    return found.kind === 'after' ? applied(planner, native, bypassed) : replaced(planner, native, found);
  } catch (error) {
    // It was taken: whatever keeps us from looking, it is not to be said that nothing was written.
    if (ApiError.is(error)) return { kind: 'unknown', words: error.message };
    throw error;
  }
}

/**
 * What became of a plan: by its draft first, and by the state as it is from then on. A draft of ours that was not published
 * is put away, and a state as planned is somebody else's doing then. Without any draft of it that state is all there is to
 * tell by: plans that another window carried out are asked about too, and drafts older than the last hundred revisions.
 */
export async function settled(
  planner: Planner,
  plan: Plan,
  native: DraftPlan,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { t } = planner.deps.l10n;
  const own = await ownRevision(planner, plan.id, native.key, signal);
  if (own?.status === 'draft') await discarded(planner, native, own.version);
  else if (own && own.status !== 'published' && own.status !== 'discarded')
    return { kind: 'requested', link: planner.project.pageOf(native.key, own.version) };
  const found = await look(planner, native, signal);
  if (own?.status === 'published')
    return found.kind === 'after' ? applied(planner, native) : replaced(planner, native, found);
  if (found.kind === 'after')
    return own
      ? { kind: 'refused', words: t('It was not written: another change made "{0}" so.', native.key) }
      : applied(planner, native);
  if (found.kind === 'before' && found.version === native.version)
    return { kind: 'refused', words: t('It was not written: "{0}" is as it was.', native.key) };
  return conflict(planner, native, found);
}

/** Publishing was refused, or nobody knows. */
async function afterNo(
  planner: Planner,
  plan: Plan,
  native: DraftPlan,
  draft: Revision,
  error: ApiError,
  comment: string,
): Promise<ApplyResult> {
  const { rights } = planner.project;
  if (error.reason === 'approval') {
    rights.noteReview(native.environment);
    return reviewOf(planner, plan, native, draft, comment);
  }
  planner.project.noteRefusal(native.environment, error);
  try {
    if (leavesOpen(error.reason)) return await settled(planner, plan, native, NEVER);
    if (error.reason === 'moved') {
      const found = await look(planner, native, NEVER);
      if (found.kind !== 'before' || found.version !== native.version)
        return await putAway(planner, native, draft, conflict(planner, native, found));
    }
  } catch (second) {
    if (!ApiError.is(second)) throw second;
    if (leavesOpen(error.reason)) return { kind: 'unknown', words: error.message };
  }
  return refused(planner, plan, native, error, draft);
}

/** A review of the draft, requested once: a draft that waits for one already is the one. */
async function reviewOf(
  planner: Planner,
  plan: Plan,
  native: DraftPlan,
  draft: Revision,
  comment: string,
): Promise<ApplyResult> {
  const link = planner.project.pageOf(native.key, draft.version);
  if (draft.status !== 'draft') return { kind: 'requested', link };
  try {
    await reviewRequested(planner, plan.id, native, draft.version, comment);
    return { kind: 'requested', link };
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    if (leavesOpen(error.reason)) return { kind: 'unknown', words: error.message };
    return refused(planner, plan, native, error, draft);
  }
}

/** A draft of this plan that waits for a review, or one that would make the very same of the flag there. */
async function openFor(
  planner: Planner,
  plan: Plan,
  native: DraftPlan,
  { raw }: Found,
  signal: AbortSignal,
): Promise<Revision | undefined> {
  const own = await ownRevision(planner, plan.id, native.key, signal);
  // It may be half of what was planned.
  if (own?.status === 'draft') await discarded(planner, native, own.version);
  else if (own && own.status !== 'discarded' && own.status !== 'published') return own;
  const after = native.do === 'edit' ? parseRaw(native.after) : null;
  if (!after || !raw) return undefined;
  const waiting = await openDrafts(planner, native.key, signal);
  return waiting.find((draft) => {
    const would = draft.status === 'draft' ? null : rawStateWith(raw, draft, native.environment);
    return would !== null && isSameState(would, after);
  });
}

/** Why it was not made. Nothing is live before it is published: what is left of a draft is put away. */
async function refused(
  planner: Planner,
  plan: Plan,
  native: DraftPlan,
  error: ApiError,
  draft: Revision | 'begun' | undefined,
): Promise<ApplyResult> {
  const { t } = planner.deps.l10n;
  const gates = gateWords(error.said);
  const why = gates === '' ? error.message : t('{0} In the way: {1}.', error.message, gates);
  const result: NotMade = { kind: 'refused', words: t('{0} Nothing was written.', why) };
  if (draft === undefined) return result;
  if (draft !== 'begun') return putAway(planner, native, draft, result);
  const maybeLeft: NotMade = { ...result, words: t('{0} A draft of it may be left in GrowthBook.', result.words) };
  try {
    // It is made with the first of its edits; that one too may have been, whatever was answered, or may be on its way.
    const own = await ownRevision(planner, plan.id, native.key, NEVER);
    if (own?.status === 'draft') return await putAway(planner, native, own, result);
    return own === undefined && leavesOpen(error.reason) ? maybeLeft : result;
  } catch (second) {
    if (!ApiError.is(second)) throw second;
    return maybeLeft;
  }
}

type NotMade = Extract<ApplyResult, { kind: 'refused' | 'conflict' }>;

/** Discards a draft of ours, and says with a result where that cannot be done. */
async function putAway(planner: Planner, native: DraftPlan, draft: Revision, result: NotMade): Promise<ApplyResult> {
  try {
    await discarded(planner, native, draft.version);
    return result;
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    const { t } = planner.deps.l10n;
    return { ...result, words: t('{0} Its draft, revision {1}, is left in GrowthBook.', result.words, draft.version) };
  }
}

/** What was written did not stay. */
function replaced({ deps }: Planner, { key }: DraftPlan, found: Found): NotMade {
  const { t } = deps.l10n;
  return {
    kind: 'conflict',
    words: t('It was written, and "{0}" is another now, by {1}.', key, found.by === '' ? '…' : found.by),
    theirs: theirsOf(found),
  };
}

function conflict(planner: Planner, { key, environment, version }: DraftPlan, found: Found): NotMade {
  const { t } = planner.deps.l10n;
  if (found.kind === 'gone')
    return {
      kind: 'conflict',
      words: t('"{0}" is gone from {1}, or archived. Nothing was written.', key, environment),
      theirs: '',
    };
  const words =
    found.by === ''
      ? t(
          '"{0}" was changed since this was planned: revision {1} became {2}. Nothing was written.',
          key,
          version,
          found.version,
        )
      : t(
          '"{0}" was changed since this was planned, by {1}: revision {2} became {3}. Nothing was written.',
          key,
          found.by,
          version,
          found.version,
        );
  return { kind: 'conflict', words, theirs: theirsOf(found) };
}

/** The version that the snapshot gives to what was just read. */
function applied(
  { project, deps }: Planner,
  { key, environment }: DraftPlan,
  remarks: readonly string[] = [],
): ApplyResult {
  const state = project.flag(key)?.states.find((each) => each.environment.name === environment);
  return {
    kind: 'applied',
    version: state?.version ?? deps.hash.sha256(key).slice(0, 20),
    ...(remarks.length > 0 && { remarks: [...remarks] }),
  };
}
