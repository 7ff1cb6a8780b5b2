import type { FileView } from '../resolve/view';
import type { FileRoutes, Registration } from '../routes';
import { rpcRoute } from './grpc';

/** Methods of classes that stand on a generated servicer: `class Cart(cart_pb2_grpc.CartServiceServicer)`. */
export function pythonServicers(view: FileView): FileRoutes {
  const services = new Map<string, string>();
  for (const piece of view.summary.pieces) {
    for (const { n, impl } of piece.classes) {
      const base = impl.find((name) => name.endsWith('Servicer') && name !== 'Servicer');
      if (base !== undefined) services.set(n, base.replace(/Servicer$/, ''));
    }
  }
  const registrations: Registration[] = [];
  // The generated base itself answers nothing.
  if (services.size === 0 || view.path.endsWith('_pb2_grpc.py')) return { registrations, mounts: [] };
  for (const piece of view.summary.pieces) {
    for (const fn of piece.fns) {
      const service = fn.cls === null ? undefined : services.get(fn.cls);
      if (service !== undefined && fn.n !== null && !fn.n.startsWith('_'))
        registrations.push(rpcRoute(view, piece, fn, service));
    }
  }
  return { registrations, mounts: [] };
}
