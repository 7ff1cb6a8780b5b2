import type { BackendConfig } from '../../model/config';
import { builtInSource } from '../../model/phrases';
import type { ServiceGraph } from '../../model/serviceGraph';
import type { Window } from '../../model/signal';
import type { L10n } from '../../platform/l10n';
import type { GraphRequest } from '../api';
import { JaegerGraph } from '../jaeger/jaegerGraph';
import { makeBackend, type BackendPorts } from '../sources/backends';

/** What one source says of who calls whom. */
export interface GraphAnswer {
  readonly id: string;
  /** For display: `built-in receiver`. */
  readonly name: string;
  /** Null: it did not answer, or holds nothing of the kind; `reason` says why. */
  readonly graph: ServiceGraph | null;
  readonly reason: string | null;
}

export interface GraphSourcesOf extends BackendPorts {
  readonly backends: readonly BackendConfig[];
  /** The built-in store's own answer. */
  readonly builtIn: (request: GraphRequest, signal: AbortSignal) => Promise<ServiceGraph>;
}

interface GraphSource {
  readonly id: string;
  readonly name: string;
  /** What it is configured to hold; none: all. */
  readonly environments: readonly string[];
  readonly ask: (environment: string, window: Window, signal: AbortSignal) => Promise<ServiceGraph | null>;
}

/** Asks the built-in store and each configured backend; one that fails hides no other. Rejects only when called off. */
export async function serviceGraphs(
  request: GraphRequest,
  of: GraphSourcesOf,
  signal: AbortSignal,
): Promise<readonly GraphAnswer[]> {
  const { environment, windowMinutes } = request;
  const to = of.clock.now();
  const window = { from: to - windowMinutes * 60_000, to };
  const builtIn: GraphSource = {
    id: 'builtin',
    name: builtInSource,
    environments: [],
    ask: () => of.builtIn(request, signal),
  };
  const sources = [builtIn, ...of.backends.map((config) => sourceOf(config, of))];
  const answers = await Promise.all(
    sources.map(async ({ id, name, environments, ask }): Promise<GraphAnswer> => {
      try {
        const graph = await ask(environment, window, signal);
        const reason = graph === null ? noneWords(environment, environments, of.l10n) : null;
        return { id, name, graph, reason };
      } catch (error) {
        return { id, name, graph: null, reason: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
  signal.throwIfAborted();
  return answers;
}

const noneWords = (asked: string, held: readonly string[], { t }: L10n): string =>
  held.length > 0 && !held.includes(asked)
    ? t('it holds telemetry of {0}, not of {1}', held.join(', '), asked === '' ? '""' : asked)
    : t('it has no service graph');

function sourceOf(config: BackendConfig, ports: GraphSourcesOf): GraphSource {
  const id = `backend:${config.id}`;
  if (config.type === 'jaeger') {
    const jaeger = new JaegerGraph(config, ports);
    return { id, name: jaeger.name, environments: config.environments, ask: jaeger.serviceGraph.bind(jaeger) };
  }
  const backend = makeBackend(config, ports);
  const unknown = ports.l10n.t('"{0}" is of a type that is not known: "{1}".', config.id, config.type);
  return {
    id,
    name: backend?.name ?? config.id,
    environments: config.environments,
    ask: async (...asked) => {
      if (!backend) throw new Error(unknown);
      return (await backend.serviceGraph?.(...asked)) ?? null;
    },
  };
}
