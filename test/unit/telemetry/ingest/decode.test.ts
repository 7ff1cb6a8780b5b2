import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeJsonLogs } from '../../../../src/telemetry/otlp/jsonLogs';
import { decodeJsonTraces } from '../../../../src/telemetry/otlp/jsonTraces';
import { decodeJsonMetrics, decodeProtobufMetrics } from '../../../../src/telemetry/otlp/metrics';
import { decodeProtobufLogs } from '../../../../src/telemetry/otlp/protobufLogs';
import { decodeProtobufTraces } from '../../../../src/telemetry/otlp/protobufTraces';
import { OtlpError } from '../../../../src/telemetry/otlp/record';
import { unpackHex } from '../../../../src/telemetry/otlp/traceIds';
import { describeShared } from '../../../sharedData';
import { attributes, encode, fromHex, jsonBytes, type Loose } from './otlpMessages';

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
const traces = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource,
      scopeSpans: fc.array(fc.record({ scope, spans: fc.array(span, { maxLength: 4 }) }), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
});
const logs = fc.record({
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

type Decoded = ReturnType<typeof decodeJsonTraces>;

/** Times of JSON and protobuf take different ways to the same millisecond; both are right to a microsecond. */
function expectSame(one: Decoded, other: Decoded): void {
  const untimed = ({ received, rejected, reasons, spans, evaluations }: Decoded): unknown => ({
    received,
    rejected,
    reasons: [...reasons].sort(),
    spans: spans.map((each) => ({ ...each, endMs: 0, seconds: 0 })),
    evaluations: evaluations.map((each) => ({ ...each, at: 0 })),
  });
  const times = ({ spans, evaluations }: Decoded): number[] => [
    ...spans.flatMap(({ endMs, seconds }) => [endMs, seconds]),
    ...evaluations.map(({ at }) => at),
  ];
  expect(untimed(one)).toEqual(untimed(other));
  const others = times(other);
  for (const [at, time] of times(one).entries()) expect(Math.abs(time - others[at]!)).toBeLessThan(1e-3 + time * 1e-12);
}

describe('decoding OTLP', () => {
  it('reads of protobuf, as another implementation writes it, what it reads of JSON: traces', () => {
    fc.assert(
      fc.property(traces, (request) => {
        const binary = decodeProtobufTraces(encode('TracesRequest', request));
        expectSame(binary, decodeJsonTraces(jsonBytes(request)));
      }),
      { numRuns: 300 },
    );
  });

  it('reads of protobuf what it reads of JSON: logs', () => {
    fc.assert(
      fc.property(logs, (request) => {
        const binary = decodeProtobufLogs(encode('LogsRequest', request));
        expectSame(binary, decodeJsonLogs(jsonBytes(request)));
      }),
      { numRuns: 300 },
    );
  });

  it('takes cut off and altered bytes as bad data and nothing else', () => {
    fc.assert(
      fc.property(traces, fc.nat(), fc.nat({ max: 255 }), fc.nat(), (request, at, byte, cutAt) => {
        const data = encode('TracesRequest', request).slice();
        if (data.length > 0) data[at % data.length] = byte;
        for (const decode of [decodeProtobufTraces, decodeProtobufLogs, decodeProtobufMetrics, decodeJsonTraces]) {
          try {
            decode(data.subarray(0, cutAt % (data.length + 1)));
          } catch (error) {
            expect(error).toBeInstanceOf(OtlpError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes fields in any order and skips unknown ones', () => {
    const ids = { traceId: fromHex('0af7651916cd43dd8448eb211c80319c'), spanId: fromHex('b7ad6b7169203331') };
    const times = { startTimeUnixNano: 1_795_383_479_000_000_000n, endTimeUnixNano: 1_795_383_479_250_000_000n };
    // Concatenated messages merge: the scope and the resource stand behind what they describe.
    const scopeSpans = [
      ...encode('ScopeSpans', { spans: [{ ...times, ...ids, name: 'late', kind: 2, links: [ids] }] }),
      ...encode('ScopeSpans', { scope: { name: 'scope' }, schemaUrl: 'x' }),
    ];
    const resourceSpans = [
      0x12,
      (scopeSpans.length & 0x7f) | 0x80,
      scopeSpans.length >> 7,
      ...scopeSpans,
      ...encode('ResourceSpans', { resource: { attributes: attributes({ 'service.name': 'shop' }) } }),
      // Field 1000, reserved in the protocol.
      0xc0,
      0x3e,
      0x05,
    ];
    const request = Uint8Array.from([
      0x0a,
      (resourceSpans.length & 0x7f) | 0x80,
      resourceSpans.length >> 7,
      ...resourceSpans,
    ]);
    const [read] = decodeProtobufTraces(request).spans;
    expect(read).toMatchObject({
      name: 'late',
      scope: 'scope',
      kind: 'server',
      seconds: 0.25,
      resource: { service: 'shop' },
    });
    expect(unpackHex(read!.traceId)).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it('takes int64 as a number or a string, and times too', () => {
    const one = (end: unknown, status: unknown): Loose => ({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: '0AF7651916CD43DD8448EB211C80319C',
                  spanId: 'b7ad6b7169203331',
                  name: 'x',
                  kind: 2,
                  startTimeUnixNano: 1795383479000000000,
                  endTimeUnixNano: end,
                  attributes: [{ key: 'http.response.status_code', value: { intValue: status } }],
                  somethingNew: { deep: [1] },
                },
              ],
            },
          ],
        },
      ],
    });
    for (const request of [one('1795383480000000000', 503), one(1795383480000000000, '503')])
      expect(decodeJsonTraces(jsonBytes(request)).spans).toMatchObject([
        { seconds: 1, error: true, endMs: 1795383480000 },
      ]);
  });

  it('rejects what is bad of a request and keeps the rest', () => {
    const good = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      startTimeUnixNano: '1795383479000000000',
      endTimeUnixNano: '1795383480000000000',
    };
    const spans = [
      good,
      { ...good, traceId: '00000000000000000000000000000000' },
      { ...good, traceId: 'xyz' },
      { ...good, spanId: '' },
      { ...good, parentSpanId: '12' },
      { ...good, endTimeUnixNano: '1795383478000000000' },
      { ...good, startTimeUnixNano: '0' },
      'no span',
      null,
      [],
    ];
    const decoded = decodeJsonTraces(jsonBytes({ resourceSpans: [{ scopeSpans: [{ spans }, 7] }] }));
    expect(decoded).toMatchObject({ received: 10, rejected: 9 });
    expect(decoded.spans).toHaveLength(1);
    expect(decoded.reasons.length).toBeGreaterThan(3);
  });

  it('is not undone by what is no OTLP', () => {
    for (const text of ['', '{', '[]', '"x"', '{"resourceSpans":{}}', '{"resourceSpans":[1]}', '['.repeat(200_000)])
      expect(() => decodeJsonTraces(new TextEncoder().encode(text))).toThrow(OtlpError);
    expect(decodeJsonTraces(new TextEncoder().encode('{}')).received).toBe(0);
    expect(() => decodeProtobufTraces(new TextEncoder().encode('not protobuf at all'))).toThrow(OtlpError);
  });

  it('counts the data points of metrics', () => {
    const request = {
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: [
                { name: 'a', gauge: { dataPoints: [{ asDouble: 1 }, { asDouble: 2 }] } },
                { name: 'b', sum: { dataPoints: [{ asDouble: 3 }] } },
              ],
            },
          ],
        },
      ],
    };
    expect(decodeProtobufMetrics(encode('MetricsRequest', request)).received).toBe(3);
    expect(decodeJsonMetrics(jsonBytes(request)).received).toBe(3);
  });
});

describeShared('recorded payloads of OpenTelemetry and OpenFeature', 'specs/telemetry/otlp-fixtures', (folder) => {
  const read = (name: string): Uint8Array => readFileSync(join(folder, name));

  it('reads the same of JSON and protobuf', () => {
    const json = decodeJsonTraces(read('04-traces.json'));
    const binary = decodeProtobufTraces(read('05-traces.pb'));
    const [span] = json.spans;
    expect(span).toMatchObject({
      name: 'POST /checkout',
      kind: 'server',
      error: true,
      refused: false,
      httpRoute: '/checkout',
      httpMethod: 'POST',
      codeFunction: 'CheckoutController.create',
      codeFile: '/app/src/checkout.ts',
      codeLine: 42,
      parentRemote: false,
      resource: { service: 'checkout', environment: 'production', version: '1.2.3' },
    });
    expect(json.evaluations.map(({ flag, variant }) => [flag, variant])).toEqual([
      ['new-checkout', 'on'],
      ['missing-flag', 'false'],
    ]);
    expect(binary.spans[0]).toMatchObject({ name: 'POST /checkout', error: true });
    expect(binary.evaluations.map(({ flag, variant }) => [flag, variant])).toEqual(
      json.evaluations.map(({ flag, variant }) => [flag, variant]),
    );
  });

  it('reads evaluations of log records, and no exceptions', () => {
    expect(decodeJsonLogs(read('01-logs.json')).evaluations).toMatchObject([{ flag: 'new-checkout', variant: 'on' }]);
    expect(decodeJsonLogs(read('02-logs.json'))).toMatchObject({ received: 1, rejected: 0, evaluations: [] });
    expect(decodeJsonLogs(read('03-logs.json')).evaluations).toMatchObject([
      { flag: 'missing-flag', variant: 'false' },
    ]);
  });
});

describeShared('the examples of opentelemetry-proto', 'specs/telemetry/otlp-examples', (folder) => {
  it('are taken whole', () => {
    const read = (name: string): Uint8Array => readFileSync(join(folder, name));
    expect(decodeJsonTraces(read('trace.json'))).toMatchObject({
      received: 1,
      rejected: 0,
      spans: [{ name: "I'm a server span" }],
    });
    expect(decodeJsonLogs(read('logs.json'))).toMatchObject({ received: 1, rejected: 0 });
    expect(decodeJsonLogs(read('events.json'))).toMatchObject({ received: 1, rejected: 0 });
    expect(decodeJsonMetrics(read('metrics.json'))).toMatchObject({ received: 4, rejected: 0 });
  });
});
