import type { Evaluator } from '../resolve/evaluate';
import type { Site } from '../resolve/value';
import type { FileView } from '../resolve/view';
import { joinPaths, type FileRoutes, type Registration } from '../routes';
import { callById, type Call, type Expr, type FunctionSummary, type Piece } from '../summary';
import { textsOf } from './annotated';

const verb = /^Http(Get|Post|Put|Patch|Delete|Head|Options)$/;
const mapping = /^Map(Get|Post|Put|Patch|Delete)$/;
const names = ['template', 'pattern'];
const deepest = 8;

/**
 * ASP.NET's controllers (`[Route("api/[controller]")]`, `[HttpGet("{id}")]`) and minimal APIs (`app.MapGet("/x", …)`
 * under their `MapGroup`s). Constraints are left out: `{id:int}` is `{id}`.
 */
export function aspnetRoutes(view: FileView, evaluator: Evaluator): FileRoutes {
  const registrations: Registration[] = [];
  for (const piece of view.summary.pieces) {
    for (const fn of piece.fns)
      if (fn.cls !== null) registrations.push(...controllerRoutes(view, piece, fn, evaluator));
    for (const call of piece.calls)
      if (call.c.k === 'mem' && /^Map(Get|Post|Put|Patch|Delete|Methods)$/.test(call.c.n))
        registrations.push(...mapped({ view, piece }, call, evaluator));
  }
  return { registrations, mounts: [] };
}

function controllerRoutes(view: FileView, piece: Piece, fn: FunctionSummary, evaluator: Evaluator): Registration[] {
  const site: Site = { view, piece };
  const verbs = fn.deco.filter(({ n }) => verb.test(n));
  const routes = fn.deco.filter(({ n }) => n === 'Route').flatMap((deco) => textsOf(site, deco, names, evaluator));
  const cls = view.classOf(fn);
  if (!cls || (verbs.length === 0 && routes.length === 0)) return [];
  const bases = cls.it.deco
    .filter(({ n }) => n === 'Route')
    .flatMap((deco) => textsOf({ view, piece: cls.piece }, deco, names, evaluator));
  const accepted = verbs.length > 0 ? verbs : [{ n: 'HttpAll', a: [] }];
  return accepted.flatMap((deco) => {
    const own = textsOf(site, deco, names, evaluator);
    const paths = own.length > 0 ? own : routes.length > 0 ? routes : [''];
    return paths.flatMap((path) =>
      // What begins at the root leaves the controller's out.
      (/^~?\//.test(path) || bases.length === 0 ? [''] : bases).map((base) => {
        const template = joinPaths(base, path.replace(/^~/, ''));
        const named = template
          .replaceAll('[controller]', (fn.cls ?? '').replace(/Controller$/, ''))
          .replaceAll('[action]', fn.n ?? '');
        return registration(site, fn, deco.n.replace('Http', '').toUpperCase(), named, null);
      }),
    );
  });
}

function mapped(site: Site, call: Call, evaluator: Evaluator): Registration[] {
  if (call.c.k !== 'mem') return [];
  const handler = call.a.at(-1);
  const path = textsOf(site, { n: '', a: call.a.slice(0, 1), ...(call.kw && { kw: call.kw }) }, names, evaluator)[0];
  const value = handler ? evaluator.evaluate(site, handler) : undefined;
  if (path === undefined || value?.k !== 'function') return [];
  const own = mapping.exec(call.c.n)?.[1];
  const listed = call.a[1]?.k === 'arr' ? call.a[1].e.flatMap((e) => (e.k === 'str' ? [e.v] : [])) : [];
  const methods = own === undefined ? listed : [own.toUpperCase()];
  const template = joinPaths(prefixOf(site, call.c.o, evaluator), path);
  const from = handler?.k === 'fn' ? call.from : null;
  return (methods.length > 0 ? methods : ['ALL']).map((method) => ({
    ...registration(site, value.fn, method, template, from),
    path: value.site.view.path,
    line: site.view.position(site.piece, call.from).line,
  }));
}

/** What the groups a route is mapped on are mapped to. */
function prefixOf(site: Site, e: Expr, evaluator: Evaluator, depth = 0): string {
  if (depth > deepest) return '';
  if (e.k === 'id') {
    const made = evaluator.origins.initializer(site, e);
    return made ? prefixOf({ ...site, piece: made.piece }, { k: 'call', id: made.id }, evaluator, depth + 1) : '';
  }
  const call = e.k === 'call' ? callById(site.piece, e.id) : undefined;
  if (call?.c.k !== 'mem') return '';
  const own = call.c.n === 'MapGroup' ? textsOf(site, { n: '', a: call.a }, [], evaluator)[0] : undefined;
  return joinPaths(prefixOf(site, call.c.o, evaluator, depth + 1), own ?? '');
}

function registration(
  site: Site,
  fn: FunctionSummary,
  method: string,
  template: string,
  from: number | null,
): Registration {
  return {
    fn,
    path: site.view.path,
    router: '',
    method,
    // A default and a constraint are no part of what a parameter is called; `{*rest}` takes the rest of the path.
    template: template.replace(/\{(\*{0,2}\w+)(?:[:=?](?:[^{}]|\{\{|\}\}|\{[^{}]*\})*)?\}/g, '{$1}'),
    framework: 'aspnet',
    line: site.view.position(site.piece, fn.head).line,
    inline: from === null ? null : { piece: site.piece, from },
  };
}
