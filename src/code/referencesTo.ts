import type { Reference } from '../model/reference';

/** By the list of a file's references, which is made anew when the file or what it depends on changes. */
const byKey = new WeakMap<readonly Reference[], ReadonlyMap<string, readonly Reference[]>>();

const none: readonly Reference[] = [];

/** References of a file that name a key: all files of a root are asked, most of which do not. */
export function referencesTo(key: string, references: readonly Reference[]): readonly Reference[] {
  if (references.length === 0) return none;
  let known = byKey.get(references);
  if (!known) {
    const made = new Map<string, Reference[]>();
    for (const reference of references) {
      if (reference.key === null) continue;
      const same = made.get(reference.key);
      if (same) same.push(reference);
      else made.set(reference.key, [reference]);
    }
    byKey.set(references, (known = made));
  }
  return known.get(key) ?? none;
}
