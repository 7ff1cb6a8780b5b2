import { isSdkName } from '../sdks/table';
import { ownStar, staticStar } from '../summary';
import type { Evaluating } from './evaluating';
import type { Modules } from './modules';
import { nothing, type Value } from './value';
import type { FileView } from './view';

/** What a file sees without importing each by name: classes of its package, and whatever its language lets it see. */
export class VisibleClasses {
  constructor(
    private readonly modules: Modules,
    private readonly evaluator: Evaluating,
  ) {}

  /** A class of a package that the file sees (its own is the first), or a static member of a class it imports so. */
  named(view: FileView, name: string, depth: number): Value {
    const isCsharp = view.summary.family === 'csharp';
    const declared = this.within(view, name, null);
    // What Ruby requires is no namespace.
    if (declared.k !== 'nothing' || view.summary.family === 'ruby') return declared;
    for (const star of isCsharp ? [...view.stars, ...this.modules.seenByAll] : view.stars) {
      if (star.startsWith(staticStar)) {
        const path = star.slice(staticStar.length);
        const last = path.slice(path.lastIndexOf('.') + 1);
        const cls = isCsharp
          ? this.within(view, last, path.slice(0, Math.max(0, path.length - last.length - 1)))
          : this.evaluator.imports.imported(view, path, last, depth + 1);
        const value = cls.k === 'class' || cls.k === 'module' ? this.evaluator.member(cls, name, depth + 1) : nothing;
        if (value.k !== 'nothing') return value;
      } else if (/^[A-Z]/.test(name)) {
        const value = this.evaluator.imports.imported(view, `${star}.${name}`, name, depth + 1);
        if (value.k === 'sdk' ? isSdkName(value.pkg.sdk, name) : value.k !== 'package' && value.k !== 'nothing')
          return value;
      }
    }
    // Usings that a build adds are not seen: a class that is the only one of its name counts without one.
    const all = isCsharp && /^[A-Z]/.test(name) ? this.modules.declaring(name) : [];
    return all.length === 1 ? this.#declared(all[0], name) : nothing;
  }

  /**
   * What a name means in a namespace, or (null) in those that the file sees: its own and the ones around it, what it
   * uses, and what stands in none at all.
   */
  within(view: FileView, name: string, namespace: string | null): Value {
    const all = this.modules.declaring(name);
    if (all.length === 0) return nothing;
    const own = namespacesOf(view);
    const around = own.flatMap((full) => full.split('.').map((_, i, parts) => parts.slice(0, i + 1).join('.')));
    const sees = new Set([...around, ...view.stars, ...this.modules.seenByAll]);
    const isWithin = (other: FileView): boolean =>
      namespacesOf(other).some((full) => (namespace === null ? sees.has(full) : `.${full}`.endsWith(`.${namespace}`)));
    const everywhere = namespace === null ? all.filter((other) => namespacesOf(other).length === 0) : [];
    return this.#declared(all.find(isWithin) ?? nearest(view, everywhere), name);
  }

  #declared(view: FileView | undefined, name: string): Value {
    if (!view) return nothing;
    this.evaluator.consulted.add(view.path);
    const cls = view.class(name);
    if (cls) return { k: 'class', site: { view, piece: cls.piece }, cls: cls.it };
    const found = view.topLevel(name);
    return found && found.it.kind !== 'import' ? this.evaluator.declared(view, found) : nothing;
  }
}

const namespaces = new WeakMap<FileView, readonly string[]>();

function namespacesOf(view: FileView): readonly string[] {
  let own = namespaces.get(view);
  if (!own) {
    own = view.stars.flatMap((star) => (star.startsWith(ownStar) ? [star.slice(ownStar.length)] : []));
    namespaces.set(view, own);
  }
  return own;
}

/** The one whose path is most like the asking file's: several parts of a root may declare the same. */
function nearest(view: FileView, all: readonly FileView[]): FileView | undefined {
  const alike = ({ path }: FileView): number => {
    let at = 0;
    while (at < path.length && path[at] === view.path[at]) at++;
    return at;
  };
  return all.reduce<FileView | undefined>(
    (best, each) => (best && alike(best) >= alike(each) ? best : each),
    undefined,
  );
}
