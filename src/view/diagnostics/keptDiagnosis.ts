import type { Reference } from '../../model/reference';
import type { FlagLookup } from '../input';
import { Diagnosis } from './diagnose';
import type { DiagnosedFile, Diagnosing } from './diagnosis';
import type { FlagDiagnostic } from './diagnostic';
import { isCertainEvaluation, type ReferenceBook } from './referenceBook';

interface Kept {
  readonly file: DiagnosedFile;
  readonly lookup: FlagLookup;
  readonly found: readonly FlagDiagnostic[];
}

const nothing: readonly FlagDiagnostic[] = [];

/**
 * What is found in the files of one book, kept from one look to the next: only files are diagnosed again whose references
 * changed, or that are compared with such. When a flag system answers with something else, all are.
 */
export class KeptDiagnosis {
  readonly #kept = new Map<string, Kept>();
  #unreferenced: { readonly found: readonly FlagDiagnostic[]; readonly names: number } | null = null;
  /** How often they may have, and up to when lookups were looked at. */
  #flagsMoved = 0;
  #flagsSeen = 0;
  #names = -1;

  /** A flag system may have answered anew, or flags may be mapped to other folders. */
  flagsMoved(): void {
    this.#flagsMoved++;
  }

  /** Severities are others. */
  clear(): void {
    this.#kept.clear();
    this.#unreferenced = null;
  }

  /**
   * What is found in each file, of what `isFresh` says so: the same list as before where nothing changed. For those who
   * share a thread: each part is soon made, and may be empty; who stops goes on with the next look.
   */
  *ofFiles(
    book: ReferenceBook,
    of: Diagnosing,
    isFresh: (found: FlagDiagnostic, lookup: FlagLookup) => boolean,
  ): Generator<readonly FlagDiagnostic[]> {
    for (const file of book.takeMoved()) this.#kept.delete(idOf(file));
    if (this.#names !== book.namesRevision) {
      this.#names = book.namesRevision;
      // Whether a service of the project's own asks the systems is told by what all files ask for.
      for (const [id, { file }] of this.#kept) if (file.references.some(isOfOwnService)) this.#kept.delete(id);
    }
    yield* this.#lookAtFlags(of);
    const diagnosis = new Diagnosis(book, of);
    const files = [...book.files()];
    for (const file of files) {
      const id = idOf(file);
      let kept = this.#kept.get(id);
      if (kept?.file.references !== file.references) {
        const lookup = of.seenFrom(file);
        kept = { file, lookup, found: diagnosis.ofFile(file).filter((each) => isFresh(each, lookup)) };
        this.#kept.set(id, kept);
      }
      yield kept.found;
    }
    if (this.#kept.size === files.length) return;
    const ids = new Set(files.map(idOf));
    for (const id of this.#kept.keys()) if (!ids.has(id)) this.#kept.delete(id);
  }

  /** Flags that nothing names, once all parts were taken. */
  *unreferenced(book: ReferenceBook, of: Diagnosing): Generator<readonly FlagDiagnostic[], readonly FlagDiagnostic[]> {
    const [names, flags] = [book.namesRevision, this.#flagsMoved];
    if (this.#unreferenced?.names === names) return this.#unreferenced.found;
    const found: FlagDiagnostic[] = [];
    for (const part of new Diagnosis(book, of).unreferencedInParts()) {
      found.push(...part);
      yield nothing;
    }
    if (flags === this.#flagsMoved) this.#unreferenced = { found, names };
    return found;
  }

  /** Defaults are compared across files, so that one other lookup may be a matter of any file. */
  *#lookAtFlags({ seenFrom }: Diagnosing): Generator<readonly FlagDiagnostic[]> {
    const moved = this.#flagsMoved;
    if (moved === this.#flagsSeen) return;
    for (const { file, lookup } of [...this.#kept.values()]) {
      if (seenFrom(file) !== lookup) {
        this.clear();
        break;
      }
      yield nothing;
    }
    this.#flagsSeen = moved;
  }
}

const idOf = ({ root, path }: DiagnosedFile): string => `${root}\n${path}`;

const isOfOwnService = (reference: Reference): boolean => reference.sdk === null && isCertainEvaluation(reference);
