import type { BagRead, Family, Piece } from '../summary';
import type { GoesOn, SyntaxNode, TreeShape } from '../syntaxTree';
import type { Draft } from './draft';

/** Class bodies longer than this are cut into a piece a member, so that an edit costs one member. */
export const longClass = 3_000;

/** A stretch of a file that is summarised by itself: a top-level statement, or a member of a long class. */
export interface Part {
  readonly from: number;
  readonly to: number;
  /** Class it is a member of, where the class is cut up; else empty. */
  readonly owner: string;
  /** Fills the draft, whose base is `from`. Must not throw on broken trees, nor recurse without a bound. */
  make(draft: Draft): void;
}

/**
 * Leaves out, while a file is indexed, what is inside statements that ask for no flag and register no handler. Made for
 * one file; what was left out is read when linking asks for it, or when the file is shown.
 */
export interface Skim {
  readonly goesOn: GoesOn;
  /** The record of the part that starts here where it was left unread: the names it declares. */
  unread(from: number): Piece | undefined;
  /** What was left out is needed after all: the file has to be read whole. */
  readonly failed: boolean;
}

/** Turns the trees of a language into summaries, the records that all else reads. */
export interface Extractor {
  readonly family: Family;
  readonly shape: TreeShape;
  /**
   * The specifier by which a file reaches what its whole package declares, where files of a package see each other's
   * top-level names without an import (Go, Java); null where every file stands for itself.
   */
  readonly shares: string | null;
  /** The file cut into parts, in the order of the text, each depending on its own text alone. */
  parts(root: SyntaxNode): Iterable<Part>;
  /**
   * How to leave out what says nothing, where the language can: `sought` are names of the project's wrappers. null where
   * this file has to be read whole.
   */
  readonly skim?: (text: string, sought: readonly string[]) => Skim | null;
  /** Variables that hold all flags at once, and reads of their properties (offsets of the file). */
  readonly bags?: {
    names(text: string): readonly string[];
    reads(root: SyntaxNode, text: string, names: readonly string[]): readonly Omit<BagRead, 'f'>[];
  };
}
