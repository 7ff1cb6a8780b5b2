import type { Evaluator } from '../resolve/evaluate';
import type { FileView } from '../resolve/view';
import { joinPaths, type FileRoutes, type Registration } from '../routes';
import type { Decorator, Expr, FunctionSummary, Piece } from '../summary';
import { textsOf } from './annotated';

const springVerb = /^(Get|Post|Put|Patch|Delete)Mapping$/;
const restVerbs = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
const pathNames = ['value', 'path'];

/**
 * Spring's `@GetMapping` and `@RequestMapping` (MVC and WebFlux), JAX-RS's `@GET` with `@Path`, each under what stands
 * on the class. Path variables are written as telemetry has them: `/cart/{id}`, without their regular expressions.
 */
export function springRoutes(view: FileView, evaluator: Evaluator): FileRoutes {
  const registrations: Registration[] = [];
  for (const piece of view.summary.pieces) {
    for (const fn of piece.fns) {
      if (fn.cls === null || fn.deco.length === 0) continue;
      registrations.push(...routesOf(view, piece, fn, evaluator));
    }
  }
  return { registrations, mounts: [] };
}

function routesOf(view: FileView, piece: Piece, fn: FunctionSummary, evaluator: Evaluator): Registration[] {
  const jaxRs = fn.deco.filter(({ n }) => restVerbs.has(n)).map(({ n }) => n);
  const mappings = fn.deco.filter(({ n }) => n === 'RequestMapping' || springVerb.test(n));
  if (jaxRs.length === 0 && mappings.length === 0) return [];
  const cls = view.classOf(fn);
  const on = (deco: Decorator, site = piece): readonly string[] =>
    textsOf({ view, piece: site }, deco, pathNames, evaluator);
  const outer = (name: string): readonly string[] => {
    const found = cls?.it.deco.find(({ n }) => n === name);
    const paths = found && cls ? on(found, cls.piece) : [];
    return paths.length > 0 ? paths : [''];
  };
  const { line } = view.position(piece, fn.head);
  const made = (framework: string, methods: readonly string[], bases: readonly string[], own: readonly string[]) =>
    methods.flatMap((method) =>
      bases.flatMap((base) =>
        (own.length > 0 ? own : ['']).map((path): Registration => ({
          fn,
          path: view.path,
          router: '',
          method,
          template: joinPaths(...[base, path].map(plain)),
          framework,
          line,
          inline: null,
        })),
      ),
    );
  const path = fn.deco.find(({ n }) => n === 'Path');
  return [
    ...made('jax-rs', jaxRs, outer('Path'), path ? on(path) : []),
    ...mappings.flatMap((mapping) => made('spring', methodsOf(mapping), outer('RequestMapping'), on(mapping))),
  ];
}

/** `method = {RequestMethod.GET, RequestMethod.POST}`; without one a `@RequestMapping` answers all. */
function methodsOf({ n, kw }: Decorator): readonly string[] {
  const verb = springVerb.exec(n)?.[1];
  if (verb !== undefined) return [verb.toUpperCase()];
  const given = kw?.find(([name]) => name === 'method')?.[1];
  const list: readonly Expr[] = given?.k === 'arr' ? given.e : given ? [given] : [];
  const methods = list.flatMap((e) => (e.k === 'mem' || e.k === 'id' ? [e.n] : []));
  return methods.length > 0 ? methods : ['ALL'];
}

/** `{id:[0-9]+}` is `{id}`. */
const plain = (path: string): string => path.replace(/\{\s*([\w.-]+)\s*:(?:[^{}]|\{[^{}]*\})*\}/g, '{$1}');
