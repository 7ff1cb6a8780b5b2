import type { BackendConfig } from '../../model/config';
import type { PromClient } from './client';
import { durationNames, evaluationsAmong, familiesAmong, namePattern, type Family } from './families';
import { labelsAmong, underscored, variantLabelsAmong, type Labels, type VariantLabels } from './labels';
import { selector, type Matcher } from './promql';

/** A family as this server has it. */
export interface KnownFamily extends Family {
  /** The counter of calls, or the native histogram that stands for it: every call is in it. */
  readonly whole: string;
  readonly names: readonly string[];
  readonly labels: Labels;
  readonly variants: VariantLabels;
  /** Labels it shares with `target_info`, when only that names the environment. */
  readonly target: readonly string[] | null;
}

/** The metric that resource attributes went to (OTLP to Prometheus), when it names environments. */
export interface TargetInfo {
  readonly metric: string;
  readonly labels: Labels;
}

export interface Evaluations {
  readonly metric: string;
  readonly names: readonly string[];
  readonly labels: Labels;
  /** Labels of the flag's key and the variant. */
  readonly key: string;
  readonly variant: string;
}

export interface Catalogue {
  readonly families: readonly KnownFamily[];
  readonly targetInfo: TargetInfo | null;
  readonly evaluations: Evaluations | null;
}

export const configuredMatchers = ({ matchers }: BackendConfig): readonly Matcher[] =>
  Object.entries(matchers).map(([label, value]) => ({ label, op: '=', value }));

/** What of telemetry a server holds, found by names: nothing is hard-coded but what to look for. */
export async function readCatalogue(
  client: PromClient,
  config: BackendConfig,
  now: number,
  signal: AbortSignal,
): Promise<Catalogue> {
  const found = await client.metricNames(namePattern, now, signal);
  const durations = await Promise.all(
    patternsOf(durationNames(found)).map((pattern) => client.metricNames(pattern, now, signal)),
  );
  const names = [...new Set([...found, ...durations.flat()])].filter(
    (name) => name.startsWith(config.metricPrefix ?? '') || name === 'target_info',
  );
  const labelsOf = (metric: string): Promise<readonly string[]> =>
    client.labelNames(selector(metric, configuredMatchers(config)), now, signal);

  const info = names.includes('target_info') ? await labelsOf('target_info') : [];
  const infoLabels = labelsAmong(info, config.labels, true);
  const targetInfo = infoLabels.environment.length > 0 ? { metric: 'target_info', labels: infoLabels } : null;
  const families = await Promise.all(
    familiesAmong(names).map(async (family): Promise<KnownFamily | null> => {
      const whole = family.calls ?? family.latency?.metric ?? '';
      const own = await labelsOf(whole);
      const labels = labelsAmong(own, config.labels, family.shape !== 'spans');
      if (labels.service.length === 0 || !namesOperations(family, labels)) return null;
      const shared = ['job', 'instance'].filter((name) => own.includes(name) && info.includes(name));
      const target = targetInfo && labels.environment.length === 0 && shared.includes('job') ? shared : null;
      return { ...family, whole, names: own, labels, variants: variantLabelsAmong(own), target };
    }),
  );
  const counter = evaluationsAmong(names);
  return {
    families: families.filter((family) => family !== null),
    targetInfo,
    evaluations: counter === null ? null : evaluationsOf(counter, await labelsOf(counter), config),
  };
}

const escaped = (name: string): string => name.replaceAll('.', '[.]');

/** Names of metrics can be asked for by GET alone, and many a proxy takes no address of more than 8 KB. */
const longestPattern = 2_000;

/** Patterns of these names and no others, each short enough to be asked for. */
function patternsOf(names: readonly string[]): readonly string[] {
  const patterns: string[] = [];
  for (const name of names) {
    const last = patterns.at(-1);
    const longer = last === undefined ? escaped(name) : `${last}|${escaped(name)}`;
    if (last === undefined || longer.length > longestPattern) patterns.push(escaped(name));
    else patterns[patterns.length - 1] = longer;
  }
  return patterns;
}

/** `x_calls_total` may count anything: a span's name tells. */
const namesOperations = ({ shape }: Family, { operation, method, rpcMethod, destination }: Labels): boolean =>
  ({ spans: operation, http: method, rpc: rpcMethod, messaging: destination })[shape].length > 0;

/** The hook of some languages names its attributes bare, of others `feature_flag.*`. */
function evaluationsOf(metric: string, names: readonly string[], config: BackendConfig): Evaluations | null {
  const first = (...wanted: readonly string[]): string | undefined =>
    wanted.map((one) => names.find((name) => underscored(name) === one)).find((name) => name !== undefined);
  const key = first('feature_flag_key', 'key');
  const variant = first('feature_flag_result_variant', 'feature_flag_variant', 'variant');
  const labels = labelsAmong(names, config.labels, true);
  if (key === undefined || variant === undefined || labels.service.length === 0) return null;
  return { metric, names, labels, key, variant };
}
