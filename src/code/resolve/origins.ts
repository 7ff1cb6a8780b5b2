import type { Expr } from '../summary';
import { deepest, type Modules } from './modules';
import type { Site } from './value';

/** Declarations that names go back to, whatever they hold. */
export class Origins {
  constructor(
    private readonly modules: Modules,
    private readonly consulted: Set<string>,
  ) {}

  /** The call a variable was initialised with, followed through imports of the workspace. */
  initializer(
    site: Site,
    e: Extract<Expr, { k: 'id' }>,
  ): { readonly piece: Site['piece']; readonly id: number } | undefined {
    const found = site.view.lookup(e.n, site.piece, e.at);
    if (found?.it.e?.k === 'call') return { piece: found.piece, id: found.it.e.id };
    if (found?.it.kind !== 'import') return undefined;
    const path = this.modules.resolve(site.view.path, found.it.m ?? '');
    const target = path === null || path === undefined ? undefined : this.modules.view(path);
    const local = target?.topLevel(target.exports.get(found.it.x ?? '')?.it.local ?? '');
    return local?.it.e?.k === 'call' ? { piece: local.piece, id: local.it.e.id } : undefined;
  }

  /** Names the declaration an expression comes from, followed through imports: `path#name`. */
  origin(site: Site, e: Expr): string {
    const name = e.k === 'id' ? e.n : e.k === 'mem' ? e.n : '';
    const found = e.k === 'id' ? site.view.lookup(e.n, site.piece, e.at) : undefined;
    if (found?.it.kind !== 'import') return `${site.view.path}#${name}`;
    let view = site.view;
    let specifier = found.it.m ?? '';
    let imported = found.it.x ?? '';
    for (let i = 0; i < deepest; i++) {
      const path = this.modules.resolve(view.path, specifier);
      const target = path === null || path === undefined ? undefined : this.modules.view(path);
      if (!target) return `${specifier}#${imported}`;
      this.consulted.add(target.path);
      const given = target.exports.get(imported === '*' ? 'default' : imported)?.it;
      if (given?.m === undefined) return `${target.path}#${given?.local ?? imported}`;
      view = target;
      specifier = given.m;
      imported = given.x ?? imported;
    }
    return `${specifier}#${imported}`;
  }
}
