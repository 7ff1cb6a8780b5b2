import type { Plan } from '../model/change';
import type { Variant } from '../model/flag';
import type { InstanceEvaluation } from '../model/signal';
import { namesByValue } from '../model/variantNames';

/**
 * Evaluations in the flag's own words, see {@link namesByValue}. A name that neither the flag nor the plan knows shows
 * nothing either way, and becomes the empty one.
 */
export function inWordsOf(
  plan: Plan,
  variants: readonly Variant[],
  evaluations: readonly InstanceEvaluation[],
): InstanceEvaluation[] {
  const names = new Set([
    ...variants.map(({ name }) => name),
    ...Object.keys(plan.before.shares ?? {}),
    ...Object.keys(plan.after.shares ?? {}),
  ]);
  const byValue = namesByValue(variants);
  const merged = new Map<string, InstanceEvaluation>();
  for (const each of evaluations) {
    const variant = names.has(each.variant) ? each.variant : (byValue.get(each.variant) ?? '');
    const id = JSON.stringify([each.service, each.instance, variant]);
    const known = merged.get(id);
    merged.set(id, {
      ...each,
      variant,
      count: each.count + (known?.count ?? 0),
      lastSeen: Math.max(each.lastSeen, known?.lastSeen ?? 0),
    });
  }
  return [...merged.values()];
}
