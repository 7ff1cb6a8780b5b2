import type { ServiceEdge } from '../../model/serviceGraph';
import type { L10n } from '../../platform/l10n';
import type { PathImpact } from '../report';
import { declaredEdges, type DeclaredEdge } from './catalog';
import { ownersOf } from './codeOwners';
import type { ConsumersInput, FoundCall, ObservedGraph } from './consumersInput';
import type { OwnedPaths, Party, ServiceImpact } from './consumersReport';
import { isSameService, serviceKey } from './serviceNames';

const mostParties = 100;
const mostPlaces = 20;
const mostOperations = 5;

/** Who else uses the services that a change is in, and whom they use, by every source that was asked. */
export function serviceImpacts(
  input: ConsumersInput,
  changed: readonly string[],
  paths: readonly PathImpact[],
  l10n: L10n,
): readonly ServiceImpact[] {
  const files = new Map<string, string[]>();
  for (const path of changed)
    for (const service of input.servicesOf(path)) {
      const known = files.get(service);
      if (known) known.push(path);
      else files.set(service, [path]);
    }
  const { edges: declared, isWhole } = declaredEdges(input.entities);
  const cut = isWhole ? [] : [l10n.t('catalogs declare more than is told')];
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, own]) => {
      const operations = operationsOf(service, paths);
      const of = { input, declared, isWhole, service, operations };
      const [consumers, providers] = [partiesOf('consumers', of), partiesOf('providers', of)];
      const unknown = [...unknownOf(service, input, l10n), ...cut];
      return {
        service,
        files: own,
        owner: componentOf(service, input)?.owner ?? null,
        consumers: consumers.slice(0, mostParties),
        providers: providers.slice(0, mostParties),
        left: {
          consumers: Math.max(0, consumers.length - mostParties),
          providers: Math.max(0, providers.length - mostParties),
        },
        windowMinutes: input.windowMinutes,
        asked: askedOf(input, l10n),
        unknown,
      };
    });
}

/** Steps that patterns are followed for: those of a repository may be such that each takes thousands for each file. */
const mostSteps = 10_000_000;

/**
 * Owners of changed files, by CODEOWNERS, those of most files first. Files without owners come last. `left`: files whose
 * owners were not found out, as its patterns take too long.
 */
export function ownedPaths(
  { owners }: ConsumersInput,
  changed: readonly string[],
): { readonly owned: readonly OwnedPaths[]; readonly left: number } {
  if (owners.length === 0) return { owned: [], left: 0 };
  const work = { left: mostSteps };
  let left = 0;
  const byOwners = new Map<string, { readonly owners: readonly string[]; readonly paths: string[] }>();
  for (const path of changed) {
    const own = ownersOf(owners, path, work);
    if (own === null) {
      left += 1;
      continue;
    }
    const key = JSON.stringify(own);
    const known = byOwners.get(key);
    if (known) known.paths.push(path);
    else byOwners.set(key, { owners: own, paths: [path] });
  }
  const isOwned = (one: OwnedPaths): number => Number(one.owners.length > 0);
  const owned = [...byOwners.values()];
  return { owned: owned.sort((a, b) => isOwned(b) - isOwned(a) || b.paths.length - a.paths.length), left };
}

interface Side {
  readonly input: ConsumersInput;
  readonly declared: readonly DeclaredEdge[];
  /** Those are all that the catalogs that were read declare. */
  readonly isWhole: boolean;
  readonly service: string;
  /** Operations of the service that the change touches. */
  readonly operations: ReadonlySet<string>;
}

function partiesOf(side: 'consumers' | 'providers', of: Side): readonly Party[] {
  const { input, declared, isWhole, service, operations } = of;
  const [own, other] = side === 'consumers' ? (['server', 'client'] as const) : (['client', 'server'] as const);
  const names = new Map<string, string | null>();
  /** Names that mean one service are one party; the first that came is shown. Callers that are not traced have no name. */
  const keyOf = (name: string | null): string => {
    const key = name === null ? '' : `=${serviceKey(name)}`;
    if (!names.has(key)) names.set(key, name);
    return key;
  };
  const groupedBy = <T>(all: readonly T[], name: (one: T) => string | null): Map<string, T[]> => {
    const by = new Map<string, T[]>();
    for (const one of all) {
      const key = keyOf(name(one));
      const same = by.get(key);
      if (same) same.push(one);
      else by.set(key, [one]);
    }
    return by;
  };
  const isOurs = (name: string | null): boolean => name !== null && isSameService(name, service);
  const seen = input.observed.flatMap((from) =>
    (from.graph?.edges ?? []).filter((edge) => isOurs(edge[own])).map((edge) => ({ edge, from })),
  );
  const observed = groupedBy(seen, ({ edge }) => edge[other]);
  const said = groupedBy(
    declared.filter((edge) => isOurs(edge[own])),
    (edge) => edge[other],
  );
  const found = groupedBy(
    input.found.filter((call) => isOurs(call[own])),
    (call) => call[other],
  );
  const isDeclaring = componentOf(service, input) !== null && input.unread.length === 0 && isWhole;
  // Who is declared may be one of those that are not traced.
  const isTraced = !observed.has('');
  return [...names]
    .map(([key, name]): Party => {
      const [edges, says, calls] = [observed.get(key) ?? [], said.get(key) ?? [], found.get(key) ?? []];
      const all = {
        declared: says.map(({ api, path }) => ({ api, path })),
        observed: observedOf(edges, side === 'consumers' ? operations : new Set(), input.windowMinutes),
        found: placesOf(calls),
      };
      const over = (lines: readonly unknown[]): number => Math.max(0, lines.length - mostPlaces);
      return {
        name,
        declared: all.declared.slice(0, mostPlaces),
        observed: all.observed.slice(0, mostPlaces),
        found: all.found.slice(0, mostPlaces),
        left: { declared: over(all.declared), observed: over(all.observed), found: over(all.found) },
        disagreement: disagreementOf(name, { says, edges, service, input, isDeclaring, isTraced }),
      };
    })
    .sort((a, b) => requestsOf(b) - requestsOf(a) || ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}

const requestsOf = ({ observed }: Party): number => Math.max(0, ...observed.map(({ requests }) => requests));

/** One line a source and environment: several sources may have seen the same requests, which are never added up. */
function observedOf(
  edges: readonly { readonly edge: ServiceEdge; readonly from: ObservedGraph }[],
  touched: ReadonlySet<string>,
  windowMinutes: number,
): Party['observed'] {
  const bySource = new Map<ObservedGraph, ServiceEdge[]>();
  for (const { edge, from } of edges) {
    const known = bySource.get(from);
    if (known) known.push(edge);
    else bySource.set(from, [edge]);
  }
  return [...bySource].map(([{ source, environment }, of]) => {
    const times = of.flatMap(({ since }) => since ?? []);
    const last = of.flatMap(({ lastSeen }) => lastSeen ?? []);
    const own = of.filter(({ operation }) => operation !== null && touched.has(operation.name));
    const knows = of.some(({ operation }) => operation !== null) && touched.size > 0;
    const sorted = [...(own.length > 0 ? own : of)].sort((a, b) => b.requests - a.requests);
    return {
      source,
      environment,
      windowMinutes,
      requests: sum(of),
      requestsToChanged: knows ? sum(own) : null,
      since: times.length > 0 ? Math.min(...times) : null,
      lastSeen: last.length > 0 ? Math.max(...last) : null,
      messaging: of.every(({ kind }) => kind === 'messaging'),
      operations: [...new Set(sorted.flatMap(({ operation }) => operation?.name ?? []))].slice(0, mostOperations),
    };
  });
}

const sum = (edges: readonly ServiceEdge[]): number => edges.reduce((total, { requests }) => total + requests, 0);

/** A line that writes several routes is one place, of the first of them. */
const placesOf = (calls: readonly FoundCall[]): Party['found'] =>
  [
    ...new Map(
      calls.toReversed().map(({ path, line, template }) => [`${path}:${String(line)}`, { path, line, template }]),
    ).values(),
  ].toReversed();

/**
 * Declared and not observed is said where each source has seen the service, answered whole, and knows all who call it;
 * observed and not declared, where the catalog has the service and could be read, so that it would have been declared.
 */
function disagreementOf(
  name: string | null,
  of: {
    readonly says: readonly DeclaredEdge[];
    readonly edges: readonly unknown[];
    readonly service: string;
    readonly input: ConsumersInput;
    readonly isDeclaring: boolean;
    readonly isTraced: boolean;
  },
): Party['disagreement'] {
  const { says, edges, service, input, isDeclaring, isTraced } = of;
  if (name === null) return null;
  if (says.length > 0 && edges.length === 0)
    return isTraced && input.observed.length > 0 && input.observed.every((one) => knows(one, service))
      ? 'not-observed'
      : null;
  return edges.length > 0 && says.length === 0 && isDeclaring ? 'not-declared' : null;
}

/** It answered, whole, and has seen the service. */
const knows = ({ graph }: ObservedGraph, service: string): boolean =>
  graph !== null && !graph.partial && graph.services.some((one) => isSameService(one, service));

const componentOf = (service: string, { entities }: ConsumersInput) =>
  entities.find(({ kind, name }) => kind === 'component' && isSameService(name, service)) ?? null;

/** Names of operations of a service that the change touches, as telemetry has them. */
const operationsOf = (service: string, paths: readonly PathImpact[]): ReadonlySet<string> =>
  new Set(
    paths.flatMap(({ traffic }) =>
      traffic.filter((one) => one.via === null && isSameService(one.service, service)).map((one) => one.operation),
    ),
  );

/** What was asked, for whoever reads that there are none. */
function askedOf({ observed, entities, notSearched }: ConsumersInput, l10n: L10n): readonly string[] {
  return [
    ...new Set(observed.flatMap(({ source, graph }) => (graph === null ? [] : source))),
    ...new Set(entities.map(({ path }) => path)),
    ...(notSearched === null ? [l10n.t('the code of this repository')] : []),
  ];
}

/** Why it is not known whether there are others; empty where all answered, and `none` may be said. */
function unknownOf(service: string, input: ConsumersInput, l10n: L10n): readonly string[] {
  const { observed, unread, notSearched } = input;
  const reasons = observed.flatMap(({ source, graph, reason }) => {
    if (graph === null) return l10n.t('{0} could not be asked: {1}', source, reason ?? '');
    if (!graph.services.some((one) => isSameService(one, service)))
      return l10n.t('{0} has seen nothing of {1}', source, service);
    return graph.partial ? l10n.t('{0} has not seen all', source) : [];
  });
  return [
    ...new Set([
      ...reasons,
      ...(observed.length === 0 ? [l10n.t('no telemetry was asked')] : []),
      ...(componentOf(service, input) ? [] : [l10n.t('no catalog has {0}', service)]),
      ...unread,
      ...(notSearched === null ? [] : [notSearched]),
    ]),
  ];
}
