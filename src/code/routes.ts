import type { Route } from '../model/reference';
import type { FunctionSummary, Piece } from './summary';

/** A router hung into another under a prefix: `app.use('/api', router)`, `app.register(plugin, { prefix: '/v1' })`. */
export interface Mount {
  readonly router: string;
  readonly parent: string;
  readonly prefix: string;
}

/** A handler and what it is registered for. `router` is what its prefix hangs on. */
export interface Registration {
  readonly fn: FunctionSummary;
  readonly path: string;
  readonly router: string;
  readonly method: string;
  readonly template: string;
  readonly framework: string;
  readonly line: number;
  /** Start of the registering call in its piece, when the handler stands in it. */
  readonly inline: { readonly piece: Piece; readonly from: number } | null;
}

export interface FileRoutes {
  readonly registrations: readonly Registration[];
  readonly mounts: readonly Mount[];
}

/** `/api/` and `/:id` make `/api/:id`; nothing and nothing make `/`. */
export function joinPaths(...paths: readonly string[]): string {
  const joined = paths
    .flatMap((path) => path.split('/'))
    .filter((part) => part !== '')
    .join('/');
  return `/${joined}`;
}

const deepestMount = 8;

/** Prefixes a router is reached under, from the outermost in; several when it is mounted several times. */
function prefixes(router: string, mounts: ReadonlyMap<string, readonly Mount[]>, depth = 0): string[] {
  const own = mounts.get(router) ?? [];
  if (own.length === 0 || depth > deepestMount) return [''];
  return own
    .slice(0, 8)
    .flatMap((mount) =>
      mount.parent === ''
        ? [mount.prefix]
        : prefixes(mount.parent, mounts, depth + 1).map((outer) => joinPaths(outer, mount.prefix)),
    );
}

/** The registration's routes with every prefix that could be resolved. */
export function fullRoutes(registration: Registration, mounts: ReadonlyMap<string, readonly Mount[]>): Route[] {
  const { method, template, framework, line } = registration;
  const outer = registration.router === '' ? [''] : prefixes(registration.router, mounts);
  return [...new Set(outer.map((prefix) => (prefix === '' ? template : joinPaths(prefix, template))))].map((full) => ({
    method,
    template: full,
    framework,
    line,
  }));
}
