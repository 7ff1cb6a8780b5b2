import type { Operation } from '../../model/signal';
import { outcomeOf } from '../otlp/outcome';
import type { Family } from './families';
import { said, serviceOf, type Labels, type LabelSet, type Role } from './labels';

/** Labels that make an operation, by what the family's metrics are of. */
const naming: Readonly<Record<Family['shape'], readonly Role[]>> = {
  spans: ['service', 'operation', 'kind', 'method', 'route', 'scope', 'codeFunction', 'codeFile'],
  http: ['service', 'method', 'route'],
  rpc: ['service', 'rpcService', 'rpcMethod'],
  messaging: ['service', 'messaging', 'destination'],
};
/** Labels that tell whether a call failed. */
const outcomes: readonly Role[] = ['status', 'httpStatus', 'errorType', 'rpcStatus'];

export const namingLabels = (shape: Family['shape'], labels: Labels): readonly string[] =>
  naming[shape].flatMap((role) => labels[role]);
export const outcomeLabels = (labels: Labels): readonly string[] => outcomes.flatMap((role) => labels[role]);

/** The id carries what is needed to ask for the operation again; it is stable within a backend. */
const idOf = (environment: string, service: string, rest: readonly (string | null)[]): string =>
  JSON.stringify([environment, service, ...rest]);

/** The service an id of {@link operationOf} was made of; null for any other text. */
export function serviceOfId(id: string): string | null {
  try {
    const parts: unknown = JSON.parse(id);
    const service: unknown = Array.isArray(parts) ? parts[1] : null;
    return typeof service === 'string' ? service : null;
  } catch {
    return null;
  }
}

/** Null for series that name no operation: what a cardinality limit has put together. */
export function operationOf(
  shape: Family['shape'],
  labels: Labels,
  series: LabelSet,
  environment: string,
): Operation | null {
  const text = (role: Role): string | null => said(labels, role, series) || null;
  const service = serviceOf(labels, series);
  const httpMethod = shape === 'spans' || shape === 'http' ? text('method') : null;
  const httpRoute = shape === 'spans' || shape === 'http' ? text('route') : null;
  const named = { spans: text('operation'), http: joined(httpMethod, ' ', httpRoute), ...rpcAndMessages(text) }[shape];
  if (named === null || service === '') return null;
  const kind = shape === 'spans' ? kindOf(text('kind'), labels) : shape === 'messaging' ? 'consumer' : 'server';
  const own = {
    kind,
    name: named,
    httpMethod,
    httpRoute,
    scope: text('scope'),
    codeFunction: text('codeFunction'),
    codeFile: text('codeFile'),
  } as const;
  return { id: idOf(environment, service, Object.values(own)), service, environment, ...own, codeLine: null };
}

function rpcAndMessages(text: (role: Role) => string | null): { rpc: string | null; messaging: string | null } {
  return {
    rpc: joined(text('rpcService'), '/', text('rpcMethod')),
    messaging: joined(text('messaging'), ' ', text('destination')),
  };
}

const joined = (first: string | null, separator: string, second: string | null): string | null =>
  first === null ? second : second === null ? first : `${first}${separator}${second}`;

/** `SPAN_KIND_SERVER` (collector, Tempo), `server` elsewhere; whoever drops the label counts entry spans. */
function kindOf(kind: string | null, { kind: labels }: Labels): Operation['kind'] {
  if (kind === null) return labels.length === 0 ? 'server' : 'internal';
  const name = kind.replace(/^SPAN_KIND_/i, '').toLowerCase();
  return name === 'server' || name === 'consumer' ? name : 'internal';
}

/** Error: span status ERROR, HTTP >= 500, a gRPC server code, or an `error.type` without a status; 4xx apart. */
export function outcomeOfSeries(
  labels: Labels,
  series: LabelSet,
): { readonly error: boolean; readonly refused: boolean } {
  const status = said(labels, 'status', series)
    .replace(/^STATUS_CODE_/i, '')
    .toUpperCase();
  const http = Number(said(labels, 'httpStatus', series));
  const rpc = said(labels, 'rpcStatus', series).toUpperCase();
  const httpStatus = Number.isInteger(http) && http >= 100 ? http : null;
  const { error, refused } = outcomeOf(status === 'ERROR' ? 2 : 0, httpStatus, rpc === '' ? null : rpc);
  // Where nothing else tells, error.type does: it is set when, and only when, the call failed.
  const isUntold = httpStatus === null && rpc === '' && labels.status.length === 0;
  return { error: error || (isUntold && said(labels, 'errorType', series) !== ''), refused };
}
