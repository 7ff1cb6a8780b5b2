import * as z from 'zod';

/** Something that is wrong outside: names what, where and what to do. Positions are 1-based. */
export const problemSchema = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  message: z.string(),
  /** The only flag that it is about: everything else was read; of a warning that flag was too. */
  key: z.string().optional(),
  path: z.string().optional(),
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
  endLine: z.number().int().positive().optional(),
  endColumn: z.number().int().positive().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
