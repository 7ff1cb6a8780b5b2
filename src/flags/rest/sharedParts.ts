/** Parts that are kept to be shared, and how long what tells them apart may be. */
const MOST_SHARED = 5_000;
const MOST_SHARED_KEY = 4_000;

/** What many flags have in common, kept once: most do one of a few things in most environments. */
export class SharedParts<T> {
  readonly #parts = new Map<string, T>();

  get(key: string, make: () => T): T {
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (key.length <= MOST_SHARED_KEY) {
      if (this.#parts.size >= MOST_SHARED) this.#parts.clear();
      this.#parts.set(key, made);
    }
    return made;
  }
}
