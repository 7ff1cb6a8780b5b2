import * as z from 'zod';
import { comparisonSchema } from './comparison';
import { coverageSchema, operationSchema, windowSchema } from './signal';

/** Rank and reason of a match between an operation and a code path (the cascade of telemetry/match). */
export const matchSchema = z.object({
  rank: z.number().int(),
  score: z.number(),
  /** In words, e.g. `by http.route`. */
  reason: z.string(),
  approximate: z.boolean(),
  /** Set when the numbers are a caller's: `POST /checkout`. */
  via: z.string().nullable(),
});
export type Match = z.infer<typeof matchSchema>;

const rateSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** Totals of some calls over a window. Latencies in seconds, null without data. `errorRate` with its Wilson 95 % interval. */
export const totalsSchema = z.object({
  calls: z.number(),
  errors: z.number(),
  refused: z.number(),
  perMinute: z.number(),
  errorRate: rateSchema.nullable(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});
export type Totals = z.infer<typeof totalsSchema>;

/** A point of a chart: one step of one arm. */
export const chartPointSchema = z.object({
  at: z.number(),
  calls: z.number(),
  errors: z.number(),
  p95: z.number().nullable(),
});
export type ChartPoint = z.infer<typeof chartPointSchema>;

export const exemplarSchema = z.object({
  traceId: z.string(),
  at: z.number(),
  seconds: z.number(),
  error: z.boolean(),
});
export type Exemplar = z.infer<typeof exemplarSchema>;

/** `totals` and `exemplars` are of the window; `points` reach back an hour where the window is shorter, for charts. */
export const armFactsSchema = z.object({
  variant: z.string(),
  totals: totalsSchema,
  points: z.array(chartPointSchema),
  exemplars: z.array(exemplarSchema),
});
export type ArmFacts = z.infer<typeof armFactsSchema>;

/** What is known of one code path's busiest matched operation; `more` others match too. */
export const pathFactsSchema = z.object({
  codePathId: z.string(),
  operation: operationSchema,
  match: matchSchema,
  totals: totalsSchema,
  more: z.array(operationSchema),
});
export type PathFacts = z.infer<typeof pathFactsSchema>;

/**
 * What is known of one flag on one operation (or, `operation` null, on all entry operations of one service that
 * evaluate it). `arms` are ordered by calls, `observed` are shares of evaluations by variant, 0..1.
 */
export const flagFactsSchema = z.object({
  key: z.string(),
  service: z.string(),
  operation: operationSchema.nullable(),
  match: matchSchema.nullable(),
  arms: z.array(armFactsSchema),
  mixedCalls: z.number(),
  observed: z.record(z.string(), z.number()),
  evaluations: z.number(),
  comparison: comparisonSchema.nullable(),
  latency: comparisonSchema.nullable(),
});
export type FlagFacts = z.infer<typeof flagFactsSchema>;

/**
 * The answer to one facts question: for one environment and window, at one time, from one named source. When
 * `environments` lacks the asked `environment`, what is joined is telemetry that names none: say so.
 */
export const signalFactsSchema = z.object({
  environment: z.string(),
  window: windowSchema,
  windowMinutes: z.number(),
  source: z.string(),
  asOf: z.number(),
  coverage: coverageSchema,
  /** Operations known in this environment (not only matched ones), and services seen. */
  operationCount: z.number().int(),
  services: z.array(z.string()),
  /** Environments telemetry names, `''` for none. */
  environments: z.array(z.string()),
  paths: z.array(pathFactsSchema),
  flags: z.array(flagFactsSchema),
});
export type SignalFacts = z.infer<typeof signalFactsSchema>;
