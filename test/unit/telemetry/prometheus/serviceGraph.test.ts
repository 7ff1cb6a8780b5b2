import { describe, expect, it } from 'vitest';
import { backendConfigSchema } from '../../../../src/model/config';
import type { Http } from '../../../../src/platform/http';
import { MemoryClock } from '../../../../src/platform/memory/clock';
import { memoryL10n } from '../../../../src/platform/memory/l10n';
import { memoryRemotes } from '../../../../src/platform/memory/remotes';
import { PrometheusBackend } from '../../../../src/telemetry/prometheus/prometheusBackend';

const minute = 60_000;
const now = 1_000 * 60 * minute;
const { signal } = new AbortController();
const dimensions = ['__name__', 'client', 'server', 'connection_type', 'server_deployment_environment'];

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [at: number, value: string])[];
}

function backend(series: readonly Series[], config: object = {}, names: readonly string[] = dimensions) {
  const asked: URLSearchParams[] = [];
  const http: Http = {
    request: async ({ url, body }) => {
      const { pathname, searchParams } = new URL(url);
      const form = body ? new URLSearchParams(new TextDecoder().decode(body)) : searchParams;
      asked.push(form);
      const data = pathname.endsWith('/labels') ? names : { resultType: 'matrix', result: series };
      const said = new TextEncoder().encode(JSON.stringify({ status: 'success', data }));
      return { status: 200, headers: {}, body: said };
    },
  };
  const parsed = backendConfigSchema.parse({ id: 'p', type: 'prometheus', url: 'https://prom.example', ...config });
  const ports = { remotes: memoryRemotes(http), clock: new MemoryClock(now), l10n: memoryL10n };
  const made = new PrometheusBackend(parsed, ports);
  const graph = (environment = 'production', hours = 1) =>
    made.serviceGraph(environment, { from: now - hours * 60 * minute, to: now }, signal);
  return { graph, asked };
}

const at = (minutes: number, count: string): readonly [number, string] => [(now - minutes * minute) / 1_000, count];
const series = (client: string, server: string, more: object = {}, values = [at(5, '2'), at(3, '0'), at(2, '3')]) => ({
  metric: { client, server, connection_type: '', server_deployment_environment: 'production', ...more },
  values,
});

describe('service-graph metrics of Prometheus', () => {
  it('are edges with what they grew by, and when; databases and addresses outside are none', async () => {
    const { graph, asked } = backend([
      series('web', 'shop'),
      series('shop', 'mail', { connection_type: 'messaging_system' }),
      series('user', 'web', { connection_type: 'virtual_node' }),
      series('shop', 'postgres', { connection_type: 'database' }),
      series('shop', 'api.example.com', { connection_type: 'virtual_node' }),
      series('web', 'quiet', {}, [at(3, '0')]),
      series('web', 'shop', { server_deployment_environment: 'staging' }),
      { metric: { client: 'nobody' }, values: [at(3, '1')] },
    ]);
    const read = await graph();
    const times = { since: now - 6 * minute, lastSeen: now - 2 * minute, operation: null, requests: 5 };
    expect(read).toEqual({
      edges: [
        { client: 'web', server: 'shop', kind: 'call', ...times },
        { client: 'shop', server: 'mail', kind: 'messaging', ...times },
        { client: null, server: 'web', kind: 'call', ...times },
      ],
      environment: 'production',
      partial: false,
      services: ['mail', 'quiet', 'shop', 'web'],
    });
    expect(asked.at(-1)?.get('query')).toContain('traces_service_graph_request_total');
    expect(asked.at(-1)?.get('query')).toMatch(
      /^sum by \(client,server,connection_type,server_deployment_environment\)/,
    );
    expect(asked.at(-1)?.get('step')).toBe('60');
  });

  it('take a service for untraced only where the generator made it up, which newer ones say of either end', async () => {
    const names = [...dimensions, 'virtual_node'];
    const virtual = { connection_type: 'virtual_node' };
    const all = [
      series('user', 'shop'),
      series('gateway.example.com', 'web', { ...virtual, virtual_node: 'client' }),
      series('user', 'api.example.com', { ...virtual, virtual_node: 'server' }),
      series('unknown', 'shop', { ...virtual, virtual_node: '' }),
    ];
    const { graph, asked } = backend(all, {}, names);
    const read = await graph();
    expect(read?.edges.map(({ client, server }) => [client, server])).toEqual([
      ['user', 'shop'],
      [null, 'web'],
      [null, 'shop'],
    ]);
    expect(read?.services).toEqual(['shop', 'user', 'web']);
    expect(asked.at(-1)?.get('query')).toContain('connection_type,virtual_node,');
  });

  it('are asked for a day in steps that stay few', async () => {
    const { graph, asked } = backend([series('web', 'shop')]);
    await graph('production', 24);
    const form = asked.at(-1);
    const steps = (Number(form?.get('end')) - Number(form?.get('start'))) / Number(form?.get('step'));
    expect(steps).toBeLessThanOrEqual(240);
  });

  it('are joined to the asked environment, or to none where nothing names it; a single one is that of all', async () => {
    const nameless = series('web', 'shop', { server_deployment_environment: '' });
    expect((await backend([nameless]).graph())?.environment).toBe('');
    expect((await backend([nameless], { environments: ['production'] }).graph())?.environment).toBe('production');
    expect((await backend([nameless], { environments: ['staging'] }).graph())?.edges).toEqual([]);
  });

  it('say nothing where there are none, which is another thing than no edges', async () => {
    expect(await backend([], {}, []).graph()).toBeNull();
    expect(await backend([], { metricPrefix: 'shop_' }).graph()).toBeNull();
    expect((await backend([]).graph())?.edges).toEqual([]);
  });
});
