import type { Evaluator } from '../resolve/evaluate';
import type { Site } from '../resolve/value';
import type { FileView } from '../resolve/view';
import { joinPaths, type FileRoutes, type Mount, type Registration } from '../routes';
import { callById, type Call, type Expr, type FunctionSummary, type Piece } from '../summary';

const methods = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all', 'del']);
/** Methods by which routers are filled and hung into each other. */
const registering = new Set([...methods, 'use', 'register', 'route', 'prefix']);
const frameworks: Readonly<Record<string, string>> = {
  express: 'express',
  fastify: 'fastify',
  '@koa/router': 'koa',
  'koa-router': 'koa',
  koa: 'koa',
};
const routerName = /^(app|server|fastify|router|routes?|api)$|(Router|Routes)$/;
const nestMethods: Readonly<Record<string, string>> = {
  Get: 'GET',
  Post: 'POST',
  Put: 'PUT',
  Patch: 'PATCH',
  Delete: 'DELETE',
  Head: 'HEAD',
  Options: 'OPTIONS',
  All: 'ALL',
};

/** Text of a file that imports a web framework: any call in it may register a handler. */
export const importsFramework = new RegExp(`['"](?:${Object.keys(frameworks).join('|')})['"]`);
const controller = /@Controller\b/;
const routerWord = /(?:(?<![\w$])(?:app|server|fastify|router|routes?|api)|Router|Routes)(?![\w$])/;
const registeringWord = new RegExp(`(?<![\\w$])(?:${[...registering].join('|')})(?![\\w$])`);

/** Whether a statement with this text may register handlers where its file imports no framework. */
export function mayRegister(text: string): boolean {
  return controller.test(text) || (routerWord.test(text) && registeringWord.test(text));
}

/** Routes and mounts that one file registers. */
export function ecmascriptRoutes(view: FileView, evaluator: Evaluator): FileRoutes {
  const registrations: Registration[] = [];
  const mounts: Mount[] = [];
  const framework = [...view.modules].map((module) => frameworks[module]).find((name) => name !== undefined);
  for (const piece of view.summary.pieces) {
    if (piece.unread) continue;
    const site: Site = { view, piece };
    for (const call of registeringCalls(piece)) {
      if (call.c.k !== 'mem') continue;
      if (framework === undefined && !routerName.test(baseName(piece, call.c.o))) continue;
      const router = routerOf(site, call.c.o, evaluator, framework);
      if (!router) continue;
      if (call.c.n === 'use' || call.c.n === 'register') mounts.push(...mountsOf(site, call, router.id, evaluator));
      else if (call.c.n === 'prefix' && call.a[0]?.k === 'str')
        mounts.push({ router: router.id, parent: '', prefix: call.a[0].v });
      else registrations.push(...registrationsOf(site, call, router, evaluator));
    }
    registrations.push(...nestRoutes(view, piece));
  }
  return { registrations, mounts };
}

/** By the list of calls, which a piece that an edit moved keeps. */
const registeringIn = new WeakMap<Piece['calls'], readonly Call[]>();

function registeringCalls({ calls }: Piece): readonly Call[] {
  let found = registeringIn.get(calls);
  if (!found) {
    found = calls.filter(({ kind, c, a }) => kind === 'call' && c.k === 'mem' && registering.has(c.n) && a.length > 0);
    registeringIn.set(calls, found);
  }
  return found;
}

/** Name at the start of a chain: `app` of `app.route('/x').get(h)`. */
function baseName(piece: Piece, e: Expr, depth = 0): string {
  if (e.k === 'id' || (e.k === 'mem' && e.o.k === 'id' && e.o.n === 'this')) return e.n;
  const call = e.k === 'call' && depth < 16 ? callById(piece, e.id) : undefined;
  return call?.c.k === 'mem' ? baseName(piece, call.c.o, depth + 1) : '';
}

interface Router {
  readonly id: string;
  readonly framework: string;
  /** Path given to `route('/x')` that this chain stands behind. */
  readonly path: string | null;
}

/** The router an expression is; `router.route('/x').get(…)` chains included. */
function routerOf(site: Site, e: Expr, evaluator: Evaluator, framework: string | undefined): Router | undefined {
  if (e.k === 'call') {
    const call = callById(site.piece, e.id);
    if (call?.c.k !== 'mem') return undefined;
    const inner = routerOf(site, call.c.o, evaluator, framework);
    if (!inner) return undefined;
    return call.c.n === 'route' && call.a[0]?.k === 'str' ? { ...inner, path: call.a[0].v } : inner;
  }
  if (e.k !== 'id' && e.k !== 'mem') return undefined;
  const value = evaluator.evaluate(site, e);
  const made = value.k === 'made' ? frameworks[value.module] : undefined;
  const typed =
    value.k === 'parameter' && value.type !== null ? evaluator.types.typed(value.site.view, value.type) : undefined;
  const byType = typed?.k === 'made' ? frameworks[typed.module] : undefined;
  const known = made ?? byType ?? (routerName.test(e.n) && value.k !== 'text' ? framework : undefined);
  return known === undefined ? undefined : { id: identity(site, e, evaluator), framework: known, path: null };
}

/** One name for one router however it is reached: the declaration it comes from. */
function identity(site: Site, e: Expr, evaluator: Evaluator): string {
  if (e.k === 'call') {
    const call = callById(site.piece, e.id);
    // `router.routes()` of Koa is the router; a maker called in place is named by its place.
    if (call?.c.k === 'mem' && (call.c.n === 'routes' || call.c.n === 'middleware'))
      return identity(site, call.c.o, evaluator);
    return `${site.view.path}@${site.piece.base + e.id}`;
  }
  const value = evaluator.evaluate(site, e);
  if (value.k === 'function') return functionIdentity(value.site, value.fn);
  if (value.k === 'parameter') return functionIdentity(value.site, value.fn);
  return evaluator.origins.origin(site, e);
}

function functionIdentity(site: Site, fn: FunctionSummary): string {
  return `${site.view.path}#${fn.q ?? String(site.piece.base + fn.from)}`;
}

function mountsOf(site: Site, call: Call, parent: string, evaluator: Evaluator): Mount[] {
  const [first] = call.a;
  const options = call.a.find((argument) => argument.k === 'obj');
  const given = options?.k === 'obj' ? options.m.find(([name]) => name === 'prefix')?.[1] : undefined;
  const path = first ? evaluator.evaluate(site, first) : undefined;
  const prefix = path?.k === 'text' ? path.v : given?.k === 'str' ? given.v : '';
  return call.a.flatMap((argument) => {
    if (argument.k !== 'id' && argument.k !== 'mem' && argument.k !== 'call' && argument.k !== 'fn') return [];
    if (argument === first && path?.k === 'text') return [];
    const fn = argument.k === 'fn' ? site.piece.fns[argument.f] : undefined;
    const router = fn ? functionIdentity(site, fn) : identity(site, argument, evaluator);
    return router === parent ? [] : [{ router, parent, prefix }];
  });
}

function registrationsOf(site: Site, call: Call, router: Router, evaluator: Evaluator): Registration[] {
  if (call.c.k !== 'mem') return [];
  const { line } = site.view.position(site.piece, call.from);
  const make = (method: string, template: string, handlers: readonly Expr[]): Registration[] =>
    handlers.flatMap((handler) => {
      const value = evaluator.evaluate(site, handler);
      if (value.k !== 'function') return [];
      const inline = handler.k === 'fn' ? { piece: site.piece, from: call.from } : null;
      const { framework } = router;
      return [
        { fn: value.fn, path: value.site.view.path, router: router.id, method, template, framework, line, inline },
      ];
    });
  if (call.c.n === 'route' && call.a[0]?.k === 'obj') {
    const get = (name: string): Expr | undefined =>
      call.a[0]?.k === 'obj' ? call.a[0].m.find(([n]) => n === name)?.[1] : undefined;
    const url = get('url') ?? get('path');
    const handler = get('handler');
    const method = get('method');
    if (url?.k !== 'str' || !handler) return [];
    const named = method?.k === 'arr' ? method.e : method ? [method] : [];
    return named.flatMap((name) => (name.k === 'str' ? make(name.v.toUpperCase(), url.v, [handler]) : []));
  }
  if (!methods.has(call.c.n)) return [];
  const path = call.a[0] ? evaluator.evaluate(site, call.a[0]) : undefined;
  const template = router.path ?? (path?.k === 'text' ? path.v : undefined);
  if (template === undefined || (!template.startsWith('/') && template !== '*' && template !== '')) return [];
  const handlers = router.path === null ? call.a.slice(1) : call.a;
  // Middleware stands before the handler: the last function is the one the route is for.
  return make(call.c.n === 'del' ? 'DELETE' : call.c.n.toUpperCase(), template, handlers.slice(-1));
}

function nestRoutes(view: FileView, piece: Piece): Registration[] {
  return piece.fns.flatMap((fn) => {
    if (fn.deco.length === 0) return [];
    const controller = view.classOf(fn)?.it.deco.find((deco) => deco.n === 'Controller');
    if (!controller) return [];
    const [given] = controller.a;
    const options = given?.k === 'obj' ? given.m.find(([name]) => name === 'path')?.[1] : given;
    const base = options?.k === 'str' ? options.v : '';
    return fn.deco.flatMap((deco) => {
      const method = Object.hasOwn(nestMethods, deco.n) ? nestMethods[deco.n] : undefined;
      if (method === undefined) return [];
      const paths = deco.a[0]?.k === 'arr' ? deco.a[0].e : [deco.a[0]];
      const { line } = view.position(piece, fn.head);
      return paths.map((path) => ({
        fn,
        path: view.path,
        router: '',
        method,
        template: joinPaths(base, path?.k === 'str' ? path.v : ''),
        framework: 'nest',
        line,
        inline: null,
      }));
    });
  });
}
