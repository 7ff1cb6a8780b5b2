import { FlagDraft, isEvaluationName } from './flagDraft';
import { readAttributes, walkSignals } from './jsonCommon';
import { JsonReader } from './jsonReader';
import { addLogRecord, logAttributes } from './logBuilder';
import { SignalCollector, type DecodedSignals, type ResourceRecord } from './record';
import { WantedNames } from './wantedNames';

const recordMembers = new WantedNames([
  'eventName',
  'attributes',
  'traceId',
  'spanId',
  'timeUnixNano',
  'observedTimeUnixNano',
]);

/** Decodes an OTLP/JSON ExportLogsServiceRequest: flag evaluations are kept, all other records only counted. */
export function decodeJsonLogs(data: Uint8Array): DecodedSignals {
  const collected = new SignalCollector();
  const draft = new FlagDraft();
  const reader = new JsonReader(data);
  walkSignals(reader, { groups: 'resourceLogs', scoped: 'scopeLogs', items: 'logRecords' }, (resource) =>
    readRecord(reader, resource, collected, draft),
  );
  return collected;
}

function readRecord(reader: JsonReader, resource: ResourceRecord, collected: SignalCollector, draft: FlagDraft): void {
  if (!reader.enterObject()) {
    collected.received++;
    collected.reject('a log record is not an object');
    return;
  }
  draft.reset();
  let eventName = '';
  let traceId: string | undefined = '';
  let spanId: string | undefined = '';
  const time = { seconds: 0, nanos: 0 };
  const observed = { seconds: 0, nanos: 0 };
  for (let name = reader.member(recordMembers); name !== undefined; name = reader.member(recordMembers)) {
    switch (name) {
      case 'eventName':
        eventName = reader.text() ?? eventName;
        break;
      case 'attributes':
        readAttributes(reader, logAttributes, (key, value) => {
          if (key !== 'event.name') draft.set(key, value);
          else if (eventName === '' && typeof value === 'string') eventName = value;
        });
        break;
      case 'traceId':
        traceId = reader.id(16);
        break;
      case 'spanId':
        spanId = reader.id(8);
        break;
      case 'timeUnixNano':
        reader.time(time);
        break;
      case 'observedTimeUnixNano':
        reader.time(observed);
        break;
      default:
        reader.skip();
    }
  }
  const { seconds, nanos } = time.seconds > 0 || time.nanos > 0 ? time : observed;
  addLogRecord(collected, resource, {
    traceId,
    spanId,
    at: seconds * 1000 + nanos / 1e6,
    evaluation: isEvaluationName(eventName) ? draft : undefined,
  });
}
