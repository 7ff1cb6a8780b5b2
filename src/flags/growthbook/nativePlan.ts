import * as z from 'zod';
import type { L10n } from '../../platform/l10n';
import { short } from '../boundedWords';
import { canonical } from '../canonical';

const patchSchema = z.strictObject({
  coverage: z.number().min(0).max(1).optional(),
  allEnvironments: z.boolean().optional(),
  environments: z.array(z.string()).optional(),
});
/** A roll-out rule as it is made; what is not said GrowthBook fills in. */
const newRuleSchema = z.strictObject({
  type: z.literal('rollout'),
  enabled: z.literal(true),
  value: z.string(),
  coverage: z.number().min(0).max(1),
  hashAttribute: z.string(),
  seed: z.string().optional(),
  hashVersion: z.union([z.literal(1), z.literal(2)]).optional(),
  allEnvironments: z.literal(false),
  environments: z.array(z.string()).length(1),
});
export type NewRule = z.infer<typeof newRuleSchema>;

/** One edit of a draft revision. */
const editSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('toggle'), environment: z.string(), enabled: z.boolean() }),
  z.strictObject({ do: z.literal('rule'), id: z.string(), patch: patchSchema }),
  z.strictObject({ do: z.literal('add'), rule: newRuleSchema }),
  /** `id` `''`: the one that the change made, whose id is known once it is made. */
  z.strictObject({ do: z.literal('remove'), id: z.string() }),
  z.strictObject({ do: z.literal('archive'), archived: z.boolean() }),
]);
export type Edit = z.infer<typeof editSchema>;

const place = { format: z.literal(1), url: z.string(), key: z.string(), environment: z.string() };

/**
 * GrowthBook's side of a plan, as JSON in `Plan.native` and `Plan.inverse`. `edit`: edits of one draft that is published
 * where the live revision is still `version`; `before` and `after` are raw states of the environment. `archive`: the same,
 * of what takes a creation back. `create`: a new flag.
 */
const nativePlanSchema = z.discriminatedUnion('do', [
  z.object({
    ...place,
    do: z.literal('edit'),
    version: z.number().int(),
    edits: z.array(editSchema).min(1).max(10),
    undo: z.array(editSchema).min(1).max(10),
    before: z.string(),
    after: z.string(),
  }),
  z.object({ ...place, do: z.literal('archive'), version: z.number().int(), edits: z.array(editSchema).length(1) }),
  z.object({ ...place, do: z.literal('create'), body: z.record(z.string(), z.unknown()) }),
]);
export type NativePlan = z.infer<typeof nativePlanSchema>;
export type EditPlan = Extract<NativePlan, { do: 'edit' }>;
/** What is made by a draft. */
export type DraftPlan = Exclude<NativePlan, { do: 'create' }>;

/** Undefined for a plan of another kind of system, or a damaged one. */
export function readNativePlan(native: string): NativePlan | undefined {
  try {
    return nativePlanSchema.parse(JSON.parse(native));
  } catch {
    return undefined;
  }
}

/** The change in GrowthBook's own terms: `rule fr_1: coverage=0.25; toggle production off`. */
export function editWords(edits: readonly Edit[], { t }: L10n): string {
  return edits
    .map((edit) => {
      switch (edit.do) {
        case 'toggle':
          return edit.enabled ? t('toggle {0} on', edit.environment) : t('toggle {0} off', edit.environment);
        case 'rule':
          return t('rule {0}: {1}', short(edit.id), partsOf(edit.patch));
        case 'add':
          return t('add a rule: {0}', partsOf(edit.rule));
        case 'remove':
          return t('remove rule {0}', short(edit.id));
        case 'archive':
          return edit.archived ? t('archive') : t('take out of the archive');
      }
    })
    .join('; ');
}

const partsOf = (parts: object): string =>
  Object.entries(parts)
    .map(([name, value]) => `${name}=${short(canonical(value))}`)
    .join(' ');
