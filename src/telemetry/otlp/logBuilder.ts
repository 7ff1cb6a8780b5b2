import { flagAttributeNames, type FlagDraft } from './flagDraft';
import type { ResourceRecord, SignalCollector } from './record';
import { WantedNames } from './wantedNames';

/** Attributes of a log record that are read; older SDKs name the event in one. */
export const logAttributes = new WantedNames(['event.name', ...flagAttributeNames]);

/** A log record as far as it is looked at. Ids: packed, '' for none, undefined when invalid. */
export interface WireLogRecord {
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** Epoch milliseconds, 0 when the record has no time. */
  readonly at: number;
  readonly evaluation: FlagDraft | undefined;
}

/** Adds the record's evaluation, if it is one, or counts it as rejected. */
export function addLogRecord(into: SignalCollector, resource: ResourceRecord, record: WireLogRecord): void {
  into.received++;
  const { traceId, spanId, evaluation } = record;
  if (traceId === undefined) {
    into.reject('a trace id is not 16 bytes or all zero');
    return;
  }
  if (spanId === undefined) {
    into.reject('a span id is not 8 bytes or all zero');
    return;
  }
  if (evaluation === undefined) return;
  if (evaluation.key === null) {
    into.reject('a flag evaluation names no flag, or one of more than 256 characters');
    return;
  }
  into.evaluations.push({
    resource,
    traceId,
    spanId,
    flag: evaluation.key,
    variant: evaluation.variant,
    at: record.at,
  });
}
