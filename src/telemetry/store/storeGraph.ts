import type { ServiceEdge, ServiceGraph } from '../../model/serviceGraph';
import type { Window } from '../../model/signal';
import { environmentJoined } from '../environmentJoined';
import { minuteMs } from '../rollup/limits';
import type { EdgeHour } from '../rollup/serviceEdges';
import type { SignalStore } from './signalStore';

type Summed = ServiceEdge & { since: number; lastSeen: number };

/** Who called whom, as spans told it: of the asked environment, or of telemetry that names none. */
export function storeGraph(store: SignalStore, asked: string, window: Window): ServiceGraph {
  const { edges, operations } = store.rollups;
  const services = [...operations.services];
  const environment = environmentJoined(
    asked,
    services.map((service) => service.environment),
  );
  const own = services.filter((service) => service.environment === environment);
  const found = new Map<string, Summed>();
  // An edge is looked up by its name once, not for every hour.
  const byKey = new Map<number, Summed>();
  for (const { edge, count, first, last } of edges.within(window.from, window.to)) {
    if (edge.operation.service.environment !== environment) continue;
    let sum = byKey.get(edge.key);
    if (!sum) {
      const named = nothingOf(edge);
      const name = JSON.stringify([named.client, named.operation?.id, named.kind]);
      sum = found.get(name) ?? named;
      found.set(name, sum);
      byKey.set(edge.key, sum);
    }
    sum.requests += count;
    sum.since = Math.min(sum.since, first * minuteMs);
    sum.lastSeen = Math.max(sum.lastSeen, (last + 1) * minuteMs);
  }
  return {
    edges: [...found.values()],
    environment,
    partial:
      edges.isPartial ||
      operations.overflowed ||
      own.some(({ lastSampled }) => lastSampled > 0 && lastSampled >= window.from),
    services: [...new Set(own.map(({ service }) => service))].sort(),
  };
}

function nothingOf({ client, operation: { operation, service }, kind }: EdgeHour): Summed {
  return {
    client: client?.service ?? null,
    server: service.service,
    operation: { id: operation.id, name: operation.name },
    kind,
    requests: 0,
    since: Infinity,
    lastSeen: 0,
  };
}
