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
  /** The last finite edge of the histogram, where some percentile lies beyond it: those given as that are that or more. */
  beyond: z.number().optional(),
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
  /** Id among the answer's `sources`; absent where there is one source. */
  source: z.string().optional(),
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
  /** Id among the answer's `sources`; absent where there is one source. */
  source: z.string().optional(),
  /** Code paths whose operation this is by the same source, when others may have the code paths' own numbers. */
  codePathIds: z.array(z.string()).optional(),
});
export type FlagFacts = z.infer<typeof flagFactsSchema>;

/**
 * One of several that were asked. `decided`: why it does or does not speak for the asked environment; the numbers of one
 * that does are nowhere added to another's. Times epoch ms; `asOf` null until it has answered once.
 */
export const signalSourceSchema = z.object({
  id: z.string(),
  name: z.string(),
  decided: z.enum(['configured', 'found', 'namesNone', 'notThere', 'unknown']),
  state: z.enum(['ok', 'asking', 'unreachable']),
  /** When `unreachable`: in words for people, and since when. */
  reason: z.string().nullable(),
  since: z.number().nullable(),
  asOf: z.number().nullable(),
  coverage: coverageSchema.nullable(),
  /** Flags whose variants its calls carry; null: of all that it knows. */
  toldApart: z.array(z.string()).nullable(),
});
export type SignalSource = z.infer<typeof signalSourceSchema>;

/**
 * The answer to one facts question: for one environment and window, at one time, from `source` (with several `sources`, the
 * names of those whose numbers are in it; each number says its own). When
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
  /** Of one source: flags whose variants its calls carry, so that arms can be told apart; absent: of all. */
  toldApart: z.array(z.string()).optional(),
  /** Absent where only one source was asked. */
  sources: z.array(signalSourceSchema).optional(),
  /** Files whose code paths the question named; absent: all there are. Of another file it says nothing. */
  askedFiles: z.array(z.string()).optional(),
});
export type SignalFacts = z.infer<typeof signalFactsSchema>;
