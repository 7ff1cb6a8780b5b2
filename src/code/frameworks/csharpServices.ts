import type { FileView } from '../resolve/view';
import type { FileRoutes, Registration } from '../routes';
import { rpcRoute } from './grpc';

/** Overrides in classes that stand on a generated base: `class Cart : Shop.CartService.CartServiceBase`. */
export function csharpServices(view: FileView): FileRoutes {
  const registrations: Registration[] = [];
  const services = new Map<string, string>();
  for (const { classes } of view.summary.pieces)
    for (const { n, ext } of classes) {
      const holder = ext?.k === 'mem' && (ext.o.k === 'id' || ext.o.k === 'mem') ? ext.o.n : undefined;
      if (holder !== undefined && ext?.k === 'mem' && ext.n === `${holder}Base`) services.set(n, holder);
    }
  for (const piece of services.size > 0 ? view.summary.pieces : []) {
    for (const [index, fn] of piece.fns.entries()) {
      const service = fn.cls === null || fn.parent >= 0 ? undefined : services.get(fn.cls);
      const last = piece.decls.findLast((decl) => decl.kind === 'param' && decl.f === index);
      if (service !== undefined && last?.t?.endsWith('ServerCallContext'))
        registrations.push(rpcRoute(view, piece, fn, service));
    }
  }
  return { registrations, mounts: [] };
}
