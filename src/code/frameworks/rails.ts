import type { Evaluator } from '../resolve/evaluate';
import type { FileView } from '../resolve/view';
import { joinPaths, type FileRoutes, type Registration } from '../routes';
import type { Call, Expr, FunctionSummary, Piece } from '../summary';

const verbs = new Set(['get', 'post', 'put', 'patch', 'delete', 'options', 'head']);

/** Sinatra's `get '/x' do … end`; actions of Rails' controllers by what `config/routes.rb` says of them. */
export function railsRoutes(view: FileView, evaluator: Evaluator): FileRoutes {
  const isSinatra = [...view.modules].some((module) => /^(sinatra|hanami)\b/.test(module)) || standsOnSinatra(view);
  const registrations = [...(isSinatra ? sinatra(view) : []), ...actions(view, evaluator)];
  return { registrations, mounts: [] };
}

function standsOnSinatra(view: FileView): boolean {
  return view.summary.pieces.some(({ classes }) =>
    classes.some(({ ext }) => ext?.k === 'mem' && ext.o.k === 'id' && ext.o.n === 'Sinatra'),
  );
}

function sinatra(view: FileView): Registration[] {
  return view.summary.pieces.flatMap((piece) =>
    piece.calls.flatMap((call): Registration[] => {
      const handler = call.a.at(-1);
      const [path] = call.a;
      const fn = handler?.k === 'fn' ? piece.fns[handler.f] : undefined;
      if (call.c.k !== 'id' || !verbs.has(call.c.n) || path?.k !== 'str' || !fn) return [];
      return [registration(view, fn, call.c.n, joinPaths(path.v), 'sinatra', { piece, from: call.from })];
    }),
  );
}

function registration(
  view: FileView,
  fn: FunctionSummary,
  verb: string,
  template: string,
  framework: string,
  inline: Registration['inline'],
): Registration {
  const { line } = view.position(inline?.piece ?? pieceOf(view, fn), inline?.from ?? fn.head);
  return { fn, path: view.path, router: '', method: verb.toUpperCase(), template, framework, line, inline };
}

function pieceOf(view: FileView, fn: FunctionSummary): Piece {
  const found = view.summary.pieces.find(({ fns }) => fns.includes(fn));
  if (!found) throw new Error('A function stands in a piece of its file');
  return found;
}

/** What a route says: which action of which controller. */
interface Routed {
  readonly controller: string;
  readonly action: string;
  readonly verb: string;
  readonly template: string;
}

function actions(view: FileView, evaluator: Evaluator): Registration[] {
  const controllers = view.summary.pieces.flatMap(({ classes }) =>
    classes.flatMap(({ n }) => (/.Controller$/.test(n) ? [n] : [])),
  );
  if (controllers.length === 0) return [];
  const routed = drawn(view, 'config/routes', evaluator);
  return controllers.flatMap((name) =>
    routed.flatMap(({ controller, action, verb, template }) => {
      const found = classOf(controller) === name && isAt(view.path, controller) ? view.member(name, action) : undefined;
      const fn = found?.it.f === undefined ? undefined : found.piece.fns[found.it.f];
      return fn ? [registration(view, fn, verb, template, 'rails', null)] : [];
    }),
  );
}

const mostDrawn = 50;

/** Routes of a file, and of those in `config/routes/` that it draws. */
function drawn(view: FileView, path: string, evaluator: Evaluator): readonly Routed[] {
  const file = evaluator.imports.imported(view, path, '*');
  if (file.k !== 'module') return [];
  const others = path === 'config/routes' ? drawnBy(file.view).slice(0, mostDrawn) : [];
  return [...routesOf(file.view), ...others.flatMap((name) => drawn(view, `${path}/${name}`, evaluator))];
}

/** `draw(:api)` */
function drawnBy(view: FileView): readonly string[] {
  return view.summary.pieces.flatMap(({ calls }) =>
    calls.flatMap(({ c, a }) => (c.k === 'id' && c.n === 'draw' && a[0]?.k === 'str' ? [a[0].v] : [])),
  );
}

/** `admin/line_items` is `LineItemsController` in a file `admin/line_items_controller.rb`. */
function classOf(controller: string): string {
  const words = controller.slice(controller.lastIndexOf('/') + 1).split('_');
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Controller`;
}

const isAt = (path: string, controller: string): boolean => path.endsWith(`/${controller}_controller.rb`);

const known = new WeakMap<FileView, readonly Routed[]>();

function routesOf(view: FileView): readonly Routed[] {
  let routes = known.get(view);
  if (!routes) {
    routes = view.summary.pieces.flatMap(routesIn);
    known.set(view, routes);
  }
  return routes;
}

const mostRoutes = 5_000;

function routesIn(piece: Piece): Routed[] {
  const blocks = piece.calls.filter(({ c, a }) => c.k === 'id' && a.at(-1)?.k === 'fn' && groups.has(c.n));
  const routes: Routed[] = [];
  for (const call of piece.calls) {
    if (call.c.k !== 'id' || routes.length >= mostRoutes) continue;
    const around = blocks.filter((block) => block !== call && block.from <= call.from && call.id < block.id);
    const place = around.map((block) => within(block)).reduce(joined, { path: '', module: '', resource: '' });
    if (verbs.has(call.c.n) || call.c.n === 'match' || call.c.n === 'root')
      routes.push(...single(call, call.c.n, place));
    else if (call.c.n === 'resources' || call.c.n === 'resource') routes.push(...resource(call, call.c.n, place));
  }
  return routes;
}

const groups = new Set(['namespace', 'scope', 'resources', 'resource', 'member', 'collection', 'controller']);

interface Place {
  readonly path: string;
  readonly module: string;
  /** The controller whose actions routes without one name. */
  readonly resource: string;
}

const joined = (outer: Place, inner: Place): Place => ({
  path: joinPaths(outer.path, inner.path),
  module: inner.module === '' ? outer.module : `${outer.module}${inner.module}/`,
  resource: inner.resource === '' ? outer.resource : inner.resource,
});

/** What a block puts before the routes inside it. */
function within(call: Call): Place {
  const name = text(call.a[0]) ?? '';
  const path = named(call, 'path') ?? name;
  const module = named(call, 'module') ?? '';
  switch (call.c.k === 'id' ? call.c.n : '') {
    case 'namespace':
      return { path, module: named(call, 'module') ?? name, resource: '' };
    case 'scope':
      return {
        path: named(call, 'path') ?? (call.a.length > 1 ? name : ''),
        module,
        resource: named(call, 'controller') ?? '',
      };
    case 'controller':
      return { path: '', module: '', resource: name };
    case 'resources':
      return { path: `${path}/:${singular(name)}_id`, module, resource: named(call, 'controller') ?? name };
    case 'resource':
      return { path, module, resource: named(call, 'controller') ?? `${name}s` };
    default:
      return { path: '', module: '', resource: '' };
  }
}

/** `get '/x', to: 'orders#create'`, `get '/x' => 'orders#create'`, `get :preview` inside of resources. */
function single(call: Call, verb: string, place: Place): Routed[] {
  const pair = call.kw?.find(([, e]) => (text(e) ?? '').includes('#'));
  const target = pair ? (text(pair[1]) ?? '') : verb === 'root' ? (text(call.a[0]) ?? '') : '';
  const isNamed = pair !== undefined && (pair[0] === 'to' || pair[0] === 'action');
  const path = verb === 'root' ? '' : (text(call.a[0]) ?? (pair && !isNamed ? pair[0] : undefined));
  if (path === undefined) return [];
  const [controller = '', action = ''] = target.includes('#')
    ? target.split('#')
    : [place.resource, named(call, 'action') ?? path.replace(/^.*\//, '')];
  if (controller === '') return [];
  const method = verb === 'root' ? 'get' : verb === 'match' ? (named(call, 'via') ?? 'all') : verb;
  const template = joinPaths(place.path, path);
  return [{ controller: place.module + controller.replace(/^\//, ''), action, verb: method, template }];
}

const restful: readonly (readonly [action: string, verb: string, path: string, one: boolean])[] = [
  ['index', 'get', '', false],
  ['create', 'post', '', false],
  ['new', 'get', 'new', false],
  ['show', 'get', '', true],
  ['edit', 'get', 'edit', true],
  ['update', 'patch', '', true],
  ['destroy', 'delete', '', true],
];

function resource(call: Call, kind: string, place: Place): Routed[] {
  const only = list(call, 'only');
  const except = list(call, 'except') ?? [];
  const isOne = kind === 'resource';
  return call.a.flatMap((argument) => {
    const name = text(argument);
    if (name === undefined) return [];
    const base = joinPaths(place.path, named(call, 'path') ?? name);
    const own = named(call, 'controller') ?? (isOne ? `${name}s` : name);
    const controller = `${place.module}${named(call, 'module') === undefined ? '' : `${named(call, 'module') ?? ''}/`}${own}`;
    return restful.flatMap(([action, verb, path, one]) => {
      if (isOne && action === 'index') return [];
      if ((only && !only.includes(action)) || except.includes(action)) return [];
      return [{ controller, action, verb, template: joinPaths(base, one && !isOne ? ':id' : '', path) }];
    });
  });
}

function named({ kw }: Call, name: string): string | undefined {
  return text(kw?.find(([n]) => n === name)?.[1]);
}

function list({ kw }: Call, name: string): readonly string[] | undefined {
  const given = kw?.find(([n]) => n === name)?.[1];
  if (!given) return undefined;
  return given.k === 'arr' ? given.e.flatMap((e) => text(e) ?? []) : [text(given) ?? ''];
}

const text = (e: Expr | undefined): string | undefined => (e?.k === 'str' ? e.v : undefined);

const singular = (name: string): string => name.replace(/ies$/, 'y').replace(/s$/, '');
