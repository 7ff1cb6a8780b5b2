import { mostBytes } from '../../code/bounds';
import { decodeSource } from '../../code/scan/decode';
import type { Tools } from '../../code/tools';
import { systemClock } from '../../platform/node/clock';
import type { L10n } from '../../platform/l10n';
import { isCatalogPath, mostCatalogBytes, readCatalog, type CatalogEntity } from '../../review/consumers/catalog';
import { mostOwnersBytes, ownersPaths, readCodeOwners, type OwnerRule } from '../../review/consumers/codeOwners';
import type { ConsumersInput, FoundCall, ObservedGraph } from '../../review/consumers/consumersInput';
import { routeCallsIn, writtenPart } from '../../review/consumers/routeCalls';
import { isSameService } from '../../review/consumers/serviceNames';
import type { CodeSide, Signals } from '../../review/input';
import type { Missing } from '../../review/report';
import type { WorkspaceSignals } from '../workspaceSignals';
import type { RevisionFiles } from './revisionFiles';
import type { RevisionTree } from './revisionTree';
import { servicesOfFiles } from './serviceOfFile';

/** What the built-in store keeps: who calls once a night is a consumer as well. */
const windowMinutes = 24 * 60;
const mostCatalogs = 300;
/** Of all catalogs together: a text can be such that a parser takes seconds for each hundred thousand signs of it. */
const mostCatalogText = 4 * 1024 * 1024;
const mostCatalogMs = 15_000;
const mostEnvironments = 3;
const mostTemplates = 200;
const mostCallers = 300;

export interface ConsumersAsked {
  readonly revision: RevisionFiles;
  /** What the base is now. */
  readonly tip: RevisionTree;
  readonly tools: Tools;
  readonly top: string;
  readonly changed: ReadonlySet<string>;
  /** Without and with the change: who calls a route that it takes away wants to know first of all. */
  readonly code: readonly CodeSide[];
  /** Whether functions were looked for in what is changed, and so routes. */
  readonly readsRoutes: boolean;
  /** Service to folders, of the configuration. */
  readonly services: Readonly<Record<string, readonly string[]>>;
  readonly telemetry: WorkspaceSignals;
  /** Environments that telemetry has. */
  readonly environments: readonly string[];
  readonly signals: readonly Signals[];
  readonly exclude: readonly string[];
  readonly l10n: L10n;
  readonly signal: AbortSignal;
}

/**
 * Asks everybody who may know who uses what is changed: catalogs and CODEOWNERS of the base as it is now, each source of telemetry,
 * and the code of the repository with the change. None that fails hides another.
 */
export async function reviewConsumers(
  of: ConsumersAsked,
): Promise<{ readonly consumers: ConsumersInput; readonly missing: readonly Missing[] }> {
  const { l10n } = of;
  const missing: Missing[] = [];
  const miss = (words: string): void => void missing.push({ source: 'consumers', words });
  const observed = await observedGraphs(of, miss);
  const { entities, unread } = await catalogs(of);
  const owners = await codeOwners(of, miss);
  for (const words of unread) miss(words);
  const servicesOf = servicesOfFiles({
    configured: of.services,
    services: observed.flatMap(({ graph }) => graph?.services ?? []),
    entities,
    facts: of.signals.map(({ facts }) => facts),
  });
  const homeless = [...of.changed].filter((path) => servicesOf(path).length === 0).length;
  if (homeless === of.changed.size && homeless > 0)
    miss(
      l10n.t(
        'Who uses what is changed is not known: neither telemetry, nor "services" in .sightglass.json, nor a catalog says which service it is of.',
      ),
    );
  const called = homeless === of.changed.size ? [] : routesOf(of.code, of.changed, servicesOf);
  const { found, notSearched } = await foundCalls(called, servicesOf, of);
  return {
    consumers: { servicesOf, entities, owners, observed, windowMinutes, found, notSearched, unread },
    missing,
  };
}

async function observedGraphs(of: ConsumersAsked, miss: (words: string) => void): Promise<readonly ObservedGraph[]> {
  const environments = of.environments.length === 0 ? [''] : of.environments.slice(0, mostEnvironments);
  const observed: ObservedGraph[] = [];
  const told = new Set<string>();
  for (const environment of environments)
    for (const { id, name, graph, reason } of await of.telemetry.graphs({ environment, windowMinutes }, of.signal)) {
      // A source that does not tell environments apart says the same of each, which is of none of them.
      const same = JSON.stringify([id, graph?.environment]);
      if (graph !== null && told.has(same)) continue;
      if (graph !== null) told.add(same);
      observed.push({ source: name, environment: graph?.environment ?? environment, graph, reason });
      // What the store of this machine cannot say is said of its telemetry already.
      if (graph !== null || id === 'builtin' || told.has(id)) continue;
      told.add(id);
      miss(of.l10n.t('{0} did not say who calls whom: {1}', name, reason ?? ''));
    }
  return observed;
}

/** As they were: a change does not decide who is said to depend on it. */
async function catalogs(
  of: ConsumersAsked,
): Promise<{ readonly entities: readonly CatalogEntity[]; readonly unread: readonly string[] }> {
  const paths = [...of.tip.keys()].filter(isCatalogPath).sort();
  const entities: CatalogEntity[] = [];
  const unread: string[] = [];
  const until = systemClock.monotonic() + mostCatalogMs;
  let [read, length] = [0, 0];
  for (const path of paths.slice(0, mostCatalogs)) {
    of.signal.throwIfAborted();
    if (length > mostCatalogText || systemClock.monotonic() > until) break;
    read += 1;
    const text = await textAt(path, mostCatalogBytes, of);
    if (text === null) {
      unread.push(of.l10n.t('{0} could not be read.', path));
      continue;
    }
    length += text.length;
    const catalog = await readCatalog(path, text);
    entities.push(...catalog.entities);
    if (catalog.problems.length > 0)
      unread.push(of.l10n.t('{0} could not be read whole: {1}', path, catalog.problems[0] ?? ''));
  }
  if (read < paths.length) unread.push(of.l10n.t('{0} of {1} catalog files were read.', read, paths.length));
  return { entities, unread };
}

async function codeOwners(of: ConsumersAsked, miss: (words: string) => void): Promise<readonly OwnerRule[]> {
  const path = ownersPaths.find((one) => of.tip.has(one));
  if (path === undefined) return [];
  const text = await textAt(path, mostOwnersBytes, of);
  if (text === null) {
    miss(of.l10n.t('{0} could not be read.', path));
    return [];
  }
  const { rules, left } = readCodeOwners(text, path.startsWith('.gitlab/') || of.tip.has('.gitlab-ci.yml'));
  if (left > 0) miss(of.l10n.t('{0} rules of {1} were left out.', left, path));
  return rules;
}

async function textAt(path: string, maxBytes: number, { revision, tip }: ConsumersAsked): Promise<string | null> {
  const { tree } = revision;
  revision.tree = tip;
  try {
    const data = await revision.content(path, maxBytes);
    return (data && decodeSource(data)) ?? null;
  } finally {
    revision.tree = tree;
  }
}

interface CalledRoute {
  readonly server: string;
  readonly template: string;
}

/** Routes of changed files, by the services that have them. */
function routesOf(
  sides: readonly CodeSide[],
  changed: ReadonlySet<string>,
  servicesOf: ConsumersInput['servicesOf'],
): readonly CalledRoute[] {
  const all = sides
    .flatMap(({ files }) => files.filter(({ path }) => changed.has(path)))
    .flatMap(({ path, codePaths }) =>
      servicesOf(path).flatMap((server) =>
        codePaths.flatMap(({ routes }) => routes.map(({ template }) => ({ server, template }))),
      ),
    );
  return [...new Map(all.map((one) => [JSON.stringify([one.server, one.template]), one])).values()];
}

async function foundCalls(
  called: readonly CalledRoute[],
  servicesOf: ConsumersInput['servicesOf'],
  of: ConsumersAsked,
): Promise<Pick<ConsumersInput, 'found' | 'notSearched'>> {
  const { l10n, tools, top, exclude, signal } = of;
  const templates = [...new Set(called.map(({ template }) => template))];
  const sought = templates.slice(0, mostTemplates);
  const written = [...new Set(sought.flatMap((template) => writtenPart(template) ?? []))];
  if (!of.readsRoutes)
    return { found: [], notSearched: l10n.t('code was not searched for callers: too many files are changed') };
  if (written.length === 0) return { found: [], notSearched: l10n.t('no route to look for is in what is changed') };
  const found: FoundCall[] = [];
  let paths: readonly string[];
  try {
    const pattern = written.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
    paths = await matching(tools, top, pattern, exclude, signal);
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    return { found, notSearched: l10n.t('code could not be searched for callers: {0}', why) };
  }
  let isWhole = paths.length <= mostCallers && sought.every((template) => writtenPart(template) !== null);
  isWhole &&= sought.length === templates.length;
  for (const path of paths.slice(0, mostCallers)) {
    signal.throwIfAborted();
    const data = await of.revision.content(path, mostBytes);
    const text = data && decodeSource(data);
    if (text === null || text === undefined) {
      isWhole = false;
      continue;
    }
    const [client = path] = servicesOf(path);
    const calls = routeCallsIn(text, sought);
    isWhole &&= calls.isWhole;
    for (const { template, line } of calls.found)
      for (const { server } of called.filter((one) => one.template === template))
        if (!isSameService(client, server)) found.push({ client, server, template, path, line });
  }
  return { found, notSearched: isWhole ? null : l10n.t('not all code was searched for callers') };
}

async function matching(
  { searches }: Tools,
  ...asked: readonly [root: string, pattern: string, exclude: readonly string[], signal: AbortSignal]
): Promise<readonly string[]> {
  let failed: unknown = new Error('there is no search');
  for (const search of searches) {
    try {
      return await search.matching(...asked);
    } catch (error) {
      asked[3].throwIfAborted();
      failed = error;
    }
  }
  throw failed;
}
