import type { CodePath, Route } from '../model/reference';
import { receiverName, type FunctionSummary, type Piece } from './summary';
import type { FileView } from './resolve/view';
import type { Evaluator } from './resolve/evaluate';
import { fullRoutes, type Mount, type Registration } from './routes';

/**
 * The functions of a file that something can be said about, by the function they are. Made when asked for: most files
 * of an index are never shown.
 */
export interface FilePaths {
  list(): readonly CodePath[];
  /** The code path a function belongs to: itself, or the nearest one around it. */
  of(piece: Piece, fn: number): CodePath | undefined;
}

const mostCalls = 200;
/** JavaScript's, Java's and Python's, Go's, .NET's. */
const tracerMaker = /^(getTracer|get_tracer|Tracer|ActivitySource)$/;

/**
 * Code paths of pieces that depend on nothing around them, with where the piece stood: an edit elsewhere leaves them as
 * they are. By the list of functions, which a piece that an edit moved keeps.
 */
const unmoved = new WeakMap<
  Piece['fns'],
  { readonly path: string; readonly line: number; readonly column: number; readonly paths: readonly CodePath[] }
>();

export function codePathsOf(
  view: FileView,
  evaluator: Evaluator,
  registrations: readonly Registration[],
  mounts: ReadonlyMap<string, readonly Mount[]>,
  jobs: ReadonlyMap<FunctionSummary, string>,
): FilePaths {
  const routesByFunction = new Map<FunctionSummary, Registration[]>();
  for (const registration of registrations) {
    if (registration.path !== view.path) continue;
    const list = routesByFunction.get(registration.fn) ?? [];
    routesByFunction.set(registration.fn, list);
    list.push(registration);
  }
  const made = new Map<FunctionSummary, CodePath>();
  const groupsOf = new Map<Piece, ReadonlyMap<number, readonly FunctionSummary[]>>();
  const isOwn = (fn: FunctionSummary): boolean => fn.q !== null || routesByFunction.has(fn) || jobs.has(fn);
  const pathOf = (piece: Piece, fn: FunctionSummary, index: number): CodePath => {
    const known = made.get(fn);
    if (known) return known;
    const groups = groupsOf.get(piece) ?? grouped(piece, isOwn);
    groupsOf.set(piece, groups);
    const registered = routesByFunction.get(fn) ?? [];
    const routes = registered.flatMap((registration) => fullRoutes(registration, mounts));
    const parts = groups.get(index) ?? [fn];
    const path = makeCodePath(view, piece, fn, parts, routes, registered, jobs.get(fn), evaluator);
    made.set(fn, path);
    return path;
  };
  const madeIn = (piece: Piece): CodePath[] =>
    piece.fns.flatMap((fn, index) => (isOwn(fn) ? [pathOf(piece, fn, index)] : []));
  const pathsIn = (piece: Piece): readonly CodePath[] => {
    const depends = (fn: FunctionSummary): boolean => fn.spans.length > 0 || routesByFunction.has(fn) || jobs.has(fn);
    if (piece.fns.length === 0 || piece.fns.some(depends)) return madeIn(piece);
    const { line, column } = view.position(piece, 0);
    const known = unmoved.get(piece.fns);
    if (known?.path === view.path && known.line === line && known.column === column) return known.paths;
    const paths = madeIn(piece);
    unmoved.set(piece.fns, { path: view.path, line, column, paths });
    return paths;
  };
  let list: readonly CodePath[] | undefined;
  return {
    list() {
      list ??= view.summary.pieces
        .flatMap(pathsIn)
        .sort((a, b) => a.startLine - b.startLine || a.startColumn - b.startColumn);
      return list;
    },
    of(piece, index) {
      for (let at = index; at >= 0;) {
        const fn = piece.fns[at];
        if (fn && isOwn(fn)) return pathOf(piece, fn, at);
        at = fn?.parent ?? -1;
      }
      return undefined;
    },
  };
}

function makeCodePath(
  view: FileView,
  piece: Piece,
  fn: FunctionSummary,
  parts: readonly FunctionSummary[],
  routes: readonly Route[],
  registered: readonly Registration[],
  job: string | undefined,
  evaluator: Evaluator,
): CodePath {
  const start = view.position(piece, fn.from);
  const inline = registered.find((registration) => registration.inline?.piece === piece)?.inline;
  const [route] = routes;
  const spans: CodePath['spans'] = [];
  const calls = new Set<string>();
  for (const part of parts) {
    for (const span of part.spans)
      spans.push({ tracer: tracerName(view, piece, span.recv, evaluator), name: span.name });
    for (const name of part.calls) if (calls.size < mostCalls) calls.add(name);
  }
  return {
    path: view.path,
    name: fn.q ?? (route ? `${route.method} ${route.template}` : (job ?? 'anonymous')),
    kind: route ? 'route' : job === undefined ? (fn.method ? 'method' : 'function') : 'job',
    startLine: start.line,
    startColumn: start.column,
    endLine: view.position(piece, fn.to).line,
    lensLine: view.position(piece, inline ? inline.from : fn.head).line,
    routes: [...routes],
    spans,
    calls: [...calls],
  };
}

/** Functions by the code path they are read as part of: anonymous ones belong to the nearest around them. */
function grouped(piece: Piece, isOwn: (fn: FunctionSummary) => boolean): Map<number, FunctionSummary[]> {
  const groups = new Map<number, FunctionSummary[]>();
  piece.fns.forEach((fn, index) => {
    let at = index;
    for (let near = piece.fns[at]; near && !isOwn(near); near = piece.fns[at]) at = near.parent;
    const group = groups.get(at) ?? [];
    groups.set(at, group);
    group.push(fn);
  });
  return groups;
}

/** `trace.getTracer('payment')` names the tracer, wherever it was made. */
function tracerName(
  view: FileView,
  piece: Piece,
  receiver: FunctionSummary['spans'][number]['recv'],
  evaluator: Evaluator,
): string | null {
  const made =
    receiver.k === 'id'
      ? evaluator.origins.initializer({ view, piece }, receiver)
      : receiver.k === 'call'
        ? { piece, id: receiver.id }
        : undefined;
  const call = made?.piece.calls.find((candidate) => candidate.id === made.id);
  const name = call?.a[0];
  return call && name?.k === 'str' && tracerMaker.test(receiverName(made?.piece ?? piece, call.c)) ? name.v : null;
}
