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
import { logs, traces } from './arbitraryRequests';
import { attributes, encode, fromHex, jsonBytes, type Loose } from './otlpMessages';

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

  it('gives an evaluation that failed no variant: what the code fell back to is none of the flag', () => {
    const of = (extra: Readonly<Record<string, string | number | boolean>>): unknown => ({
      name: 'feature_flag.evaluation',
      timeUnixNano: 1_795_383_479_000_000_000n,
      attributes: attributes({ 'feature_flag.key': 'pricing', ...extra }),
    });
    const request = {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: fromHex('0af7651916cd43dd8448eb211c80319c'),
                  spanId: fromHex('b7ad6b7169203331'),
                  startTimeUnixNano: 1_795_383_479_000_000_000n,
                  endTimeUnixNano: 1_795_383_480_000_000_000n,
                  events: [
                    of({ 'feature_flag.result.value': 'false', 'feature_flag.result.reason': 'error' }),
                    of({ 'feature_flag.result.value': 1, 'error.type': 'general' }),
                    of({ 'feature_flag.evaluation.value': true, 'feature_flag.evaluation.reason': 'ERROR' }),
                    of({ 'feature_flag.result.value': false, 'feature_flag.result.reason': 'default' }),
                    of({ 'feature_flag.result.variant': 'old', 'error.type': 'provider_not_ready' }),
                  ],
                },
              ],
            },
          ],
        },
      ],
    };
    const variants = ['', '', '', 'false', 'old'];
    expect(decodeJsonTraces(jsonBytes(request)).evaluations.map(({ variant }) => variant)).toEqual(variants);
    const binary = decodeProtobufTraces(encode('TracesRequest', request)).evaluations;
    expect(binary.map(({ variant }) => variant)).toEqual(variants);
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
    // What is none of it hides none of the rest.
    const [{ scopeMetrics }] = request.resourceMetrics as [{ scopeMetrics: [{ metrics: object[] }] }];
    scopeMetrics[0].metrics.unshift({ gauge: 7, sum: { dataPoints: null }, summary: [] }, { histogram: null });
    scopeMetrics[0].metrics.push('none' as never, { gauge: { dataPoints: [null] } });
    expect(decodeJsonMetrics(jsonBytes(request)).received).toBe(4);
    for (const text of ['', '{', '[]', '{"resourceMetrics":{}}', '{"resourceMetrics":[1]}', '{"resourceMetrics":[]'])
      expect(() => decodeJsonMetrics(new TextEncoder().encode(text))).toThrow(OtlpError);
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
      ['missing-flag', ''],
    ]);
    expect(binary.spans[0]).toMatchObject({ name: 'POST /checkout', error: true });
    expect(binary.evaluations.map(({ flag, variant }) => [flag, variant])).toEqual(
      json.evaluations.map(({ flag, variant }) => [flag, variant]),
    );
  });

  it('reads evaluations of log records, and no exceptions', () => {
    expect(decodeJsonLogs(read('01-logs.json')).evaluations).toMatchObject([{ flag: 'new-checkout', variant: 'on' }]);
    expect(decodeJsonLogs(read('02-logs.json'))).toMatchObject({ received: 1, rejected: 0, evaluations: [] });
    expect(decodeJsonLogs(read('03-logs.json')).evaluations).toMatchObject([{ flag: 'missing-flag', variant: '' }]);
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
