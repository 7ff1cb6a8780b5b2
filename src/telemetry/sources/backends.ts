import type { BackendConfig } from '../../model/config';
import type { SignalBackend } from '../backend';
import { PrometheusBackend, type PrometheusPorts } from '../prometheus/prometheusBackend';

/** What every type of backend stands on. */
export type BackendPorts = PrometheusPorts;

/** A backend that can be told that consent, a token or the network is other than it was. */
export type ConfiguredBackend = SignalBackend & {
  /** What its calls were counted by: spans that may be a sample, or metrics. */
  readonly counts: 'spans' | 'metrics';
  retry(): void;
};

type Make = (config: BackendConfig, ports: BackendPorts) => ConfiguredBackend;

/** Adding a type of backend adds a row. */
const types: Readonly<Record<string, Make>> = {
  prometheus: (config, ports) => new PrometheusBackend(config, ports),
};

/** Those that know who calls whom and nothing of the calls; they are asked by graph/graphSources.ts alone. */
const graphsAlone: ReadonlySet<string> = new Set(['jaeger']);

/** Whether calls can be asked for there. */
export const countsCalls = ({ type }: BackendConfig): boolean => !graphsAlone.has(type);

/** The backend a configuration names; null for a type nobody knows. */
export function makeBackend(config: BackendConfig, ports: BackendPorts): ConfiguredBackend | null {
  const make = Object.hasOwn(types, config.type) ? types[config.type] : undefined;
  return make ? make(config, ports) : null;
}
