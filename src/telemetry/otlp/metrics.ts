import * as z from 'zod';
import { parseEnvelope } from './jsonEnvelope';
import { ProtobufReader } from './protobufReader';
import type { DecodedSignals } from './record';

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

const dataSchema = z.object({ dataPoints: z.array(z.unknown()).default([]) }).prefault({});
const requestSchema = z.object({
  resourceMetrics: z
    .array(
      z.object({
        scopeMetrics: z
          .array(
            z.object({
              metrics: z
                .array(
                  z.object({
                    gauge: dataSchema,
                    sum: dataSchema,
                    histogram: dataSchema,
                    exponentialHistogram: dataSchema,
                    summary: dataSchema,
                  }),
                )
                .default([]),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** As {@link decodeProtobufMetrics}, of OTLP/JSON. */
export function decodeJsonMetrics(data: Uint8Array): DecodedSignals {
  let points = 0;
  for (const { scopeMetrics } of parseEnvelope(data, requestSchema).resourceMetrics)
    for (const { metrics } of scopeMetrics)
      for (const metric of metrics) for (const { dataPoints } of Object.values(metric)) points += dataPoints.length;
  return counted(points);
}
