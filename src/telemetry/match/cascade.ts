import type { Match } from '../../model/facts';
import type { MatchReason } from '../../model/phrases';
import type { Operation } from '../../model/signal';
import type { CodePathIndex, IndexedPath, Registration } from './codePathIndex';
import { nameSegments, namesAgree } from './functionName';
import { isNamed, methodsAgree, routeEnds, routeKey, routeSegments } from './routeTemplate';
import type { ServiceFolders } from './serviceFolders';
import { commonEnd, endsWithPath, likeSource, pathSegments } from './sourcePath';

/** Code paths one rank of the cascade finds for an operation, with what is said of them. */
export interface Found {
  readonly paths: readonly IndexedPath[];
  readonly match: Omit<Match, 'via'>;
}

/**
 * The ranked cascade of telemetry.md section 3, for one operation: the first rank that finds anything wins, ranks are
 * never merged. `reason` is one of these fixed phrases, to be translated where it is shown. Of rank 3 (framework
 * attributes) there is gRPC, told by the span's name; rank 6 (stack frames) has no field in {@link Operation}. Uniqueness is within the index.
 */
export function findCodePaths(operation: Operation, index: CodePathIndex, folders: ServiceFolders): Found | null {
  return (
    byFileAndFunction(operation, index, folders) ??
    byQualifiedFunction(operation, index, folders) ??
    byRpc(operation, index, folders) ??
    byRoute(operation, index, folders) ??
    byStartedSpan(operation, index, folders) ??
    byNameOfSpan(operation, index, folders) ??
    byEndOfFile(operation, index, folders) ??
    byOnlyConsumer(operation, index, folders)
  );
}

function found(
  paths: readonly IndexedPath[],
  rank: number,
  score: number,
  reason: MatchReason,
  approximate = false,
): Found | null {
  return paths.length === 0 ? null : { paths: [...new Set(paths)], match: { rank, score, reason, approximate } };
}

/**
 * Those in folders that fit the operation's service best. Where the configuration puts the service elsewhere there is
 * no match; a folder that bears another service's name rules out all but a match by code attributes (`certain`).
 */
function ofService(
  paths: readonly IndexedPath[],
  { service }: Operation,
  folders: ServiceFolders,
  certain = false,
): IndexedPath[] {
  const fits = paths.map((path) => folders.fit(service, path.codePath.path));
  const best = Math.max(certain ? -1 : 0, ...fits.map((fit) => fit ?? -1));
  return paths.filter((_, index) => fits[index] === best);
}

const only = (paths: readonly IndexedPath[]): readonly IndexedPath[] => (paths.length === 1 ? paths : []);

/** The functions telemetry's code.function.name may be. */
function named(operation: Operation, index: CodePathIndex): readonly IndexedPath[] {
  if (operation.codeFunction === null) return [];
  const name = nameSegments(operation.codeFunction);
  const last = name.at(-1);
  return last === undefined ? [] : (index.byName.get(last) ?? []).filter((path) => namesAgree(path.name, name));
}

function byFileAndFunction(operation: Operation, index: CodePathIndex, folders: ServiceFolders): Found | null {
  if (operation.codeFile === null) return null;
  const file = pathSegments(operation.codeFile);
  const inFile = named(operation, index).filter((path) => endsWithPath(file, path.file));
  const deepest = Math.max(...inFile.map((path) => path.file.length));
  const candidates = ofService(
    inFile.filter((path) => path.file.length === deepest),
    operation,
    folders,
    true,
  );
  const line = operation.codeLine;
  const atLine = candidates.filter(
    ({ codePath }) => line !== null && codePath.startLine <= line && line <= codePath.endLine,
  );
  return found(atLine.length > 0 ? atLine : candidates, 1, 1, 'by code.file.path and code.function.name');
}

function byQualifiedFunction(operation: Operation, index: CodePathIndex, folders: ServiceFolders): Found | null {
  if (operation.codeFunction === null || nameSegments(operation.codeFunction).length < 2) return null;
  const qualified = named(operation, index).filter((path) => path.name.length >= 2);
  return found(only(ofService(qualified, operation, folders, true)), 2, 0.95, 'by code.function.name');
}

const isEntry = ({ kind }: Operation): boolean => kind !== 'internal';

/**
 * A span of RPC is called `$package.$service/$method` (semantic conventions, rpc spans); older ones put a slash first, and
 * ASP.NET Core calls it as the HTTP request that carries it (`POST /oteldemo.CartService/AddItem`).
 */
const rpcName = /^(?:POST )?\/?(?:[\w.]+\.)?(\w+\/\w+)$/u;
const rpcPath = /^\/[\w.]+\.\w+\/\w+$/u;

function byRpc(operation: Operation, index: CodePathIndex, folders: ServiceFolders): Found | null {
  const name = isEntry(operation) ? rpcName.exec(operation.name)?.[1] : undefined;
  const { httpRoute } = operation;
  if (name === undefined || (httpRoute !== null && !rpcPath.test(httpRoute))) return null;
  const served = (index.byRoute.get(name) ?? []).filter(({ method }) => method === 'RPC').map(({ path }) => path);
  return found(ofService(served, operation, folders), 3, 0.92, 'by rpc.service and rpc.method');
}

function byRoute(operation: Operation, index: CodePathIndex, folders: ServiceFolders): Found | null {
  if (!isEntry(operation) || operation.httpRoute === null) return null;
  const { httpMethod } = operation;
  const segments = routeSegments(operation.httpRoute);
  const served = (all: readonly Registration[] | undefined): readonly Registration[] =>
    (all ?? []).filter(({ method }) => httpMethod === null || methodsAgree(method, httpMethod));
  const equal = served(index.byRoute.get(routeKey(segments))).map(({ path }) => path);
  const exact = found(ofService(equal, operation, folders), 4, 0.9, 'by http.route', httpMethod === null);
  if (exact) return exact;

  // Either side may lack the mount prefix; the longest common end says most.
  const ends = routeEnds(segments).map(
    (end) => [end.length / segments.length, index.byRoute.get(routeKey(end))] as const,
  );
  const longer = isNamed(segments) ? served(index.byRouteEnd.get(routeKey(segments))) : [];
  const prefixed = longer.map((each) => [segments.length / each.segments.length, [each]] as const);
  for (const [share, registrations] of [...ends, ...prefixed].sort(([a], [b]) => b - a)) {
    const paths = served(registrations).map(({ path }) => path);
    const ending = found(ofService(paths, operation, folders), 4, 0.9 * share, 'by the end of http.route', true);
    if (ending) return ending;
  }
  return null;
}

function byStartedSpan(operation: Operation, index: CodePathIndex, folders: ServiceFolders): Found | null {
  const started = index.bySpan.get(operation.name) ?? [];
  const { scope } = operation;
  const sure = started.filter(({ tracer }) => tracer !== null && tracer === scope).map(({ path }) => path);
  const unsaid = started.filter(({ tracer }) => tracer === null || scope === null).map(({ path }) => path);
  return (
    found(ofService(sure, operation, folders), 5, 0.88, 'by tracer and span name') ??
    found(ofService(unsaid, operation, folders), 5, 0.8, 'by literal span name')
  );
}

const methodAndRoute = /^([A-Z]{3,10}) (\/\S*)$/u;

function byNameOfSpan(operation: Operation, index: CodePathIndex, folders: ServiceFolders): Found | null {
  const [, method, route] = operation.httpRoute === null ? (methodAndRoute.exec(operation.name) ?? []) : [];
  if (method !== undefined && route !== undefined && isEntry(operation)) {
    const equal = (index.byRoute.get(routeKey(routeSegments(route))) ?? []).filter((each) =>
      methodsAgree(each.method, method),
    );
    const paths = equal.map(({ path }) => path);
    return found(ofService(paths, operation, folders), 7, 0.6, 'by the route in the span name');
  }
  // A bare method is what HTTP instrumentation writes when it knows no route; it names no function called GET.
  if (/[\s/]|^[A-Z]+$/u.test(operation.name)) return null;
  const name = nameSegments(operation.name);
  const equal = (index.byName.get(name.at(-1) ?? '') ?? []).filter(
    (path) => path.name.length === name.length && namesAgree(path.name, name),
  );
  return found(only(ofService(equal, operation, folders)), 7, 0.6, 'by span name');
}

/** Basenames alone say nothing: two trailing segments must agree, and one file alone must fit best. */
function byEndOfFile(operation: Operation, index: CodePathIndex, folders: ServiceFolders): Found | null {
  if (operation.codeFile === null) return null;
  const file = likeSource(pathSegments(operation.codeFile));
  const candidates = ofService(named(operation, index), operation, folders);
  const ends = candidates.map((path) => commonEnd(file, likeSource(path.file)));
  const best = Math.max(0, ...ends);
  if (best < 2) return null;
  return found(only(candidates.filter((_, at) => ends[at] === best)), 8, 0.5, 'by the end of code.file.path', true);
}

/** They may subscribe, but handle no message. */
const constructorName = /^(?:ctor|constructor|__init__|initialize|__construct|<init>)$/u;

/** A message says no more of the code than its service: where that has one consumer alone in its own folders, it is that. */
function byOnlyConsumer(operation: Operation, index: CodePathIndex, folders: ServiceFolders): Found | null {
  if (operation.kind !== 'consumer') return null;
  const own = index.jobs.filter(({ codePath }) => (folders.fit(operation.service, codePath.path) ?? 0) > 0);
  const handling = only(own).filter(({ name }) => !constructorName.test(name.at(-1) ?? ''));
  return found(handling, 9, 0.4, 'by the only consumer of the service', true);
}
