import type { Evaluator } from '../resolve/evaluate';
import type { Site } from '../resolve/value';
import type { FileView } from '../resolve/view';
import { joinPaths, type FileRoutes, type Registration } from '../routes';
import { callById, type Call, type Decorator, type Expr, type FunctionSummary, type Piece } from '../summary';
import { textsOf } from './annotated';

const verbs = new Set(['get', 'post', 'put', 'patch', 'delete', 'options', 'any', 'map', 'match']);
const router = /^\$(app|group|router|route|routes|r|api)$/;
const attributeVerbs = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete', 'Options', 'Any']);

/**
 * Laravel's `Route::get('/x', [C::class, 'm'])` and Slim's `$app->get('/x', …)` with the groups around them, Symfony's
 * `#[Route('/x')]` under what stands on the class.
 */
export function phpRoutes(view: FileView, evaluator: Evaluator): FileRoutes {
  const registrations: Registration[] = [];
  const isSlim = [...view.modules].some((module) => /^Slim\b/.test(module));
  for (const piece of view.summary.pieces) {
    const site: Site = { view, piece };
    for (const call of piece.calls) {
      const framework = frameworkOf(piece, call.c, isSlim);
      if (framework !== undefined) registrations.push(...registered(site, call, framework, evaluator));
    }
    for (const fn of piece.fns) if (fn.cls !== null) registrations.push(...attributed(site, fn, evaluator));
  }
  return { registrations, mounts: [] };
}

function frameworkOf(piece: Piece, c: Expr, isSlim: boolean): string | undefined {
  if (c.k !== 'mem' || !verbs.has(c.n)) return undefined;
  const base = baseOf(piece, c.o);
  if (base === 'Route') return 'laravel';
  return isSlim && router.test(base) ? 'slim' : undefined;
}

/** What a chain starts with: `Route` of `Route::middleware('auth')->get(…)`. */
function baseOf(piece: Piece, e: Expr): string {
  let at: Expr = e;
  for (let i = 0; i < 16 && at.k === 'call'; i++) {
    const call = callById(piece, at.id);
    if (call?.c.k !== 'mem') return '';
    at = call.c.o;
  }
  return at.k === 'id' ? at.n : '';
}

function registered(site: Site, call: Call, framework: string, evaluator: Evaluator): Registration[] {
  if (call.c.k !== 'mem') return [];
  const { n } = call.c;
  const takesMethods = n === 'match' || n === 'map';
  const [path, handler] = takesMethods ? call.a.slice(1) : call.a;
  const template = path && evaluator.evaluate(site, path);
  if (template?.k !== 'text' || !handler) return [];
  const found = handlerOf(site, handler, evaluator);
  if (!found) return [];
  const { line } = site.view.position(site.piece, call.from);
  const full = joinPaths(...prefixes(site, call, evaluator), prefixIn(site, call.c.o, evaluator), template.v);
  const methods = takesMethods ? listed(call.a[0]) : [n === 'any' ? 'ALL' : n.toUpperCase()];
  const inline = handler.k === 'fn' ? { piece: site.piece, from: call.from } : null;
  return methods.map((method) => ({
    ...found,
    router: '',
    method,
    template: full,
    framework,
    line,
    inline,
  }));
}

const listed = (e: Expr | undefined): string[] =>
  e?.k === 'arr' ? e.e.flatMap((item) => (item.k === 'str' ? [item.v.toUpperCase()] : [])) : [];

/** A closure, `[C::class, 'm']`, `C::class`, `'C@m'`, `C::class . ':m'`. */
function handlerOf(site: Site, e: Expr, evaluator: Evaluator): Pick<Registration, 'fn' | 'path'> | undefined {
  const method = (of: Expr, name: string): Pick<Registration, 'fn' | 'path'> | undefined => {
    const cls = evaluator.evaluate(site, of.k === 'mem' && of.n === 'class' ? of.o : of);
    const value = cls.k === 'class' ? evaluator.member(cls, name) : undefined;
    return value?.k === 'function' ? { fn: value.fn, path: value.site.view.path } : undefined;
  };
  if (e.k === 'arr' && e.e[0] && e.e[1]?.k === 'str') return method(e.e[0], e.e[1].v);
  if (e.k === 'mem' && e.n === 'class') return method(e, '__invoke');
  if (e.k === 'tpl' && e.e[0] && e.s[0] === '' && /^[:@]\w+$/.test(e.s[1] ?? ''))
    return method(e.e[0], e.s[1]?.slice(1) ?? '');
  if (e.k === 'str') {
    const [, cls = '', name = ''] = /^([\w\\]+)[@:](\w+)$/.exec(e.v) ?? [];
    return cls === '' ? undefined : method({ k: 'id', n: cls, at: e.at }, name);
  }
  const value = evaluator.evaluate(site, e);
  return value.k === 'function' ? { fn: value.fn, path: value.site.view.path } : undefined;
}

/** Prefixes of the groups in whose closures a call stands, from the outermost in. */
function prefixes(site: Site, call: Call, evaluator: Evaluator): string[] {
  const { piece } = site;
  const found: string[] = [];
  for (let f = call.f; f >= 0; f = piece.fns[f]?.parent ?? -1) {
    const group = piece.calls.find(
      ({ c, a }) => c.k === 'mem' && c.n === 'group' && a.some((given) => given.k === 'fn' && given.f === f),
    );
    if (group?.c.k !== 'mem') continue;
    const [given] = group.a;
    const options = given?.k === 'obj' ? given.m.find(([name]) => name === 'prefix')?.[1] : given;
    const text = options && options.k !== 'fn' ? evaluator.evaluate(site, options) : undefined;
    found.unshift(prefixIn(site, group.c.o, evaluator), text?.k === 'text' ? text.v : '');
  }
  return found;
}

/** `prefix('/api')` in a chain. */
function prefixIn(site: Site, e: Expr, evaluator: Evaluator): string {
  let at: Expr = e;
  let prefix = '';
  for (let i = 0; i < 16 && at.k === 'call'; i++) {
    const call = callById(site.piece, at.id);
    if (call?.c.k !== 'mem') break;
    const text = call.c.n === 'prefix' && call.a[0] ? evaluator.evaluate(site, call.a[0]) : undefined;
    if (text?.k === 'text') prefix = joinPaths(text.v, prefix);
    at = call.c.o;
  }
  return prefix;
}

function attributed(site: Site, fn: FunctionSummary, evaluator: Evaluator): Registration[] {
  const routes = fn.deco.filter(({ n }) => n === 'Route' || attributeVerbs.has(n));
  if (routes.length === 0) return [];
  const { view, piece } = site;
  const cls = view.classOf(fn);
  const above = cls?.it.deco.find(({ n }) => n === 'Route' || n === 'Prefix');
  const [base = ''] = above && cls ? textsOf({ view, piece: cls.piece }, above, ['path'], evaluator) : [];
  const { line } = view.position(piece, fn.head);
  return routes.flatMap((route) =>
    (textsOf(site, route, ['path'], evaluator)[0] ?? '') === '' && base === ''
      ? []
      : methodsOf(route).map((method) => ({
          fn,
          path: view.path,
          router: '',
          method,
          template: joinPaths(base, textsOf(site, route, ['path'], evaluator)[0] ?? ''),
          framework: route.n === 'Route' ? 'symfony' : 'laravel',
          line,
          inline: null,
        })),
  );
}

/** `methods: ['GET', 'POST']`; without it all. */
function methodsOf({ n, kw }: Decorator): readonly string[] {
  if (n !== 'Route') return [n === 'Any' ? 'ALL' : n.toUpperCase()];
  const given = kw?.find(([name]) => name === 'methods')?.[1];
  const methods = given?.k === 'str' ? [given.v.toUpperCase()] : listed(given);
  return methods.length > 0 ? methods : ['ALL'];
}
