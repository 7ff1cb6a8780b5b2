import * as z from 'zod';

/** Calls, or messages, that one service got from another within a window. */
export const serviceEdgeSchema = z.object({
  /** Null: from callers that are not traced, whoever they are. */
  client: z.string().nullable(),
  server: z.string(),
  /** What was called, as telemetry of the server names it; null where the source tells services apart alone. */
  operation: z.object({ id: z.string(), name: z.string() }).nullable(),
  kind: z.enum(['call', 'messaging']),
  requests: z.number().nonnegative(),
  /** Of the first and the last of them within the window, epoch milliseconds; null where the source keeps no times. */
  since: z.number().nullable(),
  lastSeen: z.number().nullable(),
});
export type ServiceEdge = z.infer<typeof serviceEdgeSchema>;

/** What one source has seen of who calls whom. */
export const serviceGraphSchema = z.object({
  edges: z.array(serviceEdgeSchema),
  /** deployment.environment.name that it is of; `''`: of telemetry that names none. */
  environment: z.string(),
  /** Some of it is missing: left out at a limit, cut, or sampled away. An edge that is not there means less. */
  partial: z.boolean(),
  /** Services that it has seen at all, as callers or called. */
  services: z.array(z.string()),
});
export type ServiceGraph = z.infer<typeof serviceGraphSchema>;
