import { describe, expect, it } from 'vitest';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { bothLatencies } from '../../../src/view/latencyWords';
import { totalsInWords } from '../../../src/view/lenses';
import { riskRatio } from '../../../src/telemetry/compare/mantelHaenszel';
import { compareArms } from '../../../src/telemetry/compare/compareArms';
import { slowCalls } from '../../../src/telemetry/compare/latencyOrder';
import { sumSteps, totalsOf } from '../../../src/telemetry/factsTotals';
import { LatencySum } from '../../../src/telemetry/latencySum';
import { decodeJsonTraces } from '../../../src/telemetry/otlp/jsonTraces';
import { decodeProtobufTraces } from '../../../src/telemetry/otlp/protobufTraces';
import { maxNameLength } from '../../../src/telemetry/otlp/bounds';
import { OtlpError } from '../../../src/telemetry/otlp/record';
import { defaultRollupLimits, otherName } from '../../../src/telemetry/rollup/limits';
import { SignalStore } from '../../../src/telemetry/store/signalStore';
import {
  ask,
  clockAt,
  decoded,
  evaluation,
  resource,
  span,
  spanId,
  start,
  summary,
  traceHex,
  traceId,
} from './ingest/signals';
import { attribute, attributes, encode, fromHex, jsonBytes, toOtlpJson, type Loose } from './ingest/otlpMessages';

/*
 * What telemetry may do to us, class by class. Those that have a suite of their own are tested there:
 * - duplicate spans, rings of parents: ingest/join.test.ts; late calls and minutes already packed: ingest/store.test.ts;
 * - resets: prometheus/nativeSteps.test.ts, and of real counters contract/prometheus.test.ts;
 * - answers that are no numbers, or none at all: prometheus/response.test.ts;
 * - 11,000 points, VictoriaMetrics' 422 and its words: prometheus/backend.test.ts, and of real servers contract/.
 */

const minute = 60_000;
const nanos = (ms: number): bigint => BigInt(ms) * 1_000_000n;
const otlp = (...spans: readonly Loose[]): Loose => ({
  resourceSpans: [
    {
      resource: { attributes: attributes({ 'service.name': 'shop', 'deployment.environment.name': 'production' }) },
      scopeSpans: [{ spans }],
    },
  ],
});
const call = (number: number, more: Loose = {}): Loose => ({
  ...{ traceId: fromHex(traceHex(number)), spanId: fromHex(traceHex(number).slice(-16).replace(/^0/u, '1')) },
  ...{ kind: 2, name: 'GET /cart', startTimeUnixNano: nanos(start - 100), endTimeUnixNano: nanos(start), ...more },
});

describe('clock skew', () => {
  it('of a few minutes is taken, of more is left out and said', async () => {
    const store = new SignalStore(clockAt());
    const ahead = (number: number, ms: number) =>
      span({ traceId: traceId(number), spanId: spanId(number), endMs: start + ms });
    expect(store.ingest(decoded([ahead(1, 4 * minute)])).rejected).toBe(0);
    const { rejected, reasons } = store.ingest(decoded([ahead(2, 10 * minute)]));
    expect(rejected).toBe(1);
    expect(reasons.join(' ')).not.toBe('');
    expect(await summary(store)).toEqual(['shop server GET /cart = all: 1/0 (1)']);
  });

  it('between services does not part a child from its parent', async () => {
    const store = new SignalStore(clockAt());
    const inner = { spanId: spanId(2), parentId: spanId(1), kind: 'internal' as const, endMs: start - 3 * minute };
    store.ingest(decoded([span({ ...inner, name: 'decide' })], [evaluation({ spanId: spanId(2) })]));
    store.ingest(decoded([span({ endMs: start + 2 * minute })]));
    expect(await summary(store, 'beta')).toContain('shop server GET /cart = on: 1/0 (1)');
  });
});

describe('missing parents', () => {
  it('leave an entry span what it is and an inner one no operation of its own', async () => {
    const store = new SignalStore(clockAt());
    store.ingest(decoded([span({ parentId: spanId(99) })]));
    store.ingest(
      decoded([span({ traceId: traceId(2), spanId: spanId(2), parentId: spanId(98), kind: 'internal', name: 'a' })]),
    );
    expect(await summary(store)).toEqual(['shop server GET /cart = all: 1/0 (1)']);
  });
});

describe('numbers that are none', () => {
  it('in attributes neither fail a span nor reach an answer', async () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e308].map((value, at) =>
      call(at + 1, {
        attributes: [
          { key: 'http.response.status_code', value: { doubleValue: value } },
          { key: 'code.line.number', value: { doubleValue: value } },
        ],
      }),
    );
    const store = new SignalStore(clockAt());
    const data = encode('TracesRequest', otlp(...odd));
    expect(store.ingest(decodeProtobufTraces(data)).rejected).toBe(0);
    const text = '"NaN","Infinity","-Infinity",1e999'.split(',').map((value, at) => {
      const odd = { key: 'http.response.status_code', value: { doubleValue: 'HERE' } };
      const request = JSON.stringify(toOtlpJson(otlp(call(at + 11, { attributes: [odd] }))));
      return new TextEncoder().encode(request.replace('"HERE"', value));
    });
    for (const bytes of text) expect(store.ingest(decodeJsonTraces(bytes)).rejected).toBe(0);
    const answer = await ask(store);
    expect(
      answer.series
        .flatMap(({ arms }) => arms)
        .flatMap(({ points }) => points)
        .map(({ calls }) => calls),
    ).toEqual([9]);
    expect(JSON.stringify(answer)).not.toMatch(/null,null|NaN|Infinity/);
  });

  it('in counts make no ratio and no verdict', () => {
    const windows = [{ end: 1, n1: Number.NaN, e1: Number.NaN, n0: 100, e0: 3 }];
    expect(riskRatio(windows)).toBeNull();
    const common = {
      treatment: 'on',
      control: 'off',
      randomised: 'yes',
      mixedCalls: 0,
      shownFrom: 0,
      shownMs: 60_000,
      seriesFrom: 0,
    } as const;
    const verdict = compareArms({ ...common, metric: 'errors', strata: [{ thresholdSeconds: null, windows }] });
    expect(['insufficient', 'noEvidence']).toContain(verdict.verdict);
  });
});

describe('nothing', () => {
  const common = {
    treatment: 'on',
    control: 'off',
    randomised: 'yes',
    mixedCalls: 0,
    shownFrom: 0,
    shownMs: 60_000,
    seriesFrom: 0,
  } as const;

  it('no errors are none, no calls are no data', () => {
    const of = (n1: number) =>
      compareArms({
        ...common,
        metric: 'errors',
        strata: [{ thresholdSeconds: null, windows: [{ end: 1, n1, e1: 0, n0: 500, e0: 0 }] }],
      });
    expect(of(500)).toMatchObject({
      verdict: 'insufficient',
      because: 'too few errors on both sides together',
      difference: { value: 0 },
    });
    expect(of(0)).toMatchObject({
      verdict: 'insufficient',
      because: 'no calls on the treatment side',
      difference: null,
    });
  });

  it('an empty answer has no percentiles, and an arm without calls is not slower', () => {
    const empty = new LatencySum();
    expect([0.5, 0.95, 0.99].map((q) => empty.quantile(q))).toEqual([null, null, null]);
    const strata = slowCalls([{ end: 1, treatment: null, control: empty }]);
    expect(compareArms({ ...common, metric: 'latency', strata }).because).toBe('no calls on the treatment side');
  });
});

describe('percentiles beyond the top bucket', () => {
  const steps = sumSteps([
    [{ at: 0, calls: 100, errors: 0, refused: 0, histogram: { bounds: [0.1, 10], counts: [60, 30, 10] } }],
  ]);
  const totals = totalsOf(steps, { from: 0, to: minute });

  it('are at least the last edge, and said to be that or more', () => {
    expect(totals).toMatchObject({ p95: 10, p99: 10, beyond: 10 });
    expect(totals.p50).toBeLessThan(0.1);
    expect(totalsInWords(totals, { l10n: memoryL10n })).toContain('p95 over 10 s');
    expect(totalsInWords({ ...totals, p95: 0.2 }, { l10n: memoryL10n })).toContain('p95 200 ms');
  });

  it('have no ratio, and say so on either side', () => {
    const [known, floor] = [
      { p95: 0.2, p95IsFloor: false },
      { p95: 10, p95IsFloor: true },
    ];
    expect(bothLatencies(known, floor, '-', memoryL10n)).toBe('200 ms / over 10 s');
    expect(bothLatencies(floor, { p95: null, p95IsFloor: false }, '-', memoryL10n)).toBe('over 10 s / -');
    expect(bothLatencies(known, known, '-', memoryL10n)).toBe('200 / 200 ms');
  });

  it('are known where nothing lies beyond', () => {
    const within = sumSteps([
      [{ at: 0, calls: 90, errors: 0, refused: 0, histogram: { bounds: [0.1, 10], counts: [60, 30, 0] } }],
    ]);
    expect(totalsOf(within, { from: 0, to: minute })).not.toHaveProperty('beyond');
  });
});

describe('millions of values', () => {
  it('of names are lumped together, and said: the store stays as small as it is allowed to be', async () => {
    const store = new SignalStore(clockAt());
    const many = 200_000;
    for (let from = 0; from < many; from += 10_000)
      store.ingest(
        decoded(
          Array.from({ length: 10_000 }, (_, at) =>
            span({
              ...{ traceId: traceId(from + at), spanId: spanId(from + at), httpRoute: null, httpMethod: null },
              name: `job ${String.fromCharCode(97 + (at % 26))}${((from + at) * 7919).toString(36)}x`,
              resource: resource(`s${(from + at) % 3}`),
            }),
          ),
        ),
      );
    const { series, coverage } = await ask(store);
    expect(series.length).toBeLessThanOrEqual(defaultRollupLimits.operations + 3);
    expect(coverage.partial).toBe(true);
    expect(series.map(({ operation }) => operation.name)).toContain(otherName);
    const calls = series.flatMap(({ arms }) => arms).flatMap(({ points }) => points);
    expect(calls.reduce((sum, point) => sum + point.calls, 0)).toBe(many);
  }, 30_000);
});

describe('attribute bombs', () => {
  it('of many, long and deep ones are read past, and what is kept of them is short', () => {
    const many = Array.from({ length: 50_000 }, (_, at) => attribute(`k${at}`, 'v'));
    const long = attribute('code.function.name', 'f'.repeat(2_000_000));
    const nested = (levels: number): Loose => {
      let deep: Loose = { stringValue: 'x' };
      for (let level = 0; level < levels; level += 1) deep = { kvlistValue: { values: [{ key: 'k', value: deep }] } };
      return { key: 'deep', value: deep };
    };
    const request = otlp(call(1, { name: 'n'.repeat(1_000_000), attributes: [...many, long, nested(30)] }), call(2));
    const started = performance.now();
    for (const read of [decodeJsonTraces(jsonBytes(request)), decodeProtobufTraces(encode('TracesRequest', request))]) {
      expect(read.spans.length).toBe(2);
      expect(read.spans[0]!.name.length).toBeLessThanOrEqual(maxNameLength);
      expect(read.spans[0]!.codeFunction!.length).toBeLessThanOrEqual(maxNameLength);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('nested as deep as anybody likes are an answer of ours, never an overflow of the stack', () => {
    const text = JSON.stringify(toOtlpJson(otlp(call(1, { attributes: [{ key: 'deep', value: 'HERE' }] }))));
    for (const levels of [100, 50_000]) {
      const open = '{"kvlistValue":{"values":[{"key":"k","value":'.repeat(levels);
      const value = `${open}{"stringValue":"x"}${'}]}}'.repeat(levels)}`;
      const outcome = taken(() => decodeJsonTraces(new TextEncoder().encode(text.replace('"HERE"', value))));
      expect(outcome === 1 || outcome instanceof OtlpError, `${levels} of JSON`).toBe(true);
      let inner: Uint8Array = Uint8Array.of(0x0a, 1, 0x78);
      // AnyValue.kvlist_value (6) of KeyValueList.values (1) of KeyValue.value (2).
      for (let level = 0; level < Math.min(levels, 3_000); level += 1) inner = field(6, field(1, field(2, inner)));
      const span = field(9, new Uint8Array([...field(1, Buffer.from('deep')), ...field(2, inner)]));
      const read = taken(() =>
        decodeProtobufTraces(field(1, field(2, field(2, new Uint8Array([...plainSpan(), ...span]))))),
      );
      expect(read === 1 || read instanceof OtlpError, `${levels} of protobuf`).toBe(true);
    }
  });
});

/** How many spans were read, or what was thrown. */
function taken(read: () => { readonly spans: readonly unknown[] }): unknown {
  try {
    return read().spans.length;
  } catch (error) {
    return error;
  }
}

/** A length-delimited field of protobuf. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  const head = [(number << 3) | 2];
  let length = bytes.length;
  for (; length > 127; length >>>= 7) head.push((length & 127) | 128);
  head.push(length);
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return whole;
}

/** The fields of a span without attributes, as they stand in its message. */
const plainSpan = (): Uint8Array => encode('Span', call(1));

describe('text that is not UTF-8', () => {
  const swap = (bytes: Uint8Array, from: string, to: readonly number[]): Uint8Array => {
    const at = Buffer.from(bytes).indexOf(from);
    expect(at).toBeGreaterThan(0);
    const copy = Uint8Array.from(bytes);
    copy.set(to, at);
    return copy;
  };
  const request = otlp(call(1, { name: 'GET /abcd' }));
  const garbled = [
    [0xff, 0xfe, 0xfd, 0xfc],
    [0xc3, 0x28, 0x41, 0x41],
    [0xed, 0xa0, 0x80, 0x41],
  ];

  it('in protobuf costs no span: what cannot be read is marked', async () => {
    for (const bad of garbled) {
      const read = decodeProtobufTraces(swap(encode('TracesRequest', request), 'abcd', bad));
      expect(read.spans[0]?.name).toMatch(/^GET \/.*\uFFFD/u);
      const store = new SignalStore(clockAt());
      store.ingest(read);
      expect((await ask(store)).series).toHaveLength(1);
    }
  });

  it('is no JSON (RFC 8259), and is refused in words', () => {
    for (const bad of garbled)
      expect(() => decodeJsonTraces(swap(jsonBytes(request), 'abcd', bad))).toThrow('The body is not JSON in UTF-8');
  });
});
