import type { FlagLookup } from '../input';
import type { DiagnosedFile } from './diagnosis';
import { isCertainEvaluation, type ReferenceBook } from './referenceBook';

/** So many keys that are known have to be asked for by it, and four of five that it asks for have to be known. */
const leastKnown = 3;
const mostUnknown = 1 / 5;

/**
 * Calls of a service of the project's own, behind which no SDK is seen, ask the connected systems where nearly all keys
 * that are asked for so are theirs. Then the few others are undefined like those of any SDK.
 */
export class OwnServices {
  #byLookup: Map<FlagLookup, { readonly known: Set<string>; readonly unknown: Set<string> }> | undefined;

  constructor(
    private readonly book: ReferenceBook,
    private readonly seenFrom: (file: DiagnosedFile) => FlagLookup,
  ) {}

  /** Whether they ask the systems that files with this lookup are of. */
  ask(lookup: FlagLookup): boolean {
    this.#byLookup ??= this.#count();
    const { known, unknown } = this.#byLookup.get(lookup) ?? { known: new Set(), unknown: new Set() };
    return known.size >= leastKnown && unknown.size <= (known.size + unknown.size) * mostUnknown;
  }

  #count(): Map<FlagLookup, { readonly known: Set<string>; readonly unknown: Set<string> }> {
    const byLookup = new Map<FlagLookup, { readonly known: Set<string>; readonly unknown: Set<string> }>();
    for (const file of this.book.files()) {
      const lookup = this.seenFrom(file);
      for (const reference of file.references) {
        if (reference.sdk !== null || !isCertainEvaluation(reference)) continue;
        const counts = byLookup.get(lookup) ?? { known: new Set(), unknown: new Set() };
        byLookup.set(lookup, counts);
        (lookup.resolve(reference.key).length > 0 ? counts.known : counts.unknown).add(reference.key);
      }
    }
    return byLookup;
  }
}
