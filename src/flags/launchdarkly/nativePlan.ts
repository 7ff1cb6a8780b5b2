import * as z from 'zod';
import type { L10n } from '../../platform/l10n';
import { canonical } from '../canonical';
import { short } from '../boundedWords';

const operationSchema = z.object({
  op: z.enum(['test', 'replace', 'add', 'remove']),
  path: z.string(),
  value: z.unknown().optional(),
});
export type Operation = z.infer<typeof operationSchema>;

export const instructionSchema = z.looseObject({ kind: z.string() });
export type Instruction = z.infer<typeof instructionSchema>;

/**
 * LaunchDarkly's side of a plan, as JSON in `Plan.native` and `Plan.inverse`. `patch`: a JSON patch that tests the
 * environment's version first, and the same in instructions, which approval requests are made of; `before` and `after`
 * are raw states. `create`: a new flag. `archive`: what takes a creation back.
 */
export const nativePlanSchema = z.discriminatedUnion('do', [
  z.object({
    format: z.literal(1),
    do: z.literal('patch'),
    url: z.string(),
    key: z.string(),
    environment: z.string(),
    /** Of the flag in the environment, when it was read. */
    version: z.number().int(),
    patch: z.array(operationSchema).min(1).max(2_000),
    instructions: z.array(instructionSchema).min(1).max(2_000),
    before: z.string(),
    after: z.string(),
  }),
  z.object({
    format: z.literal(1),
    do: z.literal('create'),
    url: z.string(),
    key: z.string(),
    environment: z.string(),
    body: z.record(z.string(), z.unknown()),
  }),
  z.object({
    format: z.literal(1),
    do: z.literal('archive'),
    url: z.string(),
    key: z.string(),
    environment: z.string(),
    patch: z.array(operationSchema).min(1).max(4),
  }),
]);
export type NativePlan = z.infer<typeof nativePlanSchema>;
export type PatchPlan = Extract<NativePlan, { do: 'patch' }>;

/** Undefined for a plan of another kind of system, or a damaged one. */
export function readNativePlan(native: string): NativePlan | undefined {
  try {
    return nativePlanSchema.parse(JSON.parse(native));
  } catch {
    return undefined;
  }
}

/** The change in LaunchDarkly's own terms: `turnFlagOff; updateOffVariation variationId="…"`. */
export function instructionWords(instructions: readonly Instruction[], { t }: L10n): string {
  const words = instructions.slice(0, 6).map(({ kind, ...more }) => {
    const parts = Object.entries(more).map(([name, value]) => `${name}=${short(canonical(value))}`);
    return [kind, ...parts].join(' ');
  });
  return instructions.length > 6 ? t('{0} and {1} more', words.join('; '), instructions.length - 6) : words.join('; ');
}
