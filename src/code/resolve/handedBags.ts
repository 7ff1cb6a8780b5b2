import type { FlagBag, Handed } from './modules';

/** Parameters that are given all flags somewhere, by the file of their function. */
export class HandedBags {
  readonly #from = new Map<string, readonly Handed[]>();
  readonly #to = new Map<string, Map<string, { readonly bag: FlagBag; callers: number }>>();

  /** Replaces what a file hands on; answers the files of functions to which that makes a difference. */
  set(from: string, handed: readonly Handed[]): ReadonlySet<string> {
    const before = this.#from.get(from) ?? [];
    const touched = new Set<string>();
    if (JSON.stringify(before) === JSON.stringify(handed)) return touched;
    if (handed.length === 0) this.#from.delete(from);
    else this.#from.set(from, handed);
    for (const one of handed) this.#count(one, 1, touched);
    for (const one of before) this.#count(one, -1, touched);
    return touched;
  }

  #count({ path, fn, index, property, origin, camelCased }: Handed, by: 1 | -1, touched: Set<string>): void {
    const parameters = this.#to.get(path) ?? new Map<string, { readonly bag: FlagBag; callers: number }>();
    this.#to.set(path, parameters);
    const key = keyOf(fn, index, property);
    const known = parameters.get(key) ?? { bag: { origin, camelCased }, callers: 0 };
    known.callers += by;
    if (known.callers > 0) parameters.set(key, known);
    else parameters.delete(key);
    if (known.callers === (by > 0 ? 1 : 0)) touched.add(path);
  }

  at(path: string, fn: string, index: number, property: string | null): FlagBag | undefined {
    return this.#to.get(path)?.get(keyOf(fn, index, property))?.bag;
  }

  /** Whether functions of a file are given all flags. */
  has(path: string): boolean {
    return (this.#to.get(path)?.size ?? 0) > 0;
  }
}

const keyOf = (fn: string, index: number, property: string | null): string =>
  JSON.stringify([fn, index, property ?? '']);
