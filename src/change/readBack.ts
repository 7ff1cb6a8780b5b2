import type { FlagSystem } from '../flags/system';
import type { ApplyResult, Plan } from '../model/change';
import type { Shares } from '../model/flag';
import { environmentId, flagId } from '../model/identity';

/** What the system returns after a change: the planned state, another one, or nothing that tells. */
export type ReadBack = 'asPlanned' | 'different' | 'unknown';

/**
 * By a fresh snapshot and by what the system says became of the plan, until one of them tells that it is as planned: a system
 * that is polled has just read what its snapshot shows, one that is pushed would first read everything anew. Never rejects.
 */
export async function readBack(
  system: FlagSystem,
  plan: Plan,
  result: ApplyResult,
  signal: AbortSignal,
): Promise<ReadBack> {
  const { push } = system.describe(plan.environment);
  if (!push && (await isInSnapshot(system, plan, result, signal))) return 'asPlanned';
  const asked = await standing(system, plan, signal);
  if (asked === 'asPlanned' || !push) return asked;
  return (await isInSnapshot(system, plan, result, signal)) ? 'asPlanned' : asked;
}

/** Never rejects: what cannot be read tells nothing. */
async function isInSnapshot(
  system: FlagSystem,
  plan: Plan,
  result: ApplyResult,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const snapshot = await system.snapshot(signal);
    const flag = snapshot.flags.find(({ ref }) => flagId(ref) === flagId(plan.ref));
    const state = flag?.states.find(
      ({ environment }) => environmentId(environment) === environmentId(plan.environment),
    );
    if (!state) return false;
    const version = 'version' in result ? result.version : undefined;
    if (state.version === version || state.raw === plan.after.text) return true;
    return plan.after.shares !== null && equalShares(plan.after.shares, state.effective.shares);
  } catch {
    return false;
  }
}

/** Whether the planned state is what the system has now. Never rejects. */
export async function standing(system: FlagSystem, plan: Plan, signal: AbortSignal): Promise<ReadBack> {
  try {
    const { kind } = await system.inquire(plan, signal);
    if (kind === 'applied' || kind === 'written') return 'asPlanned';
    return kind === 'conflict' || kind === 'refused' ? 'different' : 'unknown';
  } catch {
    return 'unknown';
  }
}

function equalShares(planned: Shares, found: Shares | null): boolean {
  if (!found) return false;
  const variants = new Set([...Object.keys(planned), ...Object.keys(found)]);
  return [...variants].every((variant) => Math.abs((planned[variant] ?? 0) - (found[variant] ?? 0)) < 1e-6);
}
