/** Files whose facts may be others now, and why: undefined where anything may be, else the files that changed. */
export class Stale {
  readonly #changed = new Map<string, Set<string> | undefined>();

  constructor(paths: Iterable<string> = []) {
    for (const path of paths) this.add(path);
  }

  get size(): number {
    return this.#changed.size;
  }

  add(path: string): void {
    this.#changed.set(path, undefined);
  }

  /** Only what `path` took from `changed` may be another now. */
  addDependent(path: string, changed: string): void {
    const known = this.#changed.get(path);
    if (known) known.add(changed);
    else if (!this.#changed.has(path)) this.#changed.set(path, new Set([changed]));
  }

  addAll(other: Stale): void {
    for (const [path, changed] of other.#changed)
      if (changed) for (const one of changed) this.addDependent(path, one);
      else this.add(path);
  }

  delete(path: string): void {
    this.#changed.delete(path);
  }

  paths(): readonly string[] {
    return [...this.#changed.keys()];
  }

  all(): IterableIterator<[string, ReadonlySet<string> | undefined]> {
    return this.#changed.entries();
  }
}
