import { walkSignals } from './jsonCommon';
import { JsonReader } from './jsonReader';
import { ProtobufReader } from './protobufReader';
import type { DecodedSignals } from './record';
import { WantedNames } from './wantedNames';

const counted = (received: number): DecodedSignals => ({
  spans: [],
  evaluations: [],
  received,
  rejected: 0,
  reasons: [],
});

/** metrics/v1 Metric: gauge 5, sum 7, histogram 9, exponential_histogram 10, summary 11, each { data_points = 1 }. */
const dataFields = new Set([0x2a, 0x3a, 0x4a, 0x52, 0x5a]);

/** Walks an ExportMetricsServiceRequest and counts its data points; throws {@link OtlpError} when it is none. */
export function decodeProtobufMetrics(data: Uint8Array): DecodedSignals {
  const reader = new ProtobufReader(data);
  let points = 0;
  const descend = (tags: (tag: number) => boolean, visit: () => void): void => {
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (!tags(tag)) {
        reader.skip(tag);
        continue;
      }
      const outer = reader.enter();
      visit();
      reader.leave(outer);
    }
  };
  const second = (tag: number): boolean => tag === 0x12;
  const first = (tag: number): boolean => tag === 0x0a;
  descend(first, () =>
    descend(second, () =>
      descend(second, () =>
        descend(
          (tag) => dataFields.has(tag),
          () =>
            descend(first, () => {
              points++;
            }),
        ),
      ),
    ),
  );
  return counted(points);
}

const metricMembers = new WantedNames(['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']);
const dataMembers = new WantedNames(['dataPoints']);

/** As {@link decodeProtobufMetrics}, of OTLP/JSON. */
export function decodeJsonMetrics(data: Uint8Array): DecodedSignals {
  const reader = new JsonReader(data);
  let points = 0;
  walkSignals(reader, { groups: 'resourceMetrics', scoped: 'scopeMetrics', items: 'metrics' }, () => {
    each(reader, metricMembers, () =>
      each(reader, dataMembers, () => {
        if (!reader.enterArray()) return;
        for (; reader.item(); points++) reader.skip();
      }),
    );
  });
  return counted(points);
}

/** Hands each wanted member's value on to be read; whatever is no object has none. */
function each(reader: JsonReader, wanted: WantedNames, value: () => void): void {
  if (!reader.enterObject()) return;
  for (let name = reader.member(wanted); name !== undefined; name = reader.member(wanted))
    if (name === '') reader.skip();
    else value();
}
