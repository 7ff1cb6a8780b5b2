import type { Evaluator } from '../resolve/evaluate';
import type { Site } from '../resolve/value';
import type { FileView } from '../resolve/view';
import type { FileRoutes, Mount, Registration } from '../routes';
import { callById, type Call, type Expr } from '../summary';
import { handlersOf } from './flask';

const makers = new Set(['path', 're_path', 'url']);

/** Django's `urlpatterns`: `path('orders/<int:id>/', views.order)`, `re_path`, and other files' by `include`. */
export function djangoRoutes(view: FileView, evaluator: Evaluator): FileRoutes {
  const registrations: Registration[] = [];
  const mounts: Mount[] = [];
  if (![...view.modules].some((module) => module.startsWith('django.'))) return { registrations, mounts };
  for (const piece of view.summary.pieces) {
    const site: Site = { view, piece };
    for (const call of piece.calls) {
      const [given, handler] = call.a;
      if (call.c.k !== 'id' || !makers.has(call.c.n) || given?.k !== 'str' || !handler) continue;
      const template = call.c.n === 'path' ? given.v : fromPattern(given.v);
      const included = includedFile(site, handler, evaluator);
      if (included !== undefined) {
        mounts.push({ router: routerOf(included), parent: routerOf(view.path), prefix: template });
        continue;
      }
      registrations.push(...registered(site, call, handler, `/${template}`, evaluator));
    }
  }
  return { registrations, mounts };
}

const routerOf = (path: string): string => `${path}#urlpatterns`;

function registered(site: Site, call: Call, handler: Expr, template: string, evaluator: Evaluator): Registration[] {
  const { line } = site.view.position(site.piece, call.from);
  return handlersOf(site, handler, evaluator).map(({ fn, path, verb }) => ({
    fn,
    path,
    router: routerOf(site.view.path),
    method: verb ?? 'ALL',
    template,
    framework: 'django',
    line,
    inline: null,
  }));
}

/** `include('shop.urls')`, `include(('shop.urls', 'shop'))`, `include(shop.urls)`. */
function includedFile(site: Site, e: Expr, evaluator: Evaluator): string | undefined {
  const call = e.k === 'call' ? callById(site.piece, e.id) : undefined;
  if (call?.c.k !== 'id' || call.c.n !== 'include') return undefined;
  const given = call.a[0]?.k === 'arr' ? call.a[0].e[0] : call.a[0];
  if (given?.k !== 'str') {
    const value = given ? evaluator.evaluate(site, given) : undefined;
    return value?.k === 'module' ? value.view.path : '';
  }
  const value = evaluator.imports.imported(site.view, given.v, '*');
  return value.k === 'module' ? value.view.path : '';
}

/** `^orders/(?P<id>\d+)/$` as a template: `orders/<id>/`. */
function fromPattern(pattern: string): string {
  return pattern
    .replace(/^\^|\$$/g, '')
    .replace(/\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)/g, '<$1>')
    .replace(/\((?!\?)(?:[^()]|\([^()]*\))*\)/g, '<value>')
    .replace(/\\(.)/g, '$1');
}
