import { ownStar, type Expr } from '../summary';
import type { Evaluating } from './evaluating';
import { nothing, type Site, type Value } from './value';
import type { FileView } from './view';
import type { Wrapper, Wrappers } from './wrappers';

/** Names of PHP that the file itself does not declare: those of its namespace, and such as are written with theirs. */
export class PhpNames {
  constructor(private readonly evaluator: Evaluating) {}

  /** A class by its name; variables have none. */
  named(view: FileView, name: string, depth: number): Value {
    if (name.startsWith('$')) return nothing;
    const full = fullName(view, name);
    return this.evaluator.imports.imported(view, full, full.slice(full.lastIndexOf('\\') + 1), depth + 1);
  }

  /** The text that `Flags::class` is: the class's name with its namespace. */
  className(site: Site, of: Expr, at: number): Value {
    if (of.k !== 'id' || of.n === 'this' || of.n === 'super' || of.n.startsWith('$')) return nothing;
    return { k: 'text', v: fullName(site.view, of.n), site, at, via: 'literal' };
  }
}

/** A name as other files know it, without a leading `\`. */
export function fullName(view: FileView, name: string): string {
  if (name.startsWith('\\')) return name.slice(1);
  const [first = '', ...rest] = name.split('\\');
  const found = view.topLevel(first);
  if (found?.it.kind === 'import' && found.it.m !== undefined) return [found.it.m, ...rest].join('\\');
  return [namespaceOf(view), name].filter((part) => part !== '').join('\\');
}

/** Functions are seen by all files: those of the own namespace, of none, and what is used by its name. */
export function functionsNamed(view: FileView, name: string, wrappers: Wrappers): readonly Wrapper[] {
  if (view.summary.family !== 'php') return [];
  const full = fullName(view, name);
  return wrappers
    .named(full.slice(full.lastIndexOf('\\') + 1))
    .filter(({ fn, path }) => fn.cls === null && path.endsWith('.php') && isOneOf(fn.q, [name, full]));
}

/** Qualified names have dots. */
const isOneOf = (q: string | null, names: readonly string[]): boolean =>
  q !== null && names.includes(q.replaceAll('.', '\\'));

/** The namespace in which a file declares its names; empty outside of any. */
export function namespaceOf(view: FileView): string {
  return view.stars.find((star) => star.startsWith(ownStar))?.slice(ownStar.length) ?? '';
}
