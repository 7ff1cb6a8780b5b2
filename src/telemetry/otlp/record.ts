/**
 * What is kept of OTLP after decoding: nothing that the rollups or the join do not need. Attributes outside the
 * allow-list (attributes.ts) never leave the decoder, so they reach neither memory nor disk.
 */

/** Who sent it. `environment` and `version` are empty where the resource names none. */
export interface ResourceRecord {
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  /** One running process of the service; held in memory only. */
  readonly instance: string;
}

export const spanKinds = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof spanKinds)[number];

/** Ids are packed (traceIds.ts). Times are epoch milliseconds, `seconds` is the duration. */
export interface SpanRecord {
  readonly resource: ResourceRecord;
  readonly scope: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentId: string;
  /** Whether the parent runs in another process; undefined where the sender does not say. */
  readonly parentRemote: boolean | undefined;
  readonly kind: SpanKind;
  readonly name: string;
  readonly endMs: number;
  readonly seconds: number;
  /** Status ERROR, HTTP >= 500 or a gRPC server code. */
  readonly error: boolean;
  /** HTTP 4xx that is not an error. */
  readonly refused: boolean;
  readonly httpMethod: string | null;
  readonly httpRoute: string | null;
  readonly codeFunction: string | null;
  readonly codeFile: string | null;
  readonly codeLine: number | null;
  /** The span is itself the record of an evaluation, no piece of work. */
  readonly isEvaluation: boolean;
  /** Spans of other traces that a consumer of messages names as where they came from; absent for other spans. */
  readonly links?: readonly SpanLink[] | undefined;
  /** The sender kept only a share of its traces (W3C tracestate `ot=th:`). */
  readonly sampled: boolean;
}

/** Ids packed, as a span's own. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

/** One flag evaluation. `traceId` and `spanId` are empty where it happened outside any span. `variant` '' = not named. */
export interface EvaluationRecord {
  readonly resource: ResourceRecord;
  readonly traceId: string;
  readonly spanId: string;
  readonly flag: string;
  readonly variant: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** One decoded request. `rejected` items were left out for `reasons`; the others stand. */
export interface DecodedSignals {
  readonly spans: readonly SpanRecord[];
  readonly evaluations: readonly EvaluationRecord[];
  /** Spans, log records or data points in the request, rejected ones included. */
  readonly received: number;
  readonly rejected: number;
  readonly reasons: readonly string[];
}

/** The request as a whole is not OTLP; answered with 400. */
export class OtlpError extends Error {
  override readonly name = 'OtlpError';
}

/** Collects one request while it is decoded. */
export class SignalCollector implements DecodedSignals {
  readonly spans: SpanRecord[] = [];
  readonly evaluations: EvaluationRecord[] = [];
  received = 0;
  rejected = 0;
  readonly #reasons = new Set<string>();

  reject(reason: string): void {
    this.rejected++;
    this.#reasons.add(reason);
  }

  get reasons(): readonly string[] {
    return [...this.#reasons];
  }
}
