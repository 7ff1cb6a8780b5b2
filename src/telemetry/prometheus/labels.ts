import type { BackendConfig } from '../../model/config';

/**
 * What a label says, and the attributes of OpenTelemetry that say it, the present one first. On the wire their dots are
 * mostly underscores. Both generations are grouped by at once: services of one server need not be of one age.
 */
const attributes = {
  service: ['service.name', 'service'],
  environment: ['deployment.environment.name', 'deployment.environment'],
  operation: ['span.name', 'operation'],
  kind: ['span.kind'],
  status: ['status.code', 'otel.status_code'],
  method: ['http.request.method', 'http.method'],
  route: ['http.route'],
  httpStatus: ['http.response.status_code', 'http.status_code'],
  errorType: ['error.type'],
  rpcService: ['rpc.service'],
  rpcMethod: ['rpc.method'],
  rpcStatus: ['rpc.response.status_code', 'rpc.grpc.status_code'],
  destination: ['messaging.destination.name'],
  messaging: ['messaging.operation.name', 'messaging.operation'],
  version: ['service.version'],
  scope: ['otel.scope.name'],
  codeFunction: ['code.function.name', 'code.function'],
  codeFile: ['code.file.path', 'code.filepath'],
} as const;

export type Role = keyof typeof attributes;
/** Labels that a family of metrics has, by what they say; best first, empty where there is none. */
export type Labels = Readonly<Record<Role, readonly string[]>>;
export type LabelSet = Readonly<Record<string, string>>;

/** As Prometheus writes a name without UTF-8: everything but letters, digits and `_` becomes `_`. */
export const underscored = (name: string): string => name.replace(/[^A-Za-z0-9_]/g, '_');

/** `job` names the service where resource attributes became `target_info` (Prometheus' and the collector's way). */
export function labelsAmong(
  names: readonly string[],
  configured: BackendConfig['labels'],
  jobIsService: boolean,
): Labels {
  const byWritten = new Map(names.map((name) => [underscored(name), name]));
  const present = (wanted: readonly string[]): readonly string[] => [
    ...new Set(wanted.flatMap((name) => byWritten.get(underscored(name)) ?? [])),
  ];
  const entries = Object.entries(attributes).map(([role, names]): [string, readonly string[]] => {
    const own = configured[role as keyof typeof configured];
    if (own !== undefined) return [role, present([own])];
    if (role === 'service' && jobIsService) return [role, present(['service.name', 'job'])];
    return [role, present(names)];
  });
  return Object.fromEntries(entries) as Labels;
}

/** The first of a role's labels that says anything; `''` where none does. */
export function said(labels: Labels, role: Role, series: LabelSet): string {
  for (const name of labels[role]) {
    const value = Object.hasOwn(series, name) ? series[name] : undefined;
    if (value !== undefined && value !== '') return value;
  }
  return '';
}

/** `job` is `namespace/name` where a service has a namespace (OTLP to Prometheus). */
export function serviceOf(labels: Labels, series: LabelSet): string {
  const value = said(labels, 'service', series);
  const fromJob = labels.service.find((name) => series[name] !== undefined && series[name] !== '') === 'job';
  return fromJob ? value.slice(value.lastIndexOf('/') + 1) : value;
}

/** Where a family carries the variant calls of a flag got. */
export interface VariantLabels {
  /** One flag a span: `feature_flag_key` beside its variant. */
  readonly pair: { readonly key: string; readonly variant: string } | null;
  /** Other names of labels: one of them may be a flag's own. */
  readonly names: readonly string[];
}

const pairs = [
  ['feature_flag.key', 'feature_flag.result.variant'],
  ['feature_flag.key', 'feature_flag.variant'],
] as const;

export function variantLabelsAmong(names: readonly string[]): VariantLabels {
  const find = (wanted: string): string | undefined => names.find((name) => underscored(name) === underscored(wanted));
  for (const [key, variant] of pairs) {
    const found = { key: find(key), variant: find(variant) };
    if (found.key !== undefined && found.variant !== undefined)
      return { pair: { key: found.key, variant: found.variant }, names };
  }
  return { pair: null, names };
}

/** The label that holds one flag's variant: `feature_flag.<key>`, with `.variant` or `.result.variant` behind it or not. */
export function labelOfFlag(
  flag: string,
  { names }: VariantLabels,
  configured: BackendConfig['flagLabels'],
): string | null {
  const own = Object.hasOwn(configured, flag) ? configured[flag] : undefined;
  const wanted =
    own === undefined
      ? ['', '.variant', '.result.variant'].map((end) => underscored(`feature_flag.${flag}${end}`))
      : [underscored(own)];
  // `feature_flag.key` and its like are the pair's, whatever a flag is called.
  const reserved = new Set(pairs.flat().map(underscored));
  return (
    names.find(
      (name) => wanted.includes(underscored(name)) && (own !== undefined || !reserved.has(underscored(name))),
    ) ?? null
  );
}
