import type { SeriesAnswer } from '../../../../src/model/signal';
import { MemoryClock } from '../../../../src/platform/memory/clock';
import type {
  DecodedSignals,
  EvaluationRecord,
  ResourceRecord,
  SpanRecord,
} from '../../../../src/telemetry/otlp/record';
import { packHex } from '../../../../src/telemetry/otlp/traceIds';
import type { SignalStore } from '../../../../src/telemetry/store/signalStore';
import { storeBackend } from '../../../../src/telemetry/store/storeBackend';

export const start = Date.UTC(2026, 10, 22, 12, 0, 30);
export const clockAt = (now = start): MemoryClock => new MemoryClock(now);

export const traceHex = (number: number): string => `c0ffee${number.toString(16).padStart(26, '0')}`;
export const traceId = (number: number): string => packHex(traceHex(number), 16)!;
export const spanId = (number: number): string => packHex(`c0ffee${number.toString(16).padStart(10, '0')}`, 8)!;

export const resource = (service = 'shop', instance = 'one', environment = 'production'): ResourceRecord => ({
  service,
  environment,
  version: '1.0',
  instance,
});

export const span = (parts: Partial<SpanRecord> = {}): SpanRecord => ({
  resource: resource(),
  scope: '',
  traceId: traceId(1),
  spanId: spanId(1),
  parentId: '',
  parentRemote: undefined,
  kind: 'server',
  name: 'GET /cart',
  endMs: start,
  seconds: 0.1,
  error: false,
  refused: false,
  httpMethod: 'GET',
  httpRoute: '/cart',
  codeFunction: null,
  codeFile: null,
  codeLine: null,
  isEvaluation: false,
  sampled: false,
  ...parts,
});

export const evaluation = (parts: Partial<EvaluationRecord> = {}): EvaluationRecord => ({
  resource: resource(),
  traceId: traceId(1),
  spanId: spanId(1),
  flag: 'beta',
  variant: 'on',
  at: start,
  ...parts,
});

export const decoded = (
  spans: readonly SpanRecord[],
  evaluations: readonly EvaluationRecord[] = [],
): DecodedSignals => ({
  spans,
  evaluations,
  received: spans.length + evaluations.length,
  rejected: 0,
  reasons: [],
});

const day = { from: start - 86_400_000, to: start + 86_400_000 };

/** All that the store says of one split, with the whole day as one step. */
export function ask(store: SignalStore, flag?: string, environment = 'production'): Promise<SeriesAnswer> {
  return storeBackend(store).series(
    {
      environment,
      operations: [],
      window: day,
      step: 10 * 86_400_000,
      split: flag === undefined ? { by: 'none' } : { by: 'flag', key: flag },
    },
    new AbortController().signal,
  );
}

/** Calls by operation and arm: `shop GET /cart = all: 3/1 errors`. */
export async function summary(store: SignalStore, flag?: string, environment?: string): Promise<string[]> {
  const lines: string[] = [];
  for (const { operation, arms } of (await ask(store, flag, environment)).series) {
    for (const { arm, points } of arms) {
      const name = arm.kind === 'variant' ? arm.variant : arm.kind;
      const calls = points.reduce((sum, point) => sum + point.calls, 0);
      const errors = points.reduce((sum, point) => sum + point.errors, 0);
      const counted = points.reduce((sum, point) => sum + point.histogram.counts.reduce((a, b) => a + b, 0), 0);
      lines.push(`${operation.service} ${operation.kind} ${operation.name} = ${name}: ${calls}/${errors} (${counted})`);
    }
  }
  return lines.sort();
}

export const evaluations = (store: SignalStore, environment = 'production') =>
  storeBackend(store).evaluations!(environment, day, new AbortController().signal);
