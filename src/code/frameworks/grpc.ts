import type { FileView } from '../resolve/view';
import type { Registration } from '../routes';
import type { FunctionSummary, Piece } from '../summary';

/**
 * A method of a gRPC service as a route: `RPC CartService/AddItem`. Telemetry calls it by the same two names, the
 * service's with the package of its .proto before it (`oteldemo.CartService/AddItem`), which code need not say.
 */
export function rpcRoute(
  view: FileView,
  piece: Piece,
  fn: FunctionSummary,
  service: string,
  name = fn.n ?? '',
): Registration {
  const { line } = view.position(piece, fn.head);
  return {
    fn,
    path: view.path,
    router: '',
    method: 'RPC',
    template: `${service}/${name}`,
    framework: 'grpc',
    line,
    inline: null,
  };
}
