import type { BackendConfig } from '../../model/config';
import { configuredMatchers, type Catalogue, type KnownFamily, type TargetInfo } from './catalogue';
import { fresh, type PromClient } from './client';
import { said, serviceOf, type LabelSet } from './labels';
import { anyOf, seen, selector, type Matcher, type TargetRestriction } from './promql';
import type { Rows } from './response';

/** How far back a service is looked for. */
const listedSeconds = 3_600;

/** How to ask for the series of one service in one environment. */
export interface Served {
  readonly service: string;
  readonly environment: string;
  readonly matchers: readonly Matcher[];
  readonly only: TargetRestriction | null;
}

/** A metric that counts calls or evaluations by service. */
export type Counted = Pick<KnownFamily, 'labels' | 'target' | 'whole'>;

export interface Server {
  readonly client: PromClient;
  readonly config: BackendConfig;
  readonly catalogue: Catalogue;
}

/**
 * The services a metric counts, by environment (`''` for telemetry that names none). A service has several entries
 * where its series are told apart by several sets of labels; each is asked for exactly, none twice.
 */
export async function servedBy(
  { whole, labels, target }: Counted,
  { client, config, catalogue }: Server,
  now: number,
  signal: AbortSignal,
): Promise<readonly Served[]> {
  const matchers = configuredMatchers(config);
  const list = (metric: string, by: readonly string[]): Promise<Rows> =>
    client.instant(seen(selector(metric, matchers), by, listedSeconds), now, fresh.listing, signal);
  const info = target ? catalogue.targetInfo : null;
  const [{ rows }, described] = await Promise.all([
    list(whole, [...labels.service, ...labels.environment]),
    info ? list(info.metric, ['job', ...info.labels.environment]) : null,
  ]);
  const served: Served[] = [];
  const add = (series: LabelSet, named: string, how: Pick<Served, 'matchers' | 'only'>): void => {
    const service = serviceOf(labels, series);
    const [alone] = config.environments;
    const environment = named === '' && config.environments.length === 1 ? (alone ?? '') : named;
    const isHeld = environment === '' || config.environments.length === 0 || config.environments.includes(environment);
    if (service === '' || !isHeld) return;
    const own = labels.service.map((label) => anyOf(label, [series[label] ?? '']));
    served.push({ service, environment, matchers: [...matchers, ...own, ...how.matchers], only: how.only });
  };
  for (const { metric } of rows) {
    if (!target || !described || !info) {
      const own = labels.environment.map((label) => anyOf(label, [metric[label] ?? '']));
      add(metric, said(labels, 'environment', metric), { matchers: own, only: null });
      continue;
    }
    const ofJob = described.rows.filter((row) => row.metric.job === metric.job).map((row) => row.metric);
    for (const each of ofJob.length > 0 ? ofJob : [{}])
      add(metric, said(info.labels, 'environment', each), {
        matchers: [],
        only: describedAs(each, target, info, matchers),
      });
  }
  return served;
}

/** Series whose target is described with this environment; or, where the description names none, with none at all. */
function describedAs(
  series: LabelSet,
  on: readonly string[],
  { metric, labels }: TargetInfo,
  matchers: readonly Matcher[],
): TargetRestriction {
  const label = labels.environment.find((name) => (series[name] ?? '') !== '');
  const named: Matcher =
    label === undefined
      ? { label: labels.environment[0] ?? '', op: '!=', value: '' }
      : { label, op: '=', value: series[label] ?? '' };
  return { on, described: selector(metric, [...matchers, named]), not: label === undefined };
}
