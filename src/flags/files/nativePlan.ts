import * as z from 'zod';

/**
 * A flag file's side of a plan, as JSON in `Plan.native` and `Plan.inverse`: replace one flag's text in one file by
 * another; '' stands for no flag of that key at all. `fileHash` is the sha256 the plan was based on, '' for an inverse (which looks at the flag alone).
 * `beside`: what the flag names that stands beside it, by name, each with its fingerprint at the time: the plan is for those alone.
 */
export const nativePlanSchema = z.object({
  format: z.literal(1),
  path: z.string(),
  key: z.string(),
  fileHash: z.string(),
  before: z.string(),
  after: z.string(),
  write: z.enum(['rename', 'inPlace']),
  beside: z.record(z.string(), z.string()).optional(),
});
export type NativePlan = z.infer<typeof nativePlanSchema>;

/** Undefined for a plan of another kind of system, or a damaged one. */
export function readNativePlan(native: string): NativePlan | undefined {
  try {
    return nativePlanSchema.parse(JSON.parse(native));
  } catch {
    return undefined;
  }
}
