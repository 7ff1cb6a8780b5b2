import type { Reference } from '../model/reference';
import { sameReferences } from './sameReferences';

/**
 * Which files' references are others than those that were told: a list is made anew when its file, or what it depends on,
 * changes, whether or not it says anything else then. Kept for one root.
 */
export class ReferenceRevisions {
  #revision = 0;
  /** By path; null: it has none any more. */
  readonly #told = new Map<string, { references: readonly Reference[] | null; readonly revision: number }>();

  /**
   * `lists`: those of all files that have references now, by path. `since` null: nothing is known yet. Answers with the
   * paths that changed after it, those that have no references any more apart.
   */
  since(
    lists: ReadonlyMap<string, readonly Reference[]>,
    since: number | null,
  ): { readonly revision: number; readonly changed: ReadonlySet<string>; readonly gone: readonly string[] } {
    const next = this.#revision + 1;
    for (const [path, references] of lists) {
      const told = this.#told.get(path);
      if (told?.references === references) continue;
      // The same may have been found anew: that is held as told, so that it is compared once.
      if (told?.references && sameReferences(told.references, references)) told.references = references;
      else this.#note(path, references, next);
    }
    for (const [path, { references }] of this.#told)
      if (references !== null && !lists.has(path)) this.#note(path, null, next);
    const changed = new Set<string>();
    const gone: string[] = [];
    for (const [path, { references, revision }] of this.#told) {
      if (since !== null && revision <= since) continue;
      if (references !== null) changed.add(path);
      else if (since !== null) gone.push(path);
    }
    return { revision: this.#revision, changed, gone };
  }

  #note(path: string, references: readonly Reference[] | null, revision: number): void {
    this.#told.set(path, { references, revision });
    this.#revision = revision;
  }
}
