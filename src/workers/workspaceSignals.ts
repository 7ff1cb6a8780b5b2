import type { BackendConfig } from '../model/config';
import type { SignalFacts } from '../model/facts';
import type { L10n } from '../platform/l10n';
import { systemClock } from '../platform/node/clock';
import { stderrLog } from '../platform/node/stderrLog';
import type { Remotes } from '../platform/remotes';
import type { FactsRequest, GraphRequest } from '../telemetry/api';
import { answerFacts } from '../telemetry/facts';
import { serviceGraphs, type GraphAnswer } from '../telemetry/graph/graphSources';
import { SignalSources } from '../telemetry/sources/signalSources';
import type { StoreOwner } from './storeOwner';

/** A command has no screen to bring up to date later: it waits, longer than a backend takes to give up. */
const patienceMs = 25_000;

/** The store of this machine and the backends a folder's configuration names, asked together. */
export class WorkspaceSignals {
  readonly #sources: SignalSources;
  readonly #backends: readonly BackendConfig[];
  readonly #graphs: (request: GraphRequest, signal: AbortSignal) => Promise<readonly GraphAnswer[]>;

  constructor(of: {
    readonly owner: StoreOwner;
    readonly remotes: Remotes;
    readonly backends: readonly BackendConfig[];
    readonly l10n: L10n;
  }) {
    this.#backends = of.backends;
    const { remotes, l10n, backends } = of;
    const graphsOf = { remotes, l10n, backends, clock: systemClock, builtIn: of.owner.graph.bind(of.owner) };
    this.#graphs = (request, signal) => serviceGraphs(request, graphsOf, signal);
    this.#sources = new SignalSources({
      remotes: of.remotes,
      clock: systemClock,
      l10n: of.l10n,
      log: stderrLog('telemetry'),
      builtIn: (request, signal) => of.owner.facts(request, signal),
      answerFacts,
      changed: () => undefined,
    });
  }

  /** Who calls whom, by each of them; one that fails says why. */
  graphs(request: GraphRequest, signal: AbortSignal): Promise<readonly GraphAnswer[]> {
    return this.#graphs(request, signal);
  }

  /** Rejects when none of them answers, with why. */
  facts(request: FactsRequest, signal: AbortSignal): Promise<SignalFacts> {
    return this.#sources.facts({ ...request, backends: this.#backends }, signal, patienceMs);
  }
}
