import type { BackendConfig } from '../../model/config';
import type { ServiceEdge, ServiceGraph } from '../../model/serviceGraph';
import type { Window } from '../../model/signal';
import { environmentJoined } from '../environmentJoined';
import { configuredMatchers } from './catalogue';
import type { PromClient } from './client';
import { underscored, type LabelSet } from './labels';
import { increments, selector } from './promql';

/** Of Tempo's metrics generator, Alloy's and the collector's connector alike (their documentation of service graphs). */
const requests = 'traces_service_graph_request_total';
const minuteMs = 60_000;
/** A day by the minute would be many numbers for a question of who. */
const mostSteps = 240;
const mostEdges = 5_000;
/** Names that dimensions have as labels; where both ends have it, the called one's. */
const environmentLabels = [
  'server_deployment_environment_name',
  'server_deployment_environment',
  'deployment_environment_name',
  'deployment_environment',
];
/** What the generators call a caller that sent no spans: the browser, a load balancer. */
const untracedClients: ReadonlySet<string> = new Set(['user', 'unknown']);

/**
 * Who calls whom by service-graph metrics: `{client, server, connection_type}`, `connection_type` being empty,
 * `messaging_system`, `database` or `virtual_node`. Databases have no code of their own, and are left out. Null: this
 * server has no such metrics, so that nothing follows from there being no edges.
 */
export async function promServiceGraph(
  client: PromClient,
  config: BackendConfig,
  asked: string,
  window: Window,
  signal: AbortSignal,
): Promise<ServiceGraph | null> {
  if (!requests.startsWith(config.metricPrefix ?? '')) return null;
  const series = selector(requests, configuredMatchers(config));
  const names = await client.labelNames(series, window.to, signal);
  if (!names.includes('client') || !names.includes('server')) return null;
  const own = config.labels.environment;
  const label = [...(own === undefined ? [] : [own]), ...environmentLabels]
    .map((wanted) => names.find((name) => underscored(name) === underscored(wanted)))
    .find((name) => name !== undefined);
  // A newer Tempo's: which end of an edge it made up.
  const virtual = names.includes('virtual_node') ? ['virtual_node'] : [];
  const by = ['client', 'server', 'connection_type', ...virtual, ...(label === undefined ? [] : [label])];
  const stepMs = Math.max(1, Math.ceil((window.to - window.from) / minuteMs / mostSteps)) * minuteMs;
  const grown = increments({
    counters: series,
    stepSeconds: stepMs / 1_000,
    by,
    // An edge that is new began at nought where its server's other edges were measured before.
    service: ['server'],
    only: null,
  });
  const grid = {
    from: Math.floor(window.from / stepMs) * stepMs + stepMs,
    to: Math.ceil(window.to / stepMs) * stepMs,
  };
  const { rows, partial } = await client.range(grown, grid, stepMs, signal);
  const [alone] = config.environments;
  const single = config.environments.length === 1 ? (alone ?? '') : '';
  const named = (metric: LabelSet): string => (label === undefined ? '' : (metric[label] ?? '')) || single;
  const environment = environmentJoined(
    asked,
    rows.map(({ metric }) => named(metric)),
  );
  const edges = rows
    .filter(({ metric }) => named(metric) === environment)
    .flatMap(({ metric, samples }) => edgeOf(metric, samples, stepMs) ?? []);
  const services = edges.flatMap(({ client: caller, server }) => (caller === null ? [server] : [caller, server]));
  return {
    edges: edges.filter(({ requests: count }) => count > 0).slice(0, mostEdges),
    environment,
    partial: partial || edges.length > mostEdges,
    services: [...new Set(services)].sort(),
  };
}

/** Null for what is no edge between services. */
function edgeOf(
  { client, server, connection_type: type, virtual_node: virtual = '' }: LabelSet,
  samples: readonly (readonly [at: number, value: number])[],
  stepMs: number,
): ServiceEdge | null {
  if (client === undefined || server === undefined || client === '' || server === '' || type === 'database')
    return null;
  const isVirtual = type === 'virtual_node' || virtual !== '';
  const isUntraced = isVirtual && (virtual === '' ? untracedClients.has(client) : virtual === 'client');
  // The called one sent no spans: an address outside, no service.
  if (isVirtual && !isUntraced) return null;
  const grew = samples.filter(([, count]) => count > 0);
  const [first, last] = [grew[0], grew.at(-1)];
  return {
    client: isUntraced ? null : client,
    server,
    operation: null,
    kind: type === 'messaging_system' ? 'messaging' : 'call',
    requests: Math.round(grew.reduce((sum, [, count]) => sum + count, 0)),
    // A sample is of the step before it.
    since: first === undefined ? null : first[0] - stepMs,
    lastSeen: last === undefined ? null : last[0],
  };
}
