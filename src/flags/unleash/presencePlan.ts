import * as z from 'zod';

/**
 * Unleash's side of a plan that makes a flag, or takes one out that is as it was made, as JSON in `Plan.native` and
 * `Plan.inverse`. `type` is Unleash's own (`release`). `environment` is the one that the plan was asked for in: the flag
 * is made in all. `seenEvents` are the ids of its newest events when it was planned, null where the log cannot be read.
 */
export const presencePlanSchema = z.object({
  format: z.literal(1),
  presence: z.enum(['make', 'remove']),
  url: z.string(),
  key: z.string(),
  environment: z.string(),
  type: z.string(),
  seenEvents: z.array(z.number()).max(1_000).nullable(),
});
export type PresencePlan = z.infer<typeof presencePlanSchema>;

/** Undefined for a plan of another kind, or a damaged one. */
export function readPresencePlan(native: string): PresencePlan | undefined {
  try {
    return presencePlanSchema.parse(JSON.parse(native));
  } catch {
    return undefined;
  }
}
