import type { ApplyResult, Intent, Plan } from '../../model/change';
import type { Environment } from '../../model/flag';
import { PlanError } from '../system';
import { applyPlan, settle } from './apply';
import { applyPresence, settlePresence } from './applyPresence';
import { readNativePlan, type NativePlan } from './nativePlan';
import { freshFlag, planState, type Planner } from './plan';
import { planPresenceUndo } from './planPresence';
import { readPresencePlan, type PresencePlan } from './presencePlan';
import { isAsPlanned, parseRaw } from './rawState';

/** Unleash's side of a plan: another state of a flag, or that there is one. */
export type OwnPlan =
  | { readonly kind: 'state'; readonly native: NativePlan }
  | { readonly kind: 'presence'; readonly native: PresencePlan };

/** Undefined for a plan of another kind of system, or a damaged one. */
export function readOwnPlan(text: string): OwnPlan | undefined {
  const state = readNativePlan(text);
  if (state) return { kind: 'state', native: state };
  const presence = readPresencePlan(text);
  return presence && { kind: 'presence', native: presence };
}

export function applyOwn(planner: Planner, plan: Plan, own: OwnPlan, signal: AbortSignal): Promise<ApplyResult> {
  return own.kind === 'state'
    ? applyPlan(planner, plan, own.native, signal)
    : applyPresence(planner, own.native, signal);
}

export function settleOwn(planner: Planner, own: OwnPlan, signal: AbortSignal): Promise<ApplyResult> {
  return own.kind === 'state' ? settle(planner, own.native, signal) : settlePresence(planner, own.native, signal);
}

/** The plan that takes a change back exactly. Rejects with {@link PlanError}. */
export async function planOwnUndo(
  planner: Planner,
  done: Plan,
  own: OwnPlan,
  environment: Environment,
  signal: AbortSignal,
): Promise<Plan> {
  const { t } = planner.deps.l10n;
  await planner.project.refreshFacts(signal);
  if (own.kind === 'presence') return planPresenceUndo(planner, done, own.native, environment, signal);
  const [before, after] = [parseRaw(own.native.before), parseRaw(own.native.after)];
  if (!before || !after) throw new PlanError('unsupported', t('This change was made to another Unleash.'));
  const fresh = await freshFlag(planner, done.ref.key, environment, signal);
  if (!isAsPlanned(fresh.raw, after))
    throw new PlanError('changedSince', t('"{0}" was changed since: undoing would lose that.', done.ref.key));
  const intent: Intent = { kind: 'undo', changeId: done.id };
  return planState(planner, done.ref, fresh, intent, { raw: before, notes: [] });
}
