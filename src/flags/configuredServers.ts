import type { Config } from '../model/config';
import { baseAddress } from '../platform/addresses';
import { sourceAddress } from './flagd/sourceAddress';

/** A server as a configuration names it. `origin` is `''` for an address that cannot be asked. */
export interface ConfiguredServer {
  /** Id of the system or backend, and its type. */
  readonly id: string;
  readonly type: string;
  readonly url: string;
  readonly origin: string;
  readonly holds: 'flags' | 'telemetry';
  readonly tenant?: string | undefined;
}

/** Admin APIs, sources that are no files, evaluation services and telemetry stores, in the order of the file. */
export function configuredServers({ systems, backends }: Config): ConfiguredServer[] {
  const server = (
    { id, type }: { readonly id: string; readonly type: string },
    url: string,
    holds: ConfiguredServer['holds'],
  ): ConfiguredServer => ({ id, type, url, origin: baseAddress(url)?.origin ?? '', holds });
  const environments = systems.flatMap((system) =>
    system.projects.flatMap((project) => project.environments.map((environment) => ({ system, environment }))),
  );
  return [
    ...systems.flatMap((system) => (system.url === undefined ? [] : [server(system, system.url, 'flags')])),
    ...environments.flatMap(({ system, environment }) =>
      [...environment.source.flatMap(addressOf), ...(environment.ofrep === undefined ? [] : [environment.ofrep])].map(
        (url) => server(system, url, 'flags'),
      ),
    ),
    ...backends.map((backend) => ({
      ...server(backend, backend.url, 'telemetry'),
      ...(backend.tenant !== undefined && { tenant: backend.tenant }),
    })),
  ];
}

function addressOf(source: string): string[] {
  const address = sourceAddress(source);
  return address.kind === 'http' || address.kind === 'sync' ? [address.base] : [];
}
