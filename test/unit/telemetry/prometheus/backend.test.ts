import { describe, expect, it } from 'vitest';
import { backendConfigSchema } from '../../../../src/model/config';
import { HttpError, type Http, type HttpRequest, type HttpResponse } from '../../../../src/platform/http';
import { MemoryClock } from '../../../../src/platform/memory/clock';
import { memoryL10n } from '../../../../src/platform/memory/l10n';
import { memoryRemotes } from '../../../../src/platform/memory/remotes';
import { answerFacts } from '../../../../src/telemetry/facts';
import { PrometheusBackend } from '../../../../src/telemetry/prometheus/prometheusBackend';

const minute = 60_000;
const { signal } = new AbortController();
const metrics = ['traces.span.metrics.calls', 'traces.span.metrics.duration_bucket'];
const labels = ['service.name', 'span.name', 'span.kind', 'status.code', 'deployment.environment.name'];

/** A server that knows one service, told what to say of anything else. */
class Server implements Http {
  readonly asked: { readonly path: string; readonly query: string; readonly request: HttpRequest }[] = [];
  say: (path: string, form: URLSearchParams) => object | HttpResponse | HttpError | null = () => null;

  async request(request: HttpRequest): Promise<HttpResponse> {
    const url = new URL(request.url);
    const form = new URLSearchParams(request.body ? new TextDecoder().decode(request.body) : url.search);
    this.asked.push({ path: url.pathname, query: form.get('query') ?? '', request });
    const said = this.say(url.pathname, form) ?? this.#usual(url.pathname, form);
    if (said instanceof HttpError) throw said;
    if ('body' in said) return said as HttpResponse;
    return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify({ status: 'success', ...said })) };
  }

  #usual(path: string, form: URLSearchParams): object {
    if (path.endsWith('/__name__/values')) return { data: metrics };
    if (path.endsWith('/labels')) return { data: labels };
    const rows = (metric: object, more: object) => ({ data: { resultType: 'matrix', result: [{ metric, ...more }] } });
    const service = { 'service.name': 'shop', 'deployment.environment.name': 'production' };
    const operation = { ...service, 'span.name': 'GET /a', 'span.kind': 'SPAN_KIND_SERVER' };
    if (path.endsWith('/query_exemplars')) return { data: [] };
    if (path.endsWith('/query')) return rows(operation, { values: [[1, '1']] });
    const at = Number(form.get('start'));
    const le = (form.get('query') ?? '').includes('duration_bucket') ? { le: '+Inf' } : {};
    return rows(
      { ...operation, 'status.code': 'STATUS_CODE_ERROR', ...le },
      {
        values: [
          [at, '3'],
          [at + 60, '4'],
        ],
      },
    );
  }
}

function world(config: object = {}) {
  const server = new Server();
  const clock = new MemoryClock(1_000 * minute);
  const backend = new PrometheusBackend(
    backendConfigSchema.parse({ id: 'm', type: 'prometheus', url: 'https://mimir.example/prometheus/', ...config }),
    { remotes: memoryRemotes(server, 'token'), clock, l10n: memoryL10n },
  );
  const query = {
    environment: 'production',
    operations: [],
    window: { from: 998 * minute, to: 1_000 * minute },
    step: minute,
    split: { by: 'none' } as const,
  };
  return { server, clock, backend, query };
}
const failure = (status: number, body: unknown, headers = {}): HttpResponse => ({
  status,
  headers,
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
});

describe('a Prometheus backend', () => {
  it('asks below the path, with tenant, token and configured labels, names with dots quoted', async () => {
    const { server, backend, query } = world({ tenant: 'team-a', matchers: { cluster: 'eu-1' } });
    const { series, coverage } = await backend.series(query, signal);
    expect(series).toMatchObject([
      {
        operation: { service: 'shop', environment: 'production', name: 'GET /a', kind: 'server' },
        arms: [
          {
            arm: { kind: 'all' },
            points: [
              { at: 998 * minute, calls: 3, errors: 3 },
              { at: 999 * minute, calls: 4 },
            ],
          },
        ],
      },
    ]);
    expect(coverage).toMatchObject({ partial: false, approximate: false });
    for (const { path, request } of server.asked) {
      expect(path).toMatch(/^\/prometheus\/api\/v1\//);
      expect(request.headers).toMatchObject({ 'x-scope-orgid': 'team-a', authorization: 'Bearer token' });
    }
    const ranges = server.asked.filter(({ path }) => path.endsWith('/query_range')).map((one) => one.query);
    expect(ranges).toHaveLength(2);
    expect(ranges[0]).toContain(
      '{"traces.span.metrics.calls","cluster"="eu-1","service.name"="shop"'.replace('"cluster"', 'cluster'),
    );
    expect(ranges[0]).toContain('sum by ("service.name","span.name","span.kind"');
  });

  it('asks the same number of questions however many operations are wanted', async () => {
    const { server, backend, query } = world();
    await backend.series(query, signal);
    const before = server.asked.length;
    const [operation] = await backend.operations('production', query.window, signal);
    await backend.series({ ...query, operations: [operation!.id] }, signal);
    // The listing alone: the series are those that were asked for the whole service.
    expect(server.asked.length - before).toBe(1);
  });

  it('finds the spans among any number of counters that end alike, in addresses a proxy takes', async () => {
    const { server, backend, query } = world();
    const others = Array.from({ length: 400 }, (_, index) => `some_subsystem_${index}_upstream_api_calls_total`);
    const held = [...others, ...metrics];
    server.say = (path, form) => {
      if (!path.endsWith('/__name__/values')) return null;
      const pattern = /^\{__name__=~"(.*)"\}$/u.exec(form.get('match[]') ?? '')?.[1] ?? '';
      return { data: held.filter((name) => new RegExp(`^(?:${pattern})$`, 'u').test(name)) };
    };
    expect((await backend.series(query, signal)).series).toHaveLength(1);
    const addresses = server.asked.map(({ request }) => request.url.length);
    expect(addresses.filter((length) => length > 1_000).length).toBeGreaterThan(3);
    expect(Math.max(...addresses)).toBeLessThan(8_000);
  });

  it('asks nothing anew while its answers are fresh, however the window slides', async () => {
    const { server, clock, backend } = world();
    const flags = [{ key: 'beta', at: [], effective: null, offVariant: null }];
    const question = {
      environment: 'production',
      windowMinutes: 15,
      codePaths: [],
      overrides: {},
      services: {},
      flags,
    };
    const ask = async (): Promise<number> => {
      const before = server.asked.length;
      await answerFacts(backend, question, clock.now(), signal);
      return server.asked.length - before;
    };
    await clock.advance(10_000);
    expect(await ask()).toBeGreaterThan(5);
    await clock.advance(1_000);
    expect(await ask()).toBe(0);
    await clock.advance(9_000);
    expect(await ask()).toBe(0);
    await clock.advance(6_000);
    // Series are asked again, listings and names are not.
    expect(await ask()).toBe(4);
  });

  it('finds a label that is a flag’s own in telemetry that names no environment, too', async () => {
    const { server, clock, backend } = world();
    const metric = { 'service.name': 'shop', 'span.name': 'GET /a', 'feature_flag.new_checkout': 'on' };
    server.say = (path) =>
      path.endsWith('/labels')
        ? { data: Object.keys(metric) }
        : path.endsWith('/query')
          ? { data: { resultType: 'vector', result: [{ metric, value: [1, '1'] }] } }
          : null;
    const flags = [{ key: 'new-checkout', at: [], effective: null, offVariant: null }];
    const question = {
      environment: 'production',
      windowMinutes: 15,
      codePaths: [],
      overrides: {},
      services: {},
      flags,
    };
    const { toldApart } = await answerFacts(backend, question, clock.now(), signal);
    expect(toldApart).toEqual(['new-checkout']);
  });

  it('asks by GET where POST is refused', async () => {
    const { server, backend, query } = world();
    server.say = () => (server.asked.at(-1)!.request.method === 'POST' ? failure(405, '') : null);
    expect((await backend.series(query, signal)).series).toHaveLength(1);
    expect(server.asked.filter(({ request }) => request.method === 'POST').length).toBeLessThan(
      server.asked.length / 2,
    );
  });

  it('says that an answer is not whole, or counts are no whole numbers', async () => {
    const { server, backend, query } = world();
    server.say = (path) =>
      path.endsWith('/query_range')
        ? {
            warnings: ['partial response'],
            data: {
              resultType: 'matrix',
              result: [
                {
                  metric: {
                    'service.name': 'shop',
                    'span.name': 'GET /a',
                    'span.kind': 'SPAN_KIND_SERVER',
                    le: '+Inf',
                  },
                  values: [[59_940, '2.7']],
                },
              ],
            },
          }
        : null;
    const { coverage, series } = await backend.series(query, signal);
    expect(coverage).toMatchObject({ partial: true, approximate: true });
    expect(series[0]!.arms[0]!.points[0]).toMatchObject({ calls: 3 });
  });

  it.each([
    [failure(401, 'no org id\n'), /keeps several tenants apart\. Name one as "tenant"/],
    [failure(401, { status: 'error', error: 'invalid token' }), /wants another token \(401\)/],
    [failure(403, '<html>'), /does not allow reading metrics \(403\)/],
    [failure(302, '', { location: 'https://login.example/' }), /leads elsewhere \(302\)/],
    [failure(404, '404 page not found\n'), /is no Prometheus API: it answers 404\. Is a path missing in its "url"/],
    [failure(200, '<!doctype html><title>Sign in</title>'), /is no Prometheus API: it answers 200/],
    [
      failure(400, {
        status: 'error',
        errorType: 'bad_data',
        error: 'exceeded maximum resolution of 11,000 points per timeseries.',
      }),
      /too large .* shorter window/,
    ],
    [
      failure(422, { status: 'error', errorType: '422', error: 'too many points for the given step=1000' }),
      /too large/,
    ],
    [
      failure(422, {
        status: 'error',
        errorType: 'execution',
        error: 'query processing would load too many samples into memory',
      }),
      /too large/,
    ],
    [
      failure(422, { status: 'error', errorType: 'execution', error: 'found duplicate\nseries' }),
      /could not answer \(422\): found duplicate series$/,
    ],
    [
      failure(503, { status: 'error', errorType: 'timeout', error: 'query timed out in expression evaluation' }),
      /ran out of time/,
    ],
    [
      failure(500, { status: 'error', errorType: 'internal', error: 'TSDB not ready' }),
      /is in trouble \(500\): TSDB not ready/,
    ],
    [failure(429, 'too many requests', { 'retry-after': '7' }), /asked too often \(429\)/],
    [new HttpError('certificate', '', 'self-signed'), /certificate of .* is not trusted: self-signed/],
    [new HttpError('timeout', '', ''), /did not answer in time/],
    [new HttpError('tooLarge', '', ''), /answer of .* is too large/],
  ])('says plainly: %#', async (said, words) => {
    const { server, backend } = world();
    server.say = () => said;
    const failed = backend.discover('production', signal).then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );
    expect(await failed).toMatch(words);
    expect(await failed).toContain('Prometheus "m" at https://mimir.example');
  });

  it('leaves a server in trouble alone, longer each time, until told that things have changed', async () => {
    const { server, clock, backend } = world();
    server.say = () => new HttpError('unreachable', '', '');
    const ask = async (): Promise<number> => {
      const before = server.asked.length;
      await expect(backend.discover('production', signal)).rejects.toThrow('cannot be reached');
      return server.asked.length - before;
    };
    expect(await ask()).toBe(1);
    expect(await ask()).toBe(0);
    await clock.advance(2_001);
    expect(await ask()).toBe(1);
    await clock.advance(2_001);
    expect(await ask()).toBe(0);
    backend.retry();
    expect(await ask()).toBe(1);
    server.say = () => null;
    await clock.advance(5_000);
    expect((await backend.discover('production', signal)).services).toEqual(['shop']);
  });
});
