import type { Evaluator } from '../resolve/evaluate';
import type { FileView } from '../resolve/view';
import type { FileRoutes, Registration } from '../routes';
import type { FunctionSummary, Piece } from '../summary';
import { rpcRoute } from './grpc';

/**
 * Methods that answer a gRPC service: those of a type that embeds `pb.UnimplementedCartServiceServer`, or is given to
 * `pb.RegisterCartServiceServer` in its own file.
 */
export function goServers(view: FileView, evaluator: Evaluator): FileRoutes {
  const services = new Map<string, string | undefined>();
  const registered = registeredTypes(view, evaluator);
  const serviceOf = (cls: string): string | undefined => {
    if (services.has(cls)) return services.get(cls);
    const value = evaluator.types.typed(view, cls);
    const embedded = value.k === 'instance' ? value.cls.impl : [];
    const found = embedded.flatMap((name) => /^Unimplemented(\w+)Server$/.exec(name)?.[1] ?? [])[0];
    services.set(cls, found ?? registered.get(cls));
    return services.get(cls);
  };
  const registrations: Registration[] = [];
  for (const piece of view.summary.pieces) {
    for (const [index, fn] of piece.fns.entries()) {
      if (fn.cls === null || !isRpc(piece, fn, index)) continue;
      const service = serviceOf(fn.cls);
      if (service !== undefined) registrations.push(rpcRoute(view, piece, fn, service));
    }
  }
  return { registrations, mounts: [] };
}

/** Exported, and given a context and a request, or a stream. */
function isRpc(piece: Piece, fn: FunctionSummary, index: number): boolean {
  if (fn.parent >= 0 || !/^[A-Z]/.test(fn.n ?? '')) return false;
  const given = piece.decls.filter((decl) => decl.kind === 'param' && decl.f === index);
  const types = given.map((decl) => decl.t ?? '');
  return types[0] === 'context.Context' || /(Server|ServerStream)$/.test(types.at(-1) ?? '');
}

/** `pb.RegisterCartServiceServer(server, &cart{})` */
function registeredTypes(view: FileView, evaluator: Evaluator): Map<string, string> {
  const types = new Map<string, string>();
  for (const piece of view.summary.pieces) {
    for (const call of piece.calls) {
      const name = call.c.k === 'mem' || call.c.k === 'id' ? /^Register(\w+)Server$/.exec(call.c.n)?.[1] : undefined;
      if (name === undefined || !call.a[1]) continue;
      const value = evaluator.evaluate({ view, piece }, call.a[1]);
      if (value.k === 'instance') types.set(value.cls.n, name);
    }
  }
  return types;
}
