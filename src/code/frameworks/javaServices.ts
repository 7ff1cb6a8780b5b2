import type { FileView } from '../resolve/view';
import type { FileRoutes, Registration } from '../routes';
import { rpcRoute } from './grpc';

/** Methods of classes that stand on a generated base: `class AdService extends AdServiceGrpc.AdServiceImplBase`. */
export function javaServices(view: FileView): FileRoutes {
  const registrations: Registration[] = [];
  const services = new Map<string, string>();
  for (const { classes } of view.summary.pieces)
    for (const { n, impl } of classes) {
      const base = impl.find((name) => name.endsWith('ImplBase') && name !== 'ImplBase');
      if (base !== undefined) services.set(n, base.replace(/^Reactor|^Rx\d?|ImplBase$/g, ''));
    }
  for (const piece of services.size > 0 ? view.summary.pieces : []) {
    for (const fn of piece.fns) {
      const service = fn.cls === null ? undefined : services.get(fn.cls);
      const isRpc = fn.deco.some(({ n }) => n === 'Override') && fn.n !== 'bindService';
      // Java writes a method `getAds` that the service calls `GetAds`.
      const name = (fn.n ?? '').replace(/^[a-z]/, (first) => first.toUpperCase());
      if (service !== undefined && isRpc) registrations.push(rpcRoute(view, piece, fn, service, name));
    }
  }
  return { registrations, mounts: [] };
}
