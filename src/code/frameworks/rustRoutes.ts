import type { Evaluator } from '../resolve/evaluate';
import type { Site } from '../resolve/value';
import type { FileView } from '../resolve/view';
import type { FileRoutes, Mount, Registration } from '../routes';
import { callById, type Call, type Expr, type FunctionSummary, type Piece } from '../summary';
import { textsOf } from './annotated';
import { rpcRoute } from './grpc';

const verbs = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'any']);

/**
 * axum's `.route("/x", get(handler))` with `nest` around it, actix's `.route("/x", web::get().to(handler))` and
 * `web::resource("/x")`, `#[get("/x")]` of actix and Rocket, services of tonic.
 */
export function rustRoutes(view: FileView, evaluator: Evaluator): FileRoutes {
  const modules = [...view.modules].map((module) => module.split('::')[0] ?? '');
  const framework = ['axum', 'actix_web', 'rocket'].find((name) => modules.includes(name));
  const registrations: Registration[] = [];
  const mounts: Mount[] = [];
  for (const piece of view.summary.pieces) {
    const site: Site = { view, piece };
    if (framework !== undefined) {
      for (const call of piece.calls) registrations.push(...registered(site, call, framework, evaluator));
      for (const call of piece.calls) mounts.push(...mountOf(site, call, evaluator));
      registrations.push(...attributed(site, framework, evaluator));
    }
    for (const fn of piece.fns) {
      const service = fn.cls !== null && modules.includes('tonic') ? rpcService(view, piece, fn) : undefined;
      if (service !== undefined) registrations.push(rpcRoute(view, piece, fn, service, rpcName(fn.n ?? '')));
    }
  }
  return { registrations, mounts };
}

/** What registers routes in a function belongs to the router that the function makes. */
const routerOf = (site: Site, f: number): string => `${site.view.path}#${site.piece.fns[f]?.q ?? ''}`;

function registered(site: Site, call: Call, framework: string, evaluator: Evaluator): Registration[] {
  if (call.c.k !== 'mem') return [];
  const { piece, view } = site;
  const isResource = call.c.n === 'to' || call.c.n === 'route';
  if (!isResource) return [];
  const [first, second] = call.a;
  const path = first ? evaluator.evaluate(site, first) : undefined;
  const template = second && path?.k === 'text' ? path.v : second ? undefined : resourceOf(site, call.c.o, evaluator);
  const handling = second ?? (call.c.n === 'route' ? first : undefined);
  if (template === undefined || !handling) return [];
  const { line } = view.position(piece, call.from);
  return handlersOf(site, handling, evaluator).map(({ method, fn, path: where }) => ({
    fn,
    path: where,
    router: framework === 'axum' ? routerOf(site, call.f) : '',
    method,
    template,
    framework: framework.replace('_web', ''),
    line,
    inline: null,
  }));
}

/** `"/x"` of `web::resource("/x")`, at the start of a chain. */
function resourceOf(site: Site, e: Expr, evaluator: Evaluator): string | undefined {
  for (let at: Expr = e, i = 0; at.k === 'call' && i < 16; i++) {
    const call = callById(site.piece, at.id);
    if (call?.c.k !== 'mem') return undefined;
    if (call.c.n === 'resource' && call.a[0]) {
      const value = evaluator.evaluate(site, call.a[0]);
      return value.k === 'text' ? value.v : undefined;
    }
    at = call.c.o;
  }
  return undefined;
}

interface Handled {
  readonly method: string;
  readonly fn: FunctionSummary;
  readonly path: string;
}

/** `get(a).post(b)` of axum, `web::get().to(a)` of actix. */
function handlersOf(site: Site, e: Expr, evaluator: Evaluator): Handled[] {
  const found: Handled[] = [];
  for (let at: Expr = e, i = 0; at.k === 'call' && i < 16; i++) {
    const call = callById(site.piece, at.id);
    if (call?.c.k !== 'mem' && call?.c.k !== 'id') break;
    const [handler] = call.a;
    const value = handler ? evaluator.evaluate(site, handler) : undefined;
    const asked = call.c.n === 'to' && call.c.k === 'mem' ? verbIn(site.piece, call.c.o) : call.c.n;
    if (value?.k === 'function' && verbs.has(asked))
      found.push({ method: asked === 'any' ? 'ALL' : asked.toUpperCase(), fn: value.fn, path: value.site.view.path });
    if (call.c.k === 'id') break;
    at = call.c.o;
  }
  return found;
}

function verbIn(piece: Piece, e: Expr): string {
  const call = e.k === 'call' ? callById(piece, e.id) : undefined;
  return call?.c.k === 'mem' || call?.c.k === 'id' ? call.c.n : '';
}

/** `.nest("/api", routes())` */
function mountOf(site: Site, call: Call, evaluator: Evaluator): Mount[] {
  if (call.c.k !== 'mem' || (call.c.n !== 'nest' && call.c.n !== 'merge')) return [];
  const inner = call.a.at(-1);
  const made = inner?.k === 'call' ? callById(site.piece, inner.id) : undefined;
  const maker = made ? evaluator.evaluate(site, made.c) : undefined;
  const path = call.c.n === 'nest' && call.a[0] ? evaluator.evaluate(site, call.a[0]) : undefined;
  const prefix = path?.k === 'text' ? path.v : '';
  if (maker?.k !== 'function') return [];
  const router = `${maker.site.view.path}#${maker.fn.q ?? ''}`;
  const parent = routerOf(site, call.f);
  return router === parent ? [] : [{ router, parent, prefix }];
}

/** Of functions at the top the attributes stand in pieces of their own before them. */
function attributed(site: Site, framework: string, evaluator: Evaluator): Registration[] {
  const { view, piece } = site;
  const { pieces } = view.summary;
  return piece.calls.flatMap((call): Registration[] => {
    if (call.kind !== 'decorator' || call.f >= 0 || call.c.k !== 'id' || !verbs.has(call.c.n)) return [];
    const [template = ''] = textsOf(site, { n: call.c.n, a: call.a }, [], evaluator);
    if (!template.startsWith('/')) return [];
    const next = pieces.slice(pieces.indexOf(piece)).find(({ fns }) => fns.length > 0);
    const fn = next?.fns.find(({ n, from }) => n !== null && from >= 0);
    if (!next || !fn) return [];
    const { line } = view.position(next, fn.head);
    const method = call.c.n.toUpperCase();
    const name = framework.replace('_web', '');
    return [{ fn, path: view.path, router: '', method, template, framework: name, line, inline: null }];
  });
}

/** `impl Greeter for MyGreeter` of what tonic generates: methods take a `Request` and give a `Response`. */
function rpcService(view: FileView, piece: Piece, fn: FunctionSummary): string | undefined {
  const service = view.classOf(fn)?.it.impl.find((name) => {
    const found = view.topLevel(name);
    return found?.it.kind === 'import' && /_server\b|proto|pb\b/.test(found.it.m ?? '');
  });
  const f = piece.fns.indexOf(fn);
  const isAnswer = piece.decls.some(
    (decl) => decl.kind === 'param' && decl.f === f && /(^|::)Request$/.test(decl.t ?? ''),
  );
  return isAnswer ? service : undefined;
}

/** `add_item` answers `AddItem`. */
const rpcName = (name: string): string =>
  name.replace(/(^|_)([a-z])/g, (_, _start: string, first: string) => first.toUpperCase());
