import type { InstanceSource } from '../change/api';
import type { SignalFacts } from '../model/facts';
import type { ServiceGraph } from '../model/serviceGraph';
import type { InstanceEvaluation } from '../model/signal';
import type { Http } from '../platform/http';
import { nodeFiles } from '../platform/node/files';
import { nodePaths } from '../platform/node/paths';
import type { FactsRequest, GraphRequest } from '../telemetry/api';
import { findOwner, type OwnerClient } from '../telemetry/owner/ownerClient';

/** The window that holds the store of this machine's telemetry, asked over loopback. Rejects where there is none. */
export class StoreOwner implements InstanceSource {
  readonly #http: Http;
  readonly #home: string;

  constructor(http: Http, home: string) {
    this.#http = http;
    this.#home = home;
  }

  async instances(
    asked: { readonly flag: string; readonly environment: string; readonly since: number },
    signal: AbortSignal,
  ): Promise<readonly InstanceEvaluation[]> {
    return (await this.#owner()).instances(asked, signal);
  }

  async facts(request: FactsRequest, signal: AbortSignal): Promise<SignalFacts> {
    return (await this.#owner()).facts(request, signal);
  }

  async graph(request: GraphRequest, signal: AbortSignal): Promise<ServiceGraph> {
    return (await this.#owner()).graph(request, signal);
  }

  /** Looked for anew each time: the window that holds the store may have closed, and another taken it over. */
  async #owner(): Promise<OwnerClient> {
    const owner = await findOwner({ files: nodeFiles, paths: nodePaths, http: this.#http }, this.#home);
    if (!owner) throw new Error('no window with Sightglass is open on this machine to hold the telemetry');
    return owner;
  }
}
