import * as z from 'zod';

/** telemetry.md 7.2 D, in the words shown. There is no word for "good to go": a verdict never says more than was tested. */
export const verdictSchema = z.enum([
  'insufficient',
  'noEvidence',
  /** The odds of a bad call are less than a quarter higher: shown by evidence, not by its absence. */
  'notWorse',
  'regression',
  'improvement',
  'unhealthy',
  'association',
]);
export type Verdict = z.infer<typeof verdictSchema>;

/**
 * One arm against another on one metric. Counts are of "bad" calls (errors, or calls slower than `thresholdSeconds`).
 * `ratio` is the Mantel-Haenszel risk ratio with its 95 % interval; where one side has no bad call it is a one-sided
 * 95 % bound: `value` and `high` null = at least `low` times (none in control), `value` 0 = at most `high` times.
 * `p` is the sequential p-value of the e-process (anytime-valid). `since` is when the evidence crossed
 * without having been lost since, epoch ms.
 */
export const comparisonSchema = z.object({
  metric: z.enum(['errors', 'latency']),
  treatment: z.string(),
  control: z.string(),
  verdict: verdictSchema,
  /** Why there is no verdict, or why it is only an association; in words. */
  because: z.string(),
  randomised: z.enum(['yes', 'partly', 'no', 'unknown']),
  n1: z.number(),
  bad1: z.number(),
  n0: z.number(),
  bad0: z.number(),
  ratio: z.object({ value: z.number().nullable(), low: z.number(), high: z.number().nullable() }).nullable(),
  /** Share of bad calls, treatment less control, over all minutes together, with its 95 % interval. */
  difference: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable().optional(),
  /** What a judge of minutes by rank says; only where a verdict may be given. */
  secondOpinion: z.enum(['pass', 'high', 'low', 'nodata']).optional(),
  p: z.number().nullable(),
  logE: z.number().nullable(),
  phi: z.number(),
  windows: z.number().int(),
  since: z.number().nullable(),
  /** The series asked does not reach back beyond `since`: it has been so at least since then. */
  sinceAtLeast: z.boolean().optional(),
  thresholdSeconds: z.number().nullable(),
});
export type Comparison = z.infer<typeof comparisonSchema>;
