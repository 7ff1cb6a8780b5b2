import type { Call, Exposition, MadeService, Sample } from './metricHistory';
import { labelText, openMetrics, prometheusText, run } from './metricHistory';

/** The services of the made-up history, each in another convention of the wild. */

/** The span metrics connector's default buckets, in ms. */
export const spanBounds = [2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10000, 15000];
/** OpenTelemetry's advice for http.server.request.duration, in seconds. */
export const httpBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

const minute = 60_000;

/** Collector's span metrics, milliseconds, the flag's variant a dimension; the environment on every series. */
const spanMetrics =
  (service: string, environment: string): Exposition =>
  ({ operation, variant, error }) => {
    const labels = {
      service_name: service,
      span_name: operation,
      span_kind: 'SPAN_KIND_SERVER',
      status_code: error ? 'STATUS_CODE_ERROR' : 'STATUS_CODE_UNSET',
      deployment_environment_name: environment,
      ...(variant === null ? {} : { feature_flag_new_checkout: variant }),
    };
    return {
      counters: [['traces_span_metrics_calls_total', labels]],
      histograms: [['traces_span_metrics_duration_milliseconds', labels, 1_000, spanBounds]],
    };
  };

/** Tempo's generator: seconds, `service`, no environment anywhere. */
const tempo =
  (service: string): Exposition =>
  ({ operation, error }) => {
    const labels = {
      service,
      span_name: operation,
      span_kind: 'SPAN_KIND_CONSUMER',
      status_code: error ? 'STATUS_CODE_ERROR' : 'STATUS_CODE_UNSET',
    };
    return {
      counters: [['traces_spanmetrics_calls_total', labels]],
      histograms: [['traces_spanmetrics_latency', labels, 1, httpBounds]],
    };
  };

const statusOf = ({ error, refused }: Call): string => (error ? '500' : refused ? '404' : '200');

/**
 * SDK metrics over OTLP: both generations of the HTTP convention at once (`http/dup`), the environment (by its old name)
 * on target_info only, and OpenFeature's metrics hook.
 */
const semantic =
  (namespace: string, service: string): Exposition =>
  (call) => {
    const [method = '', route = ''] = call.operation.split(' ');
    const job = { job: `${namespace}/${service}` };
    const status = statusOf(call);
    const now = {
      ...job,
      http_request_method: method,
      http_route: route,
      http_response_status_code: status,
      ...(call.error ? { error_type: '500' } : {}),
    };
    const old = { ...job, http_method: method, http_route: route, http_status_code: status };
    const evaluated =
      call.variant === null
        ? []
        : ([
            [
              'feature_flag_evaluation_success_total',
              {
                ...job,
                feature_flag_key: 'new-checkout',
                feature_flag_variant: call.variant,
                feature_flag_reason: 'split',
              },
            ],
          ] as const);
    return {
      counters: evaluated,
      histograms: [
        ['http_server_request_duration_seconds', now, 1, httpBounds],
        ['http_server_duration_milliseconds', old, 1_000, spanBounds],
      ],
    };
  };

/** gRPC server metrics with their status code; `job` without a namespace, the environment on each series by its old name. */
const grpc =
  (service: string): Exposition =>
  (call) => {
    const [rpcService = '', rpcMethod = ''] = call.operation.split('/');
    const labels = {
      job: service,
      deployment_environment: 'production',
      rpc_system: 'grpc',
      rpc_service: rpcService,
      rpc_method: rpcMethod,
      // 5 is NOT_FOUND, the caller's doing; 13 is INTERNAL.
      rpc_grpc_status_code: call.error ? '13' : call.refused ? '5' : '0',
    };
    return {
      counters: [],
      histograms: [['rpc_server_duration_milliseconds', labels, 1_000, spanBounds]],
    };
  };

export interface History {
  readonly calls: Readonly<Record<string, readonly Call[]>>;
  readonly openMetrics: string;
  readonly prometheusText: string;
}

/** Seventy minutes up to `until` (epoch ms, a whole minute); the same for the same `until`. */
export function makeHistory(until: number): History {
  const from = until - 70 * minute;
  const checkout: Omit<MadeService, 'exposition' | 'instances'> = {
    scrapeMs: 30_000,
    phaseMs: 0,
    perSecond: 4,
    operations: [
      {
        name: 'POST /checkout',
        weight: 3,
        errorRate: { '': 0.006, off: 0.006, on: 0.05 },
        median: { '': 0.08, off: 0.08, on: 0.3 },
      },
      { name: 'GET /cart', weight: 1, errorRate: { '': 0.002 }, median: { '': 0.03 } },
    ],
    evaluates: 0.9,
    on: 0.25,
  };
  const at = (minutes: number): number => from + minutes * minute;
  const lives = {
    whole: { from, to: until, restarts: [], labels: { instance: 'a' } },
    restarting: { from, to: until, restarts: [at(12), at(50), at(52.5)], labels: { instance: 'b' } },
    late: { from: at(55), to: until, restarts: [], labels: { instance: 'c' } },
    early: { from, to: at(58), restarts: [], labels: { instance: 'd' } },
  };
  const services: Readonly<Record<string, MadeService>> = {
    checkout: {
      ...checkout,
      exposition: spanMetrics('checkout', 'production'),
      instances: [lives.whole, lives.restarting, lives.late, lives.early],
    },
    'checkout in staging': {
      ...checkout,
      perSecond: 0.5,
      exposition: spanMetrics('checkout', 'staging'),
      instances: [lives.whole],
    },
    mailer: {
      ...checkout,
      perSecond: 1,
      evaluates: 0,
      exposition: tempo('mailer'),
      operations: [{ name: 'orders process', weight: 1, errorRate: { '': 0.02 }, median: { '': 0.2 } }],
      instances: [lives.whole],
    },
    payments: {
      ...checkout,
      exposition: semantic('shop', 'payments'),
      instances: [lives.whole, { ...lives.restarting, labels: { instance: 'b' } }],
    },
    'payments in staging': {
      ...checkout,
      perSecond: 1,
      exposition: semantic('shop', 'payments'),
      instances: [{ ...lives.whole, labels: { instance: 's' } }],
    },
    ledger: {
      ...checkout,
      evaluates: 0,
      exposition: grpc('ledger'),
      operations: [{ name: 'shop.Ledger/Book', weight: 1, errorRate: { '': 0.01 }, median: { '': 0.015 } }],
      instances: [lives.whole],
    },
    // Scraped every 20 s, seven seconds past the minute: where a window begins and ends is not when it is scraped.
    offbeat: {
      ...checkout,
      scrapeMs: 20_000,
      phaseMs: 7_000,
      perSecond: 1,
      operations: checkout.operations.slice(1),
      exposition: spanMetrics('offbeat', 'production'),
      instances: [lives.whole],
    },
  };
  const made = Object.entries(services).map(([name, service], index) => [name, run(service, 1_000 + index)] as const);
  const samples = made.flatMap(([, each]) => each.samples);
  const described = targetInfo(from, until);
  return {
    calls: Object.fromEntries(made.map(([name, { calls }]) => [name, calls])),
    openMetrics: openMetrics([...samples, ...described]),
    prometheusText: prometheusText([...samples, ...described]),
  };
}

function targetInfo(from: number, until: number): readonly Sample[] {
  const times = Array.from({ length: Math.floor((until - from) / minute) + 1 }, (_, index) => from + index * minute);
  const instances = { a: 'production', b: 'production', s: 'staging' };
  return Object.entries(instances).flatMap(([instance, environment]) =>
    times.map((at) => ({
      metric: 'target_info',
      labels: labelText({
        job: 'shop/payments',
        instance,
        deployment_environment: environment,
        service_version: '1.2.3',
      }),
      at,
      value: 1,
    })),
  );
}

/** What truly happened in a window, of one operation and variant (`undefined`: of all). */
export function truthOf(
  calls: readonly Call[],
  { from, to }: { readonly from: number; readonly to: number },
  operation?: string,
  variant?: string,
): { calls: number; errors: number; refused: number; quantile: (q: number) => number } {
  const within = calls.filter(
    (call) =>
      call.at >= from &&
      call.at < to &&
      (operation === undefined || call.operation === operation) &&
      (variant === undefined || call.variant === variant),
  );
  const sorted = within.map(({ seconds }) => seconds).sort((a, b) => a - b);
  return {
    calls: within.length,
    errors: within.filter(({ error }) => error).length,
    refused: within.filter(({ refused }) => refused).length,
    quantile: (q) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN,
  };
}

/** The bucket that holds a value, in the bounds' unit. */
export function bucketOf(value: number, bounds: readonly number[]): { readonly lower: number; readonly upper: number } {
  const index = bounds.findIndex((bound) => value <= bound);
  return index < 0
    ? { lower: bounds.at(-1) ?? 0, upper: Number.POSITIVE_INFINITY }
    : { lower: index === 0 ? 0 : (bounds[index - 1] ?? 0), upper: bounds[index] ?? 0 };
}
