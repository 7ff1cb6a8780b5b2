import type { Reference } from '../model/reference';
import type { CodeSide, FileChange } from './input';
import { lineAfter } from './lines';

/** What became of the references to one key. */
export interface ReferenceChange {
  readonly key: string;
  /** In the same place before and after, or in one that only other lines moved. */
  readonly kept: readonly Pair[];
  /** Its line is another, in the same function. */
  readonly edited: readonly Pair[];
  /** Elsewhere now. */
  readonly moved: readonly Pair[];
  readonly added: readonly Reference[];
  readonly removed: readonly Reference[];
}

export interface Pair {
  readonly before: Reference;
  readonly after: Reference;
}

/**
 * References before and after, matched: first those on a line that is the same (git's diff says which), then those of one
 * function, of one file, and any that are left, in their order. What finds no partner came or went.
 */
export function referenceChanges(
  before: CodeSide,
  after: CodeSide,
  changes: readonly FileChange[],
): readonly ReferenceChange[] {
  const changeOf = new Map(changes.flatMap((change) => (change.before === null ? [] : [[change.before, change]])));
  const [was, is] = [byKey(before), byKey(after)];
  return [...new Set([...was.keys(), ...is.keys()])].sort().map((key) => {
    const matching = new Matching(was.get(key) ?? [], is.get(key) ?? []);
    const kept = matching.take((one, other) => {
      const change = changeOf.get(one.path);
      const path = change ? change.after : one.path;
      const line = change ? change.lines && lineAfter(one.line, change.lines) : one.line;
      return path === other.path && line === other.line;
    });
    const renamed = (path: string): string => changeOf.get(path)?.after ?? path;
    const sameFile = (one: Reference, other: Reference): boolean => renamed(one.path) === other.path;
    const edited = matching.take((one, other) => sameFile(one, other) && one.function === other.function);
    const moved = [...matching.take(sameFile), ...matching.take(() => true)];
    return { key, kept, edited, moved, ...matching.rest() };
  });
}

function byKey({ files }: CodeSide): Map<string, Reference[]> {
  const found = new Map<string, Reference[]>();
  for (const { references } of files)
    for (const reference of references) {
      if (reference.key === null) continue;
      const same = found.get(reference.key);
      if (same) same.push(reference);
      else found.set(reference.key, [reference]);
    }
  return found;
}

class Matching {
  readonly #before: Set<Reference>;
  readonly #after: Set<Reference>;

  constructor(before: readonly Reference[], after: readonly Reference[]) {
    this.#before = new Set(before);
    this.#after = new Set(after);
  }

  take(matches: (before: Reference, after: Reference) => boolean): Pair[] {
    const pairs: Pair[] = [];
    if (this.#after.size === 0) return pairs;
    for (const before of this.#before) {
      for (const after of this.#after) {
        if (before.kind !== after.kind || !matches(before, after)) continue;
        this.#before.delete(before);
        this.#after.delete(after);
        pairs.push({ before, after });
        break;
      }
    }
    return pairs;
  }

  rest(): { readonly added: readonly Reference[]; readonly removed: readonly Reference[] } {
    return { added: [...this.#after], removed: [...this.#before] };
  }
}
