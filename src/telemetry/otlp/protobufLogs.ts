import { FlagDraft, isEvaluationName } from './flagDraft';
import { addLogRecord, logAttributes } from './logBuilder';
import { readAttribute, readOptionalId, walkSignals } from './protobufCommon';
import { ProtobufReader } from './protobufReader';
import { SignalCollector, type DecodedSignals, type ResourceRecord } from './record';

/** logs/v1 LogRecord, field number * 8 + wire type. */
const field = { time: 0x09, attribute: 0x32, traceId: 0x4a, spanId: 0x52, observed: 0x59, eventName: 0x62 } as const;

/** Decodes an ExportLogsServiceRequest: flag evaluations are kept, all other records only counted. */
export function decodeProtobufLogs(data: Uint8Array): DecodedSignals {
  const collected = new SignalCollector();
  const draft = new FlagDraft();
  walkSignals(new ProtobufReader(data), (reader, resource) => readRecord(reader, resource, collected, draft));
  return collected;
}

function readRecord(
  reader: ProtobufReader,
  resource: ResourceRecord,
  collected: SignalCollector,
  draft: FlagDraft,
): void {
  draft.reset();
  let eventName = '';
  let traceId: string | undefined = '';
  let spanId: string | undefined = '';
  let time = 0;
  let observed = 0;
  const outer = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case field.time:
        time = reader.millisecondsAt(reader.fixed64());
        break;
      case field.observed:
        observed = reader.millisecondsAt(reader.fixed64());
        break;
      case field.traceId:
        traceId = readOptionalId(reader, 16);
        break;
      case field.spanId:
        spanId = readOptionalId(reader, 8);
        break;
      case field.eventName:
        eventName = reader.text();
        break;
      case field.attribute:
        readAttribute(reader, logAttributes, (key, value) => {
          if (key !== 'event.name') draft.set(key, value);
          else if (typeof value === 'string' && eventName === '') eventName = value;
        });
        break;
      default:
        reader.skip(tag);
    }
  }
  reader.leave(outer);
  addLogRecord(collected, resource, {
    traceId,
    spanId,
    at: time > 0 ? time : observed,
    evaluation: isEvaluationName(eventName) ? draft : undefined,
  });
}
