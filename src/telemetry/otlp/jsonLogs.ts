import { FlagDraft, isEvaluationName, wantsFlagAttribute } from './flagDraft';
import {
  eachAttribute,
  isMembers,
  listOf,
  logsSchema,
  millisecondsOf,
  optionalIdOf,
  resourceFrom,
  textOf,
  timeOf,
} from './jsonCommon';
import { parseEnvelope } from './jsonEnvelope';
import { addLogRecord } from './logBuilder';
import { SignalCollector, type DecodedSignals } from './record';

const wants = (key: string): boolean => key === 'event.name' || wantsFlagAttribute(key);

/** Decodes an OTLP/JSON ExportLogsServiceRequest: flag evaluations are kept, all other records only counted. */
export function decodeJsonLogs(data: Uint8Array): DecodedSignals {
  const collected = new SignalCollector();
  const draft = new FlagDraft();
  for (const group of parseEnvelope(data, logsSchema).resourceLogs) {
    const resource = resourceFrom(group.resource);
    for (const scoped of listOf(group.scopeLogs)) {
      for (const record of listOf(isMembers(scoped) ? scoped.logRecords : undefined)) {
        if (!isMembers(record)) {
          collected.received++;
          collected.reject('a log record is not an object');
          continue;
        }
        let eventName = textOf(record.eventName);
        draft.reset();
        eachAttribute(record.attributes, wants, (key, value) => {
          if (key !== 'event.name') draft.set(key, value);
          else if (eventName === '' && typeof value === 'string') eventName = value;
        });
        addLogRecord(collected, resource, {
          traceId: optionalIdOf(record.traceId, 16),
          spanId: optionalIdOf(record.spanId, 8),
          at: millisecondsOf(timeOf(record.timeUnixNano) ?? timeOf(record.observedTimeUnixNano)),
          evaluation: isEvaluationName(eventName) ? draft : undefined,
        });
      }
    }
  }
  return collected;
}
