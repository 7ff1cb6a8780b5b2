import * as z from 'zod';

/** What telemetry names: one entry-span operation of one service in one environment. */
export const operationSchema = z.object({
  /** Stable within a backend. */
  id: z.string(),
  service: z.string(),
  /** `deployment.environment.name`; empty when telemetry names none. */
  environment: z.string(),
  kind: z.enum(['server', 'consumer', 'root', 'internal']),
  /** Span name. */
  name: z.string(),
  httpMethod: z.string().nullable(),
  httpRoute: z.string().nullable(),
  scope: z.string().nullable(),
  codeFunction: z.string().nullable(),
  codeFile: z.string().nullable(),
  codeLine: z.number().int().nullable(),
});
export type Operation = z.infer<typeof operationSchema>;

/** A window of time in epoch milliseconds, `from` included, `to` not. */
export const windowSchema = z.object({ from: z.number(), to: z.number() });
export type Window = z.infer<typeof windowSchema>;

/**
 * Latency histogram in seconds. `bounds` ascend; `counts[i]` is the number in (bounds[i-1], bounds[i]],
 * so `counts` is one longer than `bounds` (the last is the overflow).
 */
export const histogramSchema = z.object({ bounds: z.array(z.number()), counts: z.array(z.number()) });
export type Histogram = z.infer<typeof histogramSchema>;

/** Counts of one arm in one step. `errors`: span status ERROR, HTTP >= 500, gRPC server codes. `refused`: HTTP 4xx. */
export const pointSchema = z.object({
  at: z.number(),
  calls: z.number(),
  errors: z.number(),
  refused: z.number(),
  histogram: histogramSchema,
});
export type Point = z.infer<typeof pointSchema>;

/** One arm: a flag's variant, a version, an attribute's value; `all` without a split. `mixed` = several variants in one trace. */
export const armSchema = z.object({
  arm: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('all') }),
    z.object({ kind: z.literal('variant'), flag: z.string(), variant: z.string() }),
    z.object({ kind: z.literal('mixed'), flag: z.string() }),
    z.object({ kind: z.literal('version'), version: z.string() }),
    z.object({ kind: z.literal('attribute'), name: z.string(), value: z.string() }),
  ]),
  points: z.array(pointSchema),
  exemplars: z.array(z.object({ traceId: z.string(), at: z.number(), seconds: z.number(), error: z.boolean() })),
});
export type ArmSeries = z.infer<typeof armSchema>;

export const operationSeriesSchema = z.object({ operation: operationSchema, arms: z.array(armSchema) });
export type OperationSeries = z.infer<typeof operationSeriesSchema>;

/** How far an answer may be believed. `joinedShare`: evaluations that found their entry span, 0..1, null when none came. */
export const coverageSchema = z.object({
  sampled: z.boolean(),
  approximate: z.boolean(),
  partial: z.boolean(),
  joinedShare: z.number().nullable(),
  newestSample: z.number().nullable(),
  /** When the source first heard of this environment, where it knows (epoch ms): rates are not taken over the time before. */
  heardFrom: z.number().nullable().optional(),
});
export type Coverage = z.infer<typeof coverageSchema>;

export const seriesAnswerSchema = z.object({ series: z.array(operationSeriesSchema), coverage: coverageSchema });
export type SeriesAnswer = z.infer<typeof seriesAnswerSchema>;

/** Which variant each instance of a service was last seen evaluating, for verification. Times epoch ms. */
export const instanceEvaluationSchema = z.object({
  service: z.string(),
  instance: z.string(),
  flag: z.string(),
  variant: z.string(),
  lastSeen: z.number(),
  /** Evaluations of this variant by this instance in the asked period. */
  count: z.number(),
});
export type InstanceEvaluation = z.infer<typeof instanceEvaluationSchema>;
