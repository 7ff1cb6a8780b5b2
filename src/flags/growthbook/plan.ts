import type { Intent, Plan } from '../../model/change';
import type { Environment } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import { offVariantOf } from '../offVariant';
import { ApiError } from '../rest/apiErrors';
import { stateWords } from '../rest/stateWords';
import { PlanError } from '../system';
import { directionOf } from './direction';
import { openDrafts } from './drafts';
import { editWords, type EditPlan } from './nativePlan';
import type { Planner } from './planner';
import { isSameState, rawStateOf, textOf, type RawState } from './rawState';
import { readState } from './reading';
import type { GbFeature } from './schema';
import type { Changed, Standing } from './standing';
import { Variants } from './variants';

/** A flag in one environment as GrowthBook has it now. */
export interface Fresh {
  readonly environment: Environment;
  readonly version: number;
  readonly standing: Standing;
}

/** Asks GrowthBook for the flag. Rejects with {@link PlanError}, or why GrowthBook cannot be asked. */
export async function freshFlag(
  { project, deps }: Planner,
  key: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<Fresh> {
  const { t } = deps.l10n;
  const { name } = environment.ref;
  const listed = await project.read(key, signal, true);
  if (!listed)
    throw new PlanError('unknownFlag', t('"{0}" is no longer in the GrowthBook project "{1}".', key, project.id));
  if (!('feature' in listed)) throw new PlanError('notWritable', listed.reason);
  const { feature } = listed;
  if (feature.archived)
    throw new PlanError('notWritable', t('"{0}" is archived. Restore it in GrowthBook first.', key));
  const raw = rawStateOf(feature, name);
  if (!raw) throw new PlanError('unknownFlag', t('"{0}" does not exist in {1}.', key, name));
  return { environment, version: feature.revision.version, standing: standingOf(project, deps, feature, name, raw) };
}

function standingOf(
  project: Planner['project'],
  { clock, l10n }: Planner['deps'],
  feature: GbFeature,
  environment: string,
  raw: RawState,
): Standing {
  const variants = new Variants(feature);
  const off = offVariantOf(variants.all, project.configuredOff(environment, feature.id), l10n);
  return {
    feature,
    environment,
    raw,
    variants,
    off: (off.variant === null ? undefined : variants.named(off.variant)) ?? null,
    offReason: off.reason,
    environments: project.facts.known,
    now: clock.now(),
  };
}

/** The plan of edits on a flag as it is now. Rejects with {@link PlanError}. */
export async function planEdits(
  planner: Planner,
  ref: FlagRef,
  { environment, version, standing }: Fresh,
  intent: Intent,
  changed: Changed,
  signal: AbortSignal,
): Promise<Plan> {
  const { project, deps } = planner;
  const { l10n } = deps;
  const { t } = l10n;
  const { name } = environment.ref;
  const { raw, now } = standing;
  const before = readState(raw, standing.variants, now, l10n);
  if (isSameState(raw, changed.raw))
    throw new PlanError('nothingToDo', t('Nothing to do: {0}.', stateWords(before, l10n)));
  // What is added may bring a value that nothing had.
  const variants = new Variants({
    ...standing.feature,
    rules: [...standing.feature.rules, ...changed.raw.rules.map(all)],
  });
  const after = readState(changed.raw, variants, now, l10n);
  await rehearse(planner, ref.key, name, signal);
  const required = project.rights.wantsReview(name);
  const native: EditPlan = {
    format: 1,
    do: 'edit',
    url: project.client.url,
    key: ref.key,
    environment: name,
    version,
    edits: [...changed.edits],
    undo: [...changed.undo],
    before: textOf(raw),
    after: textOf(changed.raw),
  };
  const inverse: EditPlan = {
    ...native,
    edits: native.undo,
    undo: native.edits,
    before: native.after,
    after: native.before,
  };
  return {
    id: deps.hash.random(12),
    ref,
    environment: environment.ref,
    intent,
    direction: directionOf(
      { on: raw.enabled, reading: before },
      { on: changed.raw.enabled, reading: after },
      standing.off?.name ?? null,
    ),
    before: { words: stateWords(before, l10n), text: native.before, shares: before.effective.shares },
    after: { words: stateWords(after, l10n), text: native.after, shares: after.effective.shares },
    notes: [
      ...changed.notes,
      t('In GrowthBook, as a draft that is published: {0}.', editWords(native.edits, l10n)),
      ...(await draftNotes(planner, ref.key, signal)),
      required
        ? t('{0} wants approval: a review is requested of others, and nothing changes until then.', name)
        : t(
            'GrowthBook tells only when it is published whether others have to approve it: then a review is requested instead, and nothing changes until then. A token that may pass by approvals makes it live at once.',
          ),
      t('What others publish at that moment is merged with it; where both changed the same, it is refused.'),
      t(
        'SDKs that stream follow at once, others within {0} s.',
        new Intl.NumberFormat(l10n.locale).format((environment.pollMs ?? 60_000) / 1000),
      ),
    ],
    precondition: { kind: 'compareThenWrite', token: t('revision {0}', version) },
    approval: required ? 'required' : 'none',
    native: JSON.stringify(native),
    inverse: JSON.stringify(inverse),
    madeAt: deps.clock.now(),
  };
}

const all = (rule: RawState['rules'][number]) => ({ ...rule, allEnvironments: true, environments: null });

/** Throws {@link PlanError} where the token only looks. */
export async function rehearse(
  { project, deps }: Planner,
  key: string,
  environment: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await project.rights.rehearse(key, environment, deps.l10n.t('Rehearsal by Sightglass: nothing is toggled'), signal);
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    project.noteRefusal(environment, error);
    throw new PlanError('notWritable', error.message);
  }
}

/** Drafts of others, which this one is merged with or stands in the way of. */
async function draftNotes(planner: Planner, key: string, signal: AbortSignal): Promise<string[]> {
  const { t } = planner.deps.l10n;
  try {
    const drafts = await openDrafts(planner, key, signal);
    return drafts.slice(0, 3).map(({ version, status, createdBy }) => {
      const who = createdBy?.name ?? createdBy?.email ?? t('somebody');
      return t('Draft revision {0} of {1} is open ({2}).', version, who, status.slice(0, 40));
    });
  } catch (error) {
    signal.throwIfAborted();
    if (ApiError.is(error)) return [];
    throw error;
  }
}
