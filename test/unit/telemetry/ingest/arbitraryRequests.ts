import * as fc from 'fast-check';
import { attributes, type Loose } from './otlpMessages';

const scalar = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const keys = fc.oneof(
  fc.constantFrom(
    'http.request.method',
    'http.method',
    'http.route',
    'http.response.status_code',
    'http.status_code',
    'rpc.grpc.status_code',
    'code.function.name',
    'code.function',
    'code.namespace',
    'code.line.number',
    'feature_flag.key',
    'feature_flag.result.variant',
    'feature_flag.variant',
    'feature_flag.result.value',
    'feature_flag.context.id',
    'flag.evaluation.beta',
    'url.full',
    'enduser.id',
    'event.name',
    'service.name',
    'service.version',
    'deployment.environment',
    'deployment.environment.name',
    'host.name',
    'process.pid',
  ),
  fc.string({ maxLength: 40 }),
);
const value: fc.Arbitrary<Loose> = fc.oneof(
  scalar.map((one) => attributes({ x: one })[0]!.value as Loose),
  fc
    .array(fc.string(), { maxLength: 3 })
    .map((all) => ({ arrayValue: { values: all.map((stringValue) => ({ stringValue })) } })),
  fc.constant({ kvlistValue: { values: [{ key: 'enduser.id', value: { stringValue: 'nested' } }] } }),
  fc.constant({}),
);
const attributeList = fc.array(fc.record({ key: keys, value }), { maxLength: 8 });
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.uint8Array({ minLength: length, maxLength: length }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
  );
const time = fc.oneof(
  { weight: 20, arbitrary: fc.bigInt({ min: 1_700_000_000_000_000_000n, max: 1_900_000_000_000_000_000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
);
const eventName = fc.constantFrom('feature_flag.evaluation', 'feature_flag', 'exception', '');
const event = fc.record({ timeUnixNano: time, name: eventName, attributes: attributeList });
const span = fc.record(
  {
    traceId: bytes(16),
    spanId: bytes(8),
    parentSpanId: fc.oneof(fc.constant(new Uint8Array()), bytes(8)),
    traceState: fc.constantFrom('', 'ot=th:8', 'vendor=x,ot=rv:1;th:0', 'a=b'),
    name: fc.oneof(fc.constantFrom('feature_flag.evaluation', 'GET /users/17?x=1'), fc.string()),
    kind: fc.integer({ min: 0, max: 6 }),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes: attributeList,
    events: fc.array(event, { maxLength: 3 }),
    status: fc.record({ message: fc.string(), code: fc.integer({ min: 0, max: 2 }) }),
    flags: fc.constantFrom(0, 1, 257, 769),
  },
  { requiredKeys: ['traceId', 'spanId', 'startTimeUnixNano', 'endTimeUnixNano'] },
);
const resource = fc.record({ attributes: attributeList });
const scope = fc.record({ name: fc.string({ maxLength: 20 }) });
/** An ExportTraceServiceRequest, as `encode` and `jsonBytes` take it. */
export const traces = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource,
      scopeSpans: fc.array(fc.record({ scope, spans: fc.array(span, { maxLength: 4 }) }), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
});
/** As {@link traces}, of logs. */
export const logs = fc.record({
  resourceLogs: fc.array(
    fc.record({
      resource,
      scopeLogs: fc.array(
        fc.record({
          scope,
          logRecords: fc.array(
            fc.record(
              {
                timeUnixNano: time,
                observedTimeUnixNano: time,
                eventName,
                attributes: attributeList,
                traceId: bytes(16),
                spanId: bytes(8),
                body: value,
              },
              { requiredKeys: ['timeUnixNano'] },
            ),
            { maxLength: 4 },
          ),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  ),
});
