import * as z from 'zod';
import type { LabelSet } from './labels';

/** Bucket of a native histogram: (left, right] as far as latencies go; `count` need not be whole. */
export interface NativeBucket {
  readonly left: number;
  readonly right: number;
  readonly count: number;
}

export interface NativeHistogram {
  readonly count: number;
  readonly buckets: readonly NativeBucket[];
}

/** One series of an answer. Times epoch ms, ascending. What could not be read is left out. */
export interface Row {
  readonly metric: LabelSet;
  readonly samples: readonly (readonly [at: number, value: number])[];
  readonly histograms: readonly (readonly [at: number, value: NativeHistogram])[];
}

export interface Rows {
  readonly rows: readonly Row[];
  /** The server says that something is missing, or some of it could not be read. */
  readonly partial: boolean;
}

export interface PromExemplar {
  readonly metric: LabelSet;
  readonly traceId: string;
  /** In the metric's own unit. */
  readonly value: number;
  readonly at: number;
}

/** What the server says went wrong, in its words. */
export class PromAnswerError extends Error {
  override readonly name = 'PromAnswerError';
  constructor(
    /** `bad_data`, `execution`, `timeout`... (Prometheus); `422` (VictoriaMetrics); `''` where the body is none of theirs. */
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The envelope of every answer (Prometheus HTTP API, "Format overview"). Thanos and Mimir put what is missing into
 * `warnings`, VictoriaMetrics' cluster sets `isPartial`; Prometheus 3 has `infos`, which are no doubts about the data.
 */
const envelopeSchema = z.object({
  status: z.string(),
  data: z.unknown().optional(),
  errorType: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  warnings: z.array(z.string()).nullish().catch(null),
  isPartial: z.boolean().optional().catch(undefined),
});

/** The data of an answer, whatever its HTTP status. Throws {@link PromAnswerError}. */
export function readEnvelope(body: Uint8Array): { readonly data: unknown; readonly partial: boolean } {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new PromAnswerError('', '');
  }
  const read = envelopeSchema.safeParse(json);
  if (!read.success) throw new PromAnswerError('', '');
  const { status, data, errorType, error, warnings, isPartial } = read.data;
  if (status !== 'success') throw new PromAnswerError(errorType ?? '', error ?? '');
  return { data, partial: isPartial === true || (warnings ?? []).length > 0 };
}

const seriesSchema = z.object({
  metric: z.record(z.string(), z.string()),
  value: z.unknown().optional(),
  values: z.array(z.unknown()).optional(),
  histogram: z.unknown().optional(),
  histograms: z.array(z.unknown()).optional(),
});
const resultSchema = z.object({ resultType: z.enum(['vector', 'matrix']), result: z.array(z.unknown()) });

/** Series of an instant or a range query, at most `most` of them. Throws {@link PromAnswerError} when it is none. */
export function readRows(data: unknown, most: number): Rows {
  const read = resultSchema.safeParse(data);
  if (!read.success) throw new PromAnswerError('', 'no series in the answer');
  const { result } = read.data;
  let partial = result.length > most;
  const rows: Row[] = [];
  for (const each of result.slice(0, most)) {
    const series = seriesSchema.safeParse(each);
    if (!series.success) {
      partial = true;
      continue;
    }
    const { metric, value, values, histogram, histograms } = series.data;
    const samples = pairs(value === undefined ? (values ?? []) : [value], numberOf);
    const natives = pairs(histogram === undefined ? (histograms ?? []) : [histogram], nativeOf);
    partial ||= samples.unread > 0 || natives.unread > 0;
    rows.push({ metric, samples: samples.read, histograms: natives.read });
  }
  return { rows, partial };
}

/** `[seconds, value]` as they come; those whose value is no finite number are counted, and NaN is no sample at all. */
function pairs<T>(
  all: readonly unknown[],
  value: (raw: unknown) => T | 'none' | 'unreadable',
): { readonly read: readonly (readonly [number, T])[]; readonly unread: number } {
  const read: (readonly [number, T])[] = [];
  let unread = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const pair of all) {
    const [seconds, raw] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    const one = value(raw);
    if (one === 'none') continue;
    const at = typeof seconds === 'number' ? Math.round(seconds * 1_000) : Number.NaN;
    if (one === 'unreadable' || !(at > last) || !Number.isFinite(at)) {
      unread += 1;
      continue;
    }
    last = at;
    read.push([at, one]);
  }
  return { read, unread };
}

/** Values are strings on the wire. A counter is never negative nor infinite. */
function numberOf(raw: unknown): number | 'none' | 'unreadable' {
  if (raw === 'NaN') return 'none';
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : Number.NaN;
  return Number.isFinite(value) && value >= 0 ? value : 'unreadable';
}

const nativeSchema = z.object({
  count: z.string(),
  buckets: z.array(z.tuple([z.number(), z.string(), z.string(), z.string()])).optional(),
});

function nativeOf(raw: unknown): NativeHistogram | 'unreadable' {
  const read = nativeSchema.safeParse(raw);
  if (!read.success) return 'unreadable';
  const count = numberOf(read.data.count);
  const buckets: NativeBucket[] = [];
  for (const [, left, right, inside] of read.data.buckets ?? []) {
    const bucket = { left: edge(left), right: edge(right), count: numberOf(inside) };
    if (typeof bucket.count !== 'number' || !(bucket.left < bucket.right)) return 'unreadable';
    // Nothing takes less than no time: what is below nought is the zero bucket's lower half, or a clock set back.
    buckets.push({ left: Math.max(0, bucket.left), right: Math.max(0, bucket.right), count: bucket.count });
  }
  return typeof count === 'number' ? { count, buckets: buckets.sort((a, b) => a.right - b.right) } : 'unreadable';
}

/** `+Inf` as Prometheus writes it. */
export const edge = (text: string): number =>
  text === '+Inf'
    ? Number.POSITIVE_INFINITY
    : text === '-Inf'
      ? Number.NEGATIVE_INFINITY
      : text.trim() === ''
        ? Number.NaN
        : Number(text);

/** Names or values of labels. */
export function readNames(data: unknown, most: number): readonly string[] {
  const read = z.array(z.string()).safeParse(data ?? []);
  if (!read.success) throw new PromAnswerError('', 'no list of names in the answer');
  return read.data.slice(0, most);
}

const exemplarsSchema = z.object({
  seriesLabels: z.record(z.string(), z.string()),
  exemplars: z.array(z.unknown()),
});
const exemplarSchema = z.object({
  labels: z.record(z.string(), z.string()),
  value: z.union([z.string(), z.number()]),
  timestamp: z.number(),
});
/** What senders call the trace in an exemplar: OpenTelemetry, then older clients. */
const traceLabels = ['trace_id', 'traceID', 'traceId', 'TraceID'];

/** Exemplars that name a trace; the others, and what cannot be read, are left out. */
export function readExemplars(data: unknown, most: number): readonly PromExemplar[] {
  const found: PromExemplar[] = [];
  for (const each of Array.isArray(data) ? (data as readonly unknown[]) : []) {
    const series = exemplarsSchema.safeParse(each);
    if (!series.success) continue;
    for (const one of series.data.exemplars) {
      const read = exemplarSchema.safeParse(one);
      if (!read.success || found.length >= most) continue;
      const { labels, timestamp } = read.data;
      const traceId = traceLabels
        .map((name) => labels[name])
        .find((id) => id !== undefined && /^[0-9a-f]{16,32}$/i.test(id));
      const value = Number(read.data.value);
      if (traceId === undefined || !Number.isFinite(value)) continue;
      found.push({
        metric: series.data.seriesLabels,
        traceId: traceId.toLowerCase(),
        value,
        at: Math.round(timestamp * 1_000),
      });
    }
  }
  return found;
}
