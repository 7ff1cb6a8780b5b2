import type { Intent } from '../../model/change';
import type { RestChanges } from '../rest/restParts';
import { isSame } from '../canonical';
import { PlanError } from '../system';
import { applyDraft, settled } from './apply';
import { changedState } from './changes';
import { readNativePlan, type Edit, type EditPlan, type NativePlan } from './nativePlan';
import { freshFlag, planEdits } from './plan';
import type { Planner } from './planner';
import { applyCreation, planArchiving, planCreation, settledCreation } from './presence';
import { isForAll, isSameRule, isSameState, parseRaw, withoutScope, type RawState } from './rawState';
import type { Standing } from './standing';

/** Changes of GrowthBook's flags: drafts of the live revision, published, and what makes and archives flags. */
export function growthBookChanges(planner: Planner): RestChanges<NativePlan> {
  const { t } = planner.deps.l10n;
  return {
    read: readNativePlan,

    plan: async (ref, environment, intent, seen, signal) => {
      if (intent.kind === 'create') return planCreation(planner, ref, environment, intent, signal);
      const fresh = await freshFlag(planner, ref.key, environment, signal);
      const shown = parseRaw(seen.raw);
      if (!shown || !isSameState(shown, fresh.standing.raw))
        throw new PlanError(
          'changedSince',
          t('"{0}" was changed in {1} meanwhile. Look at it again.', ref.key, environment.ref.name),
        );
      const changed = changedState(fresh.standing, intent, planner.deps.l10n);
      return planEdits(planner, ref, fresh, intent, changed, signal);
    },

    planUndo: async (done, native, environment, signal) => {
      if (native.do === 'create') return planArchiving(planner, done, signal);
      const before = native.do === 'edit' ? parseRaw(native.before) : null;
      const after = native.do === 'edit' ? parseRaw(native.after) : null;
      if (native.do !== 'edit' || !before || !after) throw new PlanError('unsupported', t('Restore it in GrowthBook.'));
      const fresh = await freshFlag(planner, done.ref.key, environment, signal);
      const { raw } = fresh.standing;
      if (!isSameState(raw, after) || !isAsLeft(native, before, fresh.standing))
        throw new PlanError('changedSince', t('"{0}" was changed since: undoing would lose that.', done.ref.key));
      const intent: Intent = { kind: 'undo', changeId: done.id };
      const edits = native.undo.map((edit) => withId(edit, raw, before));
      return planEdits(planner, done.ref, fresh, intent, { raw: before, edits, undo: native.edits, notes: [] }, signal);
    },

    apply: (plan, native, comment, signal) =>
      native.do === 'create' ? applyCreation(planner, native) : applyDraft(planner, plan, native, comment, signal),

    settled: (plan, native, signal) =>
      native.do === 'create' ? settledCreation(planner, native, signal) : settled(planner, plan, native, signal),
  };
}

/**
 * Whether rules whose scope the undo puts back are for those that the change left them to, and do what they did before: a
 * rule that is for others alone by now is not in the state of this environment, and would come back as they have it.
 */
function isAsLeft(native: EditPlan, before: RawState, { feature, environment, environments }: Standing): boolean {
  return native.undo.every((edit) => {
    if (edit.do !== 'rule' || edit.patch.allEnvironments === undefined) return true;
    const made = native.edits.find((each) => each.do === 'rule' && each.id === edit.id);
    const left = made?.do === 'rule' ? made.patch : {};
    const rule = feature.rules.find(({ id }) => id === edit.id);
    if (!rule || isForAll(rule) !== (left.allEnvironments === true)) return false;
    if (!isForAll(rule) && !isSameSet(rule.environments ?? [], left.environments ?? [])) return false;
    // One that was for all has been so for these.
    const known = [...(left.environments ?? []), environment];
    if (edit.patch.allEnvironments && !isSameSet(known, environments)) return false;
    const was = before.rules.find(({ id }) => id === edit.id);
    return !was || isSameRule(withoutScope(rule), was);
  });
}

const isSameSet = (some: readonly string[], others: readonly string[]): boolean =>
  isSame([...new Set(some)].sort(), [...new Set(others)].sort());

/** A rule that a change made is the one that was not there before. */
function withId(edit: Edit, now: RawState, before: RawState): Edit {
  if (edit.do !== 'remove' || edit.id !== '') return edit;
  const known = new Set(before.rules.map(({ id }) => id));
  const made = now.rules.find(({ id }) => !known.has(id));
  return made ? { ...edit, id: made.id } : edit;
}
