import type { CodePath, Route } from '../model/reference';
import { receiverName, type FunctionSummary, type Piece } from './summary';
import type { FileView } from './resolve/view';
import type { Evaluator } from './resolve/evaluate';
import { fullRoutes, type Mount, type Registration } from './routes';

/** The functions of a file that something can be said about, by the function they are. */
export interface FilePaths {
  readonly list: readonly CodePath[];
  /** The code path a function belongs to: itself, or the nearest one around it. */
  of(piece: Piece, fn: number): CodePath | undefined;
}

/** Calls whose function argument is a job, with what names it: cron and queue libraries, Kafka consumers. */
const jobMakers: Readonly<Record<string, string>> = {
  schedule: 'schedule',
  process: 'process',
  Worker: 'worker',
  eachMessage: 'consumer',
  eachBatch: 'consumer',
};
const jobModules = new Set([
  'node-cron',
  'cron',
  'node-schedule',
  'bull',
  'bullmq',
  'kafkajs',
  'agenda',
  'bee-queue',
  'pg-boss',
]);
const mostCalls = 200;

export function codePathsOf(
  view: FileView,
  evaluator: Evaluator,
  registrations: readonly Registration[],
  mounts: ReadonlyMap<string, readonly Mount[]>,
): FilePaths {
  const routesByFunction = new Map<FunctionSummary, Registration[]>();
  for (const registration of registrations) {
    if (registration.path !== view.path) continue;
    const list = routesByFunction.get(registration.fn) ?? [];
    routesByFunction.set(registration.fn, list);
    list.push(registration);
  }
  const list: CodePath[] = [];
  const owners = new Map<FunctionSummary, CodePath>();
  const jobs = [...view.modules].some((module) => jobModules.has(module))
    ? jobFunctions(view)
    : new Map<FunctionSummary, string>();
  for (const piece of view.summary.pieces) {
    const own = piece.fns.map((fn) => isCodePath(fn, routesByFunction, jobs));
    const groups = grouped(piece, own);
    piece.fns.forEach((fn, index) => {
      if (own[index] !== true) return;
      const registered = routesByFunction.get(fn) ?? [];
      const routes = registered.flatMap((registration) => fullRoutes(registration, mounts));
      const path = makeCodePath(
        view,
        piece,
        fn,
        groups.get(index) ?? [fn],
        routes,
        registered,
        jobs.get(fn),
        evaluator,
      );
      owners.set(fn, path);
      list.push(path);
    });
  }
  list.sort((a, b) => a.startLine - b.startLine || a.startColumn - b.startColumn);
  return {
    list,
    of(piece, index) {
      for (let at = index; at >= 0;) {
        const fn = piece.fns[at];
        const path = fn && owners.get(fn);
        if (path) return path;
        at = fn?.parent ?? -1;
      }
      return undefined;
    },
  };
}

function isCodePath(
  fn: FunctionSummary,
  routes: ReadonlyMap<FunctionSummary, unknown>,
  jobs: ReadonlyMap<FunctionSummary, string>,
): boolean {
  return fn.n !== null || routes.has(fn) || jobs.has(fn);
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
function grouped(piece: Piece, own: readonly boolean[]): Map<number, FunctionSummary[]> {
  const groups = new Map<number, FunctionSummary[]>();
  piece.fns.forEach((fn, index) => {
    let at = index;
    while (at >= 0 && own[at] !== true) at = piece.fns[at]?.parent ?? -1;
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
      ? evaluator.initializer({ view, piece }, receiver)
      : receiver.k === 'call'
        ? { piece, id: receiver.id }
        : undefined;
  const call = made?.piece.calls.find((candidate) => candidate.id === made.id);
  const name = call?.a[0];
  return call && name?.k === 'str' && receiverName(made?.piece ?? piece, call.c) === 'getTracer' ? name.v : null;
}

function jobFunctions(view: FileView): Map<FunctionSummary, string> {
  const jobs = new Map<FunctionSummary, string>();
  for (const piece of view.summary.pieces) {
    for (const call of piece.calls) {
      const name = call.c.k === 'id' || call.c.k === 'mem' ? call.c.n : '';
      if (!Object.hasOwn(jobMakers, name)) continue;
      const title = call.a[0]?.k === 'str' ? call.a[0].v : name;
      for (const argument of call.a) {
        const fn = argument.k === 'fn' ? piece.fns[argument.f] : undefined;
        if (fn) jobs.set(fn, `${jobMakers[name] ?? name} ${title}`);
      }
    }
    for (const fn of piece.fns) if (fn.n === 'eachMessage' || fn.n === 'eachBatch') jobs.set(fn, `consumer ${fn.n}`);
  }
  return jobs;
}
