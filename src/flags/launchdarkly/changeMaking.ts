import type { Intent } from '../../model/change';
import type { RestChanges } from '../rest/restParts';
import { PlanError } from '../system';
import { applyPatch, settled } from './apply';
import { readNativePlan, type NativePlan } from './nativePlan';
import { freshFlag, planIntent, planState } from './plan';
import type { Planner } from './planner';
import { applyPresence, planArchiving, planCreation, settledPresence } from './presence';
import { isSameState, parseRaw, partText } from './rawState';

/** Changes of LaunchDarkly's flags: patches that test the version, and what makes and archives flags. */
export function launchDarklyChanges(planner: Planner): RestChanges<NativePlan> {
  const { t } = planner.deps.l10n;
  return {
    read: readNativePlan,

    plan: async (ref, environment, intent, seen, signal) => {
      if (intent.kind === 'create') return planCreation(planner, ref, environment, intent, signal);
      const fresh = await freshFlag(planner, ref.key, environment, signal);
      const shown = parseRaw(seen.raw);
      if (shown ? !isSameState(shown, fresh.raw) : seen.raw !== partText(fresh.raw.on))
        throw new PlanError(
          'changedSince',
          t('"{0}" was changed in {1} meanwhile. Look at it again.', ref.key, environment.ref.name),
        );
      return planIntent(planner, ref, fresh, intent, signal);
    },

    planUndo: async (done, native, environment, signal) => {
      if (native.do === 'create') return planArchiving(planner, done, signal);
      const before = native.do === 'patch' ? parseRaw(native.before) : null;
      const after = native.do === 'patch' ? parseRaw(native.after) : null;
      if (!before || !after) throw new PlanError('unsupported', t('Restore it in LaunchDarkly.'));
      const fresh = await freshFlag(planner, done.ref.key, environment, signal);
      if (!isSameState(fresh.raw, after))
        throw new PlanError('changedSince', t('"{0}" was changed since: undoing would lose that.', done.ref.key));
      const intent: Intent = { kind: 'undo', changeId: done.id };
      return planState(planner, done.ref, fresh, intent, { raw: before, notes: [] }, signal);
    },

    apply: (plan, native, comment, signal) =>
      native.do === 'patch'
        ? applyPatch(planner, plan, native, comment, signal)
        : applyPresence(planner, plan, native, comment),

    settled: (plan, native, signal) =>
      native.do === 'patch' ? settled(planner, plan, native, signal) : settledPresence(planner, native, signal),
  };
}
