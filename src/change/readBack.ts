import type { FlagSystem } from '../flags/system';
import type { ApplyResult, Plan } from '../model/change';
import type { Shares } from '../model/flag';
import { environmentId, flagId } from '../model/identity';

/** What the system returns after a change: the planned state, another one, or nothing that tells. */
export type ReadBack = 'asPlanned' | 'different' | 'unknown';

/** Looks at a fresh snapshot first, and asks the system itself where that does not settle it. Never rejects. */
export async function readBack(
  system: FlagSystem,
  plan: Plan,
  result: ApplyResult,
  signal: AbortSignal,
): Promise<ReadBack> {
  try {
    const snapshot = await system.snapshot(signal);
    const flag = snapshot.flags.find(({ ref }) => flagId(ref) === flagId(plan.ref));
    const state = flag?.states.find(
      ({ environment }) => environmentId(environment) === environmentId(plan.environment),
    );
    const version = 'version' in result ? result.version : undefined;
    if (state && (state.version === version || state.raw === plan.after.text)) return 'asPlanned';
    if (state && plan.after.shares && equalShares(plan.after.shares, state.effective.shares)) return 'asPlanned';
    return await standing(system, plan, signal);
  } catch {
    return 'unknown';
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
