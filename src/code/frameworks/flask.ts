import type { Evaluator } from '../resolve/evaluate';
import type { Site } from '../resolve/value';
import type { FileView } from '../resolve/view';
import { joinPaths, type FileRoutes, type Mount, type Registration } from '../routes';
import { callById, type Call, type Decorator, type Expr, type FunctionSummary, type Piece } from '../summary';

const frameworks: Readonly<Record<string, string>> = {
  flask: 'flask',
  quart: 'flask',
  flask_restful: 'flask',
  fastapi: 'fastapi',
  starlette: 'fastapi',
};
const verbs = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options']);
const mounting = new Set(['register_blueprint', 'include_router', 'mount']);

/** Flask's and Quart's `@app.route`, FastAPI's `@router.get`, blueprints and routers under their prefixes. */
export function flaskRoutes(view: FileView, evaluator: Evaluator): FileRoutes {
  const registrations: Registration[] = [];
  const mounts: Mount[] = [];
  const [imported] = [...view.modules].flatMap((module) => frameworks[module.split('.')[0] ?? ''] ?? []);
  for (const piece of view.summary.pieces) {
    const site: Site = { view, piece };
    for (const fn of piece.fns)
      for (const deco of fn.deco) registrations.push(...decorated(site, fn, deco, evaluator, imported, mounts));
    for (const call of piece.calls) {
      if (call.kind !== 'call' || call.c.k !== 'mem') continue;
      if (mounting.has(call.c.n)) mounts.push(...mountOf(site, call, call.c.o, evaluator));
      else if (call.c.n === 'add_url_rule' && imported === 'flask') registrations.push(...rule(site, call, evaluator));
    }
  }
  return { registrations, mounts };
}

function decorated(
  site: Site,
  fn: FunctionSummary,
  { n, o, a, kw }: Decorator,
  evaluator: Evaluator,
  imported: string | undefined,
  mounts: Mount[],
): Registration[] {
  const isVerb = verbs.has(n);
  if (!o || (!isVerb && n !== 'route' && n !== 'api_route' && n !== 'websocket')) return [];
  const given = a[0] ?? named(kw, 'rule') ?? named(kw, 'path');
  const path = given ? evaluator.evaluate(site, given) : undefined;
  if (path?.k !== 'text' || !/^(\/|$)/.test(path.v)) return [];
  const value = evaluator.evaluate(site, o);
  const made = value.k === 'made' ? frameworks[value.module.split('.')[0] ?? ''] : undefined;
  const framework = made ?? imported;
  if (framework === undefined) return [];
  const router = identity(site, o, evaluator);
  const prefix = ownPrefix(site, o, evaluator);
  // A blueprint's prefix may be given anew where it is registered; a router's is always kept.
  if (framework === 'flask' && prefix !== '') mounts.push({ router, parent: '', prefix });
  const template = framework === 'flask' ? path.v : joinPaths(prefix, path.v);
  const { line } = site.view.position(site.piece, fn.head);
  return methodsOf(n, kw).map((method) => ({
    fn,
    path: site.view.path,
    router,
    method,
    template,
    framework,
    line,
    inline: null,
  }));
}

/** `methods=['GET', 'POST']`; Flask's own default is GET. */
function methodsOf(name: string, kw: Call['kw']): string[] {
  if (verbs.has(name)) return [name.toUpperCase()];
  const list = named(kw, 'methods');
  const given = list?.k === 'arr' ? list.e.flatMap((item) => (item.k === 'str' ? [item.v.toUpperCase()] : [])) : [];
  return given.length > 0 ? given : ['GET'];
}

/** `app.add_url_rule('/x', view_func=f)`; the view may be a class that has a method for each verb. */
function rule(site: Site, call: Call, evaluator: Evaluator): Registration[] {
  const path = call.a[0] ? evaluator.evaluate(site, call.a[0]) : undefined;
  const handler = named(call.kw, 'view_func') ?? call.a[2];
  if (path?.k !== 'text' || !handler || call.c.k !== 'mem') return [];
  const router = identity(site, call.c.o, evaluator);
  const { line } = site.view.position(site.piece, call.from);
  return handlersOf(site, handler, evaluator).flatMap(({ fn, path: file, verb }) =>
    (verb === null ? methodsOf('route', call.kw) : [verb]).map((method) => ({
      fn,
      path: file,
      router,
      method,
      template: path.v,
      framework: 'flask',
      line,
      inline: null,
    })),
  );
}

/** A function, or the methods of a class view given as `View.as_view()`. */
export function handlersOf(
  site: Site,
  e: Expr,
  evaluator: Evaluator,
): { readonly fn: FunctionSummary; readonly path: string; readonly verb: string | null }[] {
  const call = e.k === 'call' ? callById(site.piece, e.id) : undefined;
  const isView = call?.c.k === 'mem' && call.c.n === 'as_view';
  const value = evaluator.evaluate(site, isView ? call.c.o : e);
  if (value.k === 'function') return [{ fn: value.fn, path: value.site.view.path, verb: null }];
  if (value.k !== 'class') return [];
  const { view } = value.site;
  return [...verbs].flatMap((verb) => {
    const member = view.member(value.cls.n, verb);
    const fn = member?.it.f === undefined ? undefined : member.piece.fns[member.it.f];
    return fn ? [{ fn, path: view.path, verb: verb.toUpperCase() }] : [];
  });
}

function mountOf(site: Site, call: Call, parent: Expr, evaluator: Evaluator): Mount[] {
  const [router] = call.a;
  if (!router || (router.k !== 'id' && router.k !== 'mem')) return [];
  const prefix = named(call.kw, 'url_prefix') ?? named(call.kw, 'prefix');
  const text = prefix ? evaluator.evaluate(site, prefix) : undefined;
  const isBlueprint = call.c.k === 'mem' && call.c.n === 'register_blueprint';
  // Registered without a prefix, a blueprint keeps its own.
  if (isBlueprint && text?.k !== 'text') return [];
  return [
    {
      router: identity(site, router, evaluator),
      parent: identity(site, parent, evaluator),
      prefix: text?.k === 'text' ? text.v : '',
    },
  ];
}

/** `Blueprint('x', __name__, url_prefix='/x')`, `APIRouter(prefix='/x')`. */
function ownPrefix(site: Site, e: Expr, evaluator: Evaluator): string {
  const made = e.k === 'id' ? evaluator.origins.initializer(site, e) : undefined;
  const call = made && callById(made.piece, made.id);
  const prefix = call && (named(call.kw, 'url_prefix') ?? named(call.kw, 'prefix'));
  return prefix?.k === 'str' ? prefix.v : '';
}

/** One name for one router however it is reached: the declaration it comes from. */
function identity(site: Site, e: Expr, evaluator: Evaluator): string {
  const owner = e.k === 'mem' ? evaluator.evaluate(site, e.o) : undefined;
  const piece: Piece | undefined = owner?.k === 'module' ? owner.view.summary.pieces[0] : undefined;
  if (owner?.k === 'module' && piece && e.k === 'mem')
    return evaluator.origins.origin({ view: owner.view, piece }, { k: 'id', n: e.n, at: 0 });
  return evaluator.origins.origin(site, e);
}

const named = (kw: Call['kw'], name: string): Expr | undefined => kw?.find(([n]) => n === name)?.[1];
