import type { Evaluating } from './evaluating';
import { deepest } from './modules';
import { nothing, type Value } from './value';
import type { FileView } from './view';

/** What values are of which only the type is written. */
export class NamedTypes {
  constructor(private readonly evaluator: Evaluating) {}

  /** What a value annotated with this type is. */
  typed(view: FileView, type: string, depth = 0): Value {
    if (depth > deepest) return { k: 'typed', type };
    const parts = type.split('.');
    if (parts.length > 1) return this.#typedPath(view, parts, depth + 1);
    const found = view.topLevel(type);
    if (!found) {
      const shared = this.evaluator.shared(view, type, depth + 1);
      if (shared.k === 'sdk' && shared.pkg.sdk.clientTypes.includes(shared.name))
        return { k: 'client', pkg: shared.pkg };
      return shared.k === 'class' ? { ...shared, k: 'instance' } : { k: 'typed', type };
    }
    if (found.it.kind === 'import') {
      const pkg = this.evaluator.imports.sdk(view, found.it.m ?? '');
      if (pkg) return pkg.sdk.clientTypes.includes(found.it.x ?? '') ? { k: 'client', pkg } : nothing;
    }
    const value = this.evaluator.declared(view, found, depth + 1);
    if (value.k === 'class') return { ...value, k: 'instance' };
    if (value.k === 'package') return { ...value, k: 'made' };
    if (value.k === 'sdk')
      return value.pkg.sdk.clientTypes.includes(value.name) ? { k: 'client', pkg: value.pkg } : nothing;
    // As the module calls it that declares it: `import { Client as FlagClient }`.
    const { kind, x } = found.it;
    return { k: 'typed', type: kind === 'import' && x !== undefined && /^[A-Z]/.test(x) ? x : type };
  }

  /** A type reached through what is imported: `openfeature.Client`. */
  #typedPath(view: FileView, [first = '', ...rest]: readonly string[], depth: number): Value {
    const found = view.topLevel(first);
    let value = found ? this.evaluator.declared(view, found, depth + 1) : nothing;
    for (const part of rest) value = this.evaluator.member(value, part, depth + 1);
    if (value.k === 'class') return { ...value, k: 'instance' };
    if (value.k === 'package') return { ...value, k: 'made' };
    if (value.k === 'sdk' && value.pkg.sdk.clientTypes.includes(value.name)) return { k: 'client', pkg: value.pkg };
    return value.k === 'sdk' ? nothing : { k: 'typed', type: rest.at(-1) ?? first };
  }
}
