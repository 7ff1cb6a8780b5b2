import type { FlagSnapshot } from '../../model/flag';
import type { Reference } from '../../model/reference';
import type { FlagLookup } from '../input';
import { archivedFlag } from './archivedFlag';
import { clientUnavailable } from './clientUnavailable';
import { DifferingDefaults } from './defaultDiffers';
import {
  onlyProject,
  placeOf,
  type DiagnosedFile,
  type Diagnosing,
  type EvaluationRule,
  type Finding,
} from './diagnosis';
import type { DiagnosticCode, FlagDiagnostic } from './diagnostic';
import { defaultSite, isCertainEvaluation, ReferenceBook } from './referenceBook';
import { OwnServices } from './ownServices';
import { undefinedFlag } from './undefinedFlag';
import { unreferencedFlags } from './unreferenced';
import { variantUndefined } from './variantUndefined';
import { wrongType } from './wrongType';

/** What is found at an evaluation of a flag that a connected system knows. */
const rules: readonly EvaluationRule[] = [wrongType, archivedFlag, clientUnavailable, variantUndefined];

/**
 * What code and flag systems say differently, at one state of both: made anew when flags, settings or the references of
 * any file changed, which costs nothing but what is asked of it then. Works on the index's records alone.
 */
export class Diagnosis {
  readonly #lookups = new Map<string, FlagLookup>();
  readonly #defaults: DifferingDefaults;
  readonly #ownServices: OwnServices;

  constructor(
    private readonly book: ReferenceBook,
    private readonly of: Diagnosing,
  ) {
    this.#defaults = new DifferingDefaults(book, this.#seenFrom, of.l10n);
    this.#ownServices = new OwnServices(book, this.#seenFrom);
  }

  /**
   * Of one file, in the order of its references: everything but flags that nothing names. The file need not be as the
   * book has it, whose other files its defaults are compared with.
   */
  ofFile(file: DiagnosedFile): readonly FlagDiagnostic[] {
    const lookup = this.#seenFrom(file);
    return file.references.flatMap((reference) =>
      isCertainEvaluation(reference) ? this.#of(file, reference, lookup) : [],
    );
  }

  /** Flags that nothing in the workspace names; the book has to be of all of it. */
  unreferenced(): readonly FlagDiagnostic[] {
    return [...this.unreferencedInParts()].flat();
  }

  /** The same for those who share a thread: a part is soon made, and may be empty. */
  unreferencedInParts(): Iterable<readonly FlagDiagnostic[]> {
    return unreferencedFlags(this.book, this.#seenFrom, this.of);
  }

  /**
   * Keys of flags without references which may still stand in some file as a text: a search finds that. What it finds the
   * book is told (`setWritten`), before anything is said to be unreferenced.
   */
  unseenKeys(unreferenced: readonly FlagDiagnostic[] = this.unreferenced()): readonly string[] {
    const keys = new Set(unreferenced.map(({ key }) => key));
    return [...keys].filter((key) => this.book.named(key, []) === 'nowhere');
  }

  #of(
    file: DiagnosedFile,
    reference: Reference & { readonly key: string },
    lookup: FlagLookup,
  ): readonly FlagDiagnostic[] {
    const found: FlagDiagnostic[] = [];
    const { severities, l10n } = this.of;
    const flags = lookup.resolve(reference.key);
    const add = (code: DiagnosticCode, finding: Finding): void => {
      const severity = severities[code];
      if (severity === 'off') return;
      const { message, related = [], fixes = [] } = finding;
      const { key } = reference;
      const place = placeOf(file, reference);
      found.push({ code, severity, key, project: onlyProject(flags), place, message, related, fixes });
    };
    if (isSome(flags)) {
      const at = { reference, flags, lookup };
      for (const { code, find } of rules)
        for (const finding of find(at, l10n, (region) => placeOf(file, region))) add(code, finding);
    } else {
      const finding = undefinedFlag(reference, { lookup, ownServices: this.#ownServices }, l10n);
      if (finding) add('flag-undefined', finding);
    }
    const site = defaultSite(file, reference);
    const finding = site && this.#defaults.find(site);
    if (finding) add('flag-default-differs', finding);
    return found;
  }

  readonly #seenFrom = (file: DiagnosedFile): FlagLookup => {
    const id = `${file.root}\n${file.path}`;
    let lookup = this.#lookups.get(id);
    if (!lookup) {
      lookup = this.of.seenFrom(file);
      this.#lookups.set(id, lookup);
    }
    return lookup;
  };
}

const isSome = (flags: readonly FlagSnapshot[]): flags is readonly [FlagSnapshot, ...FlagSnapshot[]] =>
  flags.length > 0;

/**
 * Everything that is to be said of a workspace: files in their order, then flags that nothing names. `isWhole`: the files
 * are all of the workspace; else nothing is said to be unreferenced.
 */
export function diagnose(
  files: Iterable<DiagnosedFile>,
  of: Diagnosing,
  { isWhole = true }: { readonly isWhole?: boolean } = {},
): readonly FlagDiagnostic[] {
  const book = new ReferenceBook(files);
  const diagnosis = new Diagnosis(book, of);
  const ofFiles = [...book.files()].flatMap((file) => diagnosis.ofFile(file));
  return isWhole ? [...ofFiles, ...diagnosis.unreferenced()] : ofFiles;
}
