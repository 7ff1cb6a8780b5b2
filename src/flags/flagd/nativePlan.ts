import * as z from 'zod';

/**
 * flagd's side of a plan, as JSON in `Plan.native` and `Plan.inverse`: replace one flag's text in one file by
 * another. `fileHash` is the sha256 the plan was based on, '' for an inverse (which looks at the flag alone).
 */
export const nativePlanSchema = z.object({
  format: z.literal(1),
  path: z.string(),
  key: z.string(),
  fileHash: z.string(),
  before: z.string(),
  after: z.string(),
  write: z.enum(['rename', 'inPlace']),
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
