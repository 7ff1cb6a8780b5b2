import type { Evaluator } from '../resolve/evaluate';
import type { FileView } from '../resolve/view';
import { joinPaths, type FileRoutes, type Registration } from '../routes';
import type { Call, Piece } from '../summary';
import { textsOf } from './annotated';

const verbs = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options']);

/** Ktor's `get("/x/{id}") { … }`, under the `route("/api") { … }` that stand around it. */
export function ktorRoutes(view: FileView, evaluator: Evaluator): FileRoutes {
  const isKtor = [...view.modules].some((module) => module.startsWith('io.ktor.server.'));
  return {
    registrations: isKtor ? view.summary.pieces.flatMap((piece) => routesIn(view, piece, evaluator)) : [],
    mounts: [],
  };
}

function routesIn(view: FileView, piece: Piece, evaluator: Evaluator): Registration[] {
  const pathOf = ({ a }: Call): string =>
    textsOf({ view, piece }, { n: '', a: a.slice(0, Math.min(1, a.length - 1)) }, [], evaluator)[0] ?? '';
  /** The `route` that a lambda is given to. */
  const around = new Map<number, Call>();
  for (const call of piece.calls) {
    const block = call.a.at(-1);
    if (call.c.k === 'id' && call.c.n === 'route' && block?.k === 'fn') around.set(block.f, call);
  }
  return piece.calls.flatMap((call): Registration[] => {
    const block = call.a.at(-1);
    const fn = block?.k === 'fn' ? piece.fns[block.f] : undefined;
    if (call.c.k !== 'id' || !verbs.has(call.c.n) || !fn) return [];
    const paths = [pathOf(call)];
    for (let at = call.f; at >= 0; at = piece.fns[at]?.parent ?? -1) {
      const outer = around.get(at);
      if (outer) paths.unshift(pathOf(outer));
    }
    return [
      {
        fn,
        path: view.path,
        router: '',
        method: call.c.n.toUpperCase(),
        template: joinPaths(...paths),
        framework: 'ktor',
        line: view.position(piece, call.from).line,
        inline: { piece, from: call.from },
      },
    ];
  });
}
