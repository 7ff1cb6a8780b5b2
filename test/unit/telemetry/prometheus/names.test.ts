import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  durationNames,
  evaluationsAmong,
  familiesAmong,
  namePattern,
} from '../../../../src/telemetry/prometheus/families';
import { labelOfFlag, labelsAmong, serviceOf, variantLabelsAmong } from '../../../../src/telemetry/prometheus/labels';
import { operationOf, outcomeOfSeries, serviceOfId } from '../../../../src/telemetry/prometheus/operations';
import { anyOf, increments, labelName, literally, quoted, selector } from '../../../../src/telemetry/prometheus/promql';

/** What a server would answer to the two questions for names. */
function found(names: readonly string[]) {
  const first = names.filter((name) => new RegExp(`^(?:${namePattern})$`).test(name));
  const second = durationNames(first);
  return familiesAmong([...first, ...names.filter((name) => second.includes(name))]);
}

describe('families of metrics', () => {
  it.each([
    [
      "the connector's default",
      ['traces_span_metrics_calls_total', 'traces_span_metrics_duration_milliseconds_bucket'],
      { shape: 'spans', latency: { isNative: false, perSecond: 1000 } },
    ],
    [
      'the connector with seconds',
      ['traces_span_metrics_calls_total', 'traces_span_metrics_duration_seconds_bucket'],
      { shape: 'spans', latency: { isNative: false, perSecond: 1 } },
    ],
    [
      'the connector with names untranslated, native histograms',
      ['traces.span.metrics.calls', 'traces.span.metrics.duration'],
      { shape: 'spans', calls: 'traces.span.metrics.calls', latency: { isNative: true, perSecond: 1000 } },
    ],
    [
      'older connectors',
      ['calls_total', 'duration_milliseconds_bucket'],
      { shape: 'spans', latency: { perSecond: 1000 } },
    ],
    ['the processor before it', ['calls_total', 'latency_bucket'], { shape: 'spans', latency: { perSecond: 1000 } }],
    ['Tempo', ['traces_spanmetrics_calls_total', 'traces_spanmetrics_latency_bucket'], { latency: { perSecond: 1 } }],
    [
      'a namespace',
      ['shop_calls_total', 'shop_duration_seconds_bucket'],
      { shape: 'spans', latency: { perSecond: 1 } },
    ],
    [
      'HTTP of now',
      ['http_server_request_duration_seconds_bucket', 'http_server_request_duration_seconds_count'],
      { shape: 'http', calls: 'http_server_request_duration_seconds_count', latency: { perSecond: 1 } },
    ],
    [
      'HTTP of old',
      ['http_server_duration_milliseconds_bucket', 'http_server_duration_milliseconds_count'],
      { shape: 'http', latency: { perSecond: 1000 } },
    ],
    [
      'HTTP with dots',
      ['http.server.request.duration_bucket', 'http.server.request.duration_count'],
      { shape: 'http', calls: 'http.server.request.duration_count', latency: { perSecond: 1 } },
    ],
    [
      'HTTP as a native histogram, behind a namespace',
      ['otel_http_server_request_duration_seconds'],
      { shape: 'http', calls: null, latency: { metric: 'otel_http_server_request_duration_seconds', isNative: true } },
    ],
    [
      'gRPC',
      ['rpc_server_duration_milliseconds_bucket', 'rpc_server_duration_milliseconds_count'],
      { shape: 'rpc', latency: { perSecond: 1000 } },
    ],
    [
      'consumers',
      ['messaging_process_duration_seconds_bucket', 'messaging_process_duration_seconds_count'],
      { shape: 'messaging', latency: { perSecond: 1 } },
    ],
  ])('%s', (_name, names, expected) => {
    expect(found(names)).toMatchObject([expected]);
  });

  it('are not what only sounds like them', () => {
    for (const names of [
      ['function_calls_total', 'function_calls_duration_seconds_bucket'],
      ['lambda_calls_total'],
      ['http_client_request_duration_seconds_bucket', 'http_client_request_duration_seconds_count'],
      ['traces_spanmetrics_size_total', 'up', 'target_info'],
    ])
      expect(found(names)).toEqual([]);
    expect(evaluationsAmong(['feature_flag_evaluation_requests_total'])).toBeNull();
    expect(evaluationsAmong(['shop_feature_flag_evaluation_success_total'])).toBe(
      'shop_feature_flag_evaluation_success_total',
    );
  });

  it('of the newer convention go first', () => {
    const both = ['http_server_duration_milliseconds', 'http_server_request_duration_seconds'];
    expect(found(both.flatMap((name) => [`${name}_bucket`, `${name}_count`])).map(({ calls }) => calls)).toEqual([
      'http_server_request_duration_seconds_count',
      'http_server_duration_milliseconds_count',
    ]);
  });
});

describe('labels', () => {
  const spans = ['service_name', 'span_name', 'span_kind', 'status_code', 'http_route', 'http_method'];

  it('are read in either spelling and either generation, the present one first', () => {
    const labels = labelsAmong(['http.request.method', 'http_method', 'job', 'deployment_environment'], {}, true);
    expect(labels).toMatchObject({
      method: ['http.request.method', 'http_method'],
      service: ['job'],
      environment: ['deployment_environment'],
    });
    expect(labelsAmong(['app', 'job'], { service: 'app' }, true).service).toEqual(['app']);
  });

  it('name the service without its namespace', () => {
    const labels = labelsAmong(['job', 'service_name'], {}, true);
    expect(serviceOf(labels, { job: 'shop/payments' })).toBe('payments');
    expect(serviceOf(labels, { job: 'shop/payments', service_name: 'pay/ments' })).toBe('pay/ments');
  });

  it('say where a flag’s variant is', () => {
    const of = (names: readonly string[]) => variantLabelsAmong([...spans, ...names]);
    expect(labelOfFlag('new-checkout', of(['feature_flag_new_checkout']), {})).toBe('feature_flag_new_checkout');
    expect(labelOfFlag('new-checkout', of(['feature_flag_new_checkout_variant']), {})).not.toBeNull();
    expect(labelOfFlag('new-checkout', of(['feature_flag.new-checkout']), {})).toBe('feature_flag.new-checkout');
    expect(labelOfFlag('new-checkout', of(['feature_flag_old']), {})).toBeNull();
    expect(labelOfFlag('new-checkout', of(['arm']), { 'new-checkout': 'arm' })).toBe('arm');
    // A flag that is called "key" must not take the label that names flags.
    expect(labelOfFlag('key', of(['feature_flag_key', 'feature_flag_variant']), {})).toBeNull();
    expect(of(['feature_flag_key', 'feature_flag_result_variant']).pair).toEqual({
      key: 'feature_flag_key',
      variant: 'feature_flag_result_variant',
    });
  });

  it('make operations, whose ids say their service', () => {
    const labels = labelsAmong(spans, {}, false);
    const series = { service_name: 'shop', span_name: 'GET /a', span_kind: 'SPAN_KIND_SERVER', http_route: '/a' };
    const operation = operationOf('spans', labels, series, 'production')!;
    expect(operation).toMatchObject({
      service: 'shop',
      kind: 'server',
      name: 'GET /a',
      httpMethod: null,
      httpRoute: '/a',
    });
    expect(serviceOfId(operation.id)).toBe('shop');
    expect(serviceOfId('nothing')).toBeNull();
    expect(operationOf('spans', labels, { service_name: 'shop', otel_metric_overflow: 'true' }, '')).toBeNull();
    const inner = operationOf('spans', labels, { ...series, span_kind: 'SPAN_KIND_INTERNAL' }, 'production')!;
    expect(inner.kind).toBe('internal');
    expect(inner.id).not.toBe(operation.id);
  });

  it.each([
    [{ status_code: 'STATUS_CODE_ERROR' }, true, false],
    [{ status_code: 'STATUS_CODE_UNSET', http_response_status_code: '404' }, false, true],
    [{ status_code: 'STATUS_CODE_UNSET', http_response_status_code: '503' }, true, false],
    [{ otel_status_code: 'ERROR' }, true, false],
    [{ rpc_grpc_status_code: '13' }, true, false],
    [{ rpc_response_status_code: 'UNAVAILABLE' }, true, false],
    [{ rpc_grpc_status_code: '5' }, false, false],
    [{ error_type: 'java.net.SocketTimeoutException' }, true, false],
    [{ http_response_status_code: '200', error_type: '' }, false, false],
    // The application's own word on a 4xx is not error.type's.
    [{ http_response_status_code: '404', error_type: '404' }, false, true],
  ])('tell what became of calls: %o', (series, error, refused) => {
    expect(outcomeOfSeries(labelsAmong(Object.keys(series), {}, true), series as Record<string, string>)).toEqual({
      error,
      refused,
    });
  });
});

describe('questions', () => {
  it('quote names that need it, and any value', () => {
    expect(selector('up', [])).toBe('up');
    expect(selector('http.x', [{ label: 'a.b', op: '=', value: 'c"d\\' }])).toBe('{"http.x","a.b"="c\\"d\\\\"}');
    expect(labelName('a-b')).toBe('"a-b"');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(quoted(text))).toBe(text.replace(/\p{Surrogate}/gu, '\u{fffd}'));
        expect(quoted(text)).not.toContain('\n');
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (values, other) => {
        const { op, value } = anyOf('l', values);
        const pattern = op === '=' ? literally(value) : value;
        const matches = (text: string): boolean => new RegExp(`^(?:${pattern})$`, 's').test(text);
        expect(values.every(matches)).toBe(true);
        expect(matches(other)).toBe(values.includes(other));
      }),
    );
  });

  it('are one for all operations of a service', () => {
    expect(increments({ counters: 'c{s="x"}', stepSeconds: 60, by: ['s', 'n', 's'], service: ['s'], only: null })).toBe(
      'sum by (s,n) (((last_over_time(c{s="x"}[5m]) - last_over_time(c{s="x"}[5m] offset 60s)) >= 0) or ' +
        '(last_over_time(c{s="x"}[5m]) + clamp_min(max_over_time(c{s="x"}[60s]) - last_over_time(c{s="x"}[5m] offset 60s), 0)) or ' +
        '(last_over_time(c{s="x"}[5m]) and on (s) group by (s) (last_over_time(c{s="x"}[5m] offset 60s))))',
    );
  });
});
