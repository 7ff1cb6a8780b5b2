import type { Edit, Language, Parser, Tree } from 'web-tree-sitter';
import { mostParseMs, mostReadMs } from './bounds';
import { Deadline } from './extract/deadline';
import type { ParserCrashes } from './parserCrashes';
import { UnparsableError, type ParserLibrary } from './parserLibrary';
import { readTree, type GoesOn, type SyntaxNode, type TreeShape } from './syntaxTree';

/** Offsets, in UTF-16 units. */
export interface ChangedRange {
  readonly from: number;
  readonly to: number;
}

/**
 * UTF-16 units that the library takes at one question: its buffer is of 10,240 bytes, of which it fills all but two
 * (`INPUT_BUFFER_SIZE` in binding_web/lib/tree-sitter.c).
 */
const askedUnits = 5_119;

/** Text to trees in one language. Throws {@link UnparsableError} for texts that cannot be parsed, and nothing else. */
export class SourceParser {
  readonly #parser: Parser;

  constructor(
    readonly grammar: string,
    private readonly library: ParserLibrary,
    language: Language,
    private readonly shape: TreeShape,
    private readonly crashes: ParserCrashes,
    /** Monotonic milliseconds. */
    private readonly now: () => number,
  ) {
    this.#parser = new library.treeSitter.Parser().setLanguage(language);
  }

  /** False once any text ended the library: trees of this parser are no more, and it makes no others. */
  get isUsable(): boolean {
    return this.library.isUsable;
  }

  /**
   * Parses anew, or from the old tree when the old text is given: then only what changed is read. The tree belongs to
   * the caller, who must `delete()` it.
   */
  parse(text: string, before?: { readonly tree: Tree; readonly text: string }): Tree {
    this.crashes.check(this.grammar, text);
    const tree = this.#run(text, () => {
      if (before) before.tree.edit(this.#editBetween(before.text, text));
      const until = this.now() + mostParseMs;
      // Handed the whole text, the library slices it at every question, and those texts live on until all is collected.
      const part = (index: number): string => text.slice(index, index + askedUnits);
      const parsed = this.#parser.parse(part, before?.tree, { progressCallback: () => this.now() > until });
      // Else it would go on where it was stopped.
      if (!parsed) this.#parser.reset();
      return parsed;
    });
    if (!tree) throw new UnparsableError(`parsing it takes longer than ${mostParseMs / 1_000} seconds`);
    return tree;
  }

  /** Until when what it parsed may be read, from now on. */
  deadline(): Deadline {
    return new Deadline(this.now, mostReadMs);
  }

  /** The nodes of a tree of this text; they outlive the tree. */
  read(tree: Tree, text: string, goesOn?: GoesOn): SyntaxNode {
    return this.#run(text, () => readTree(this.library.walk, tree, text, this.shape, goesOn));
  }

  /** Whatever else is asked of a tree of this text: the library's own nodes, for questions that are asked once. */
  look<Seen>(text: string, see: () => Seen): Seen {
    return this.#run(text, see);
  }

  /**
   * The one range of all that a tree of this text has otherwise than the one it was parsed from (as moved by the edit).
   */
  changedRange(before: Tree, after: Tree, text: string): ChangedRange | null {
    const ranges = this.#run(text, () => before.getChangedRanges(after));
    const [first] = ranges;
    const last = ranges.at(-1);
    return first && last ? { from: first.startIndex, to: last.endIndex } : null;
  }

  /** Whatever is thrown while WebAssembly works on a text ends the library. */
  #run<Result>(text: string, use: () => Result): Result {
    if (!this.isUsable) throw new UnparsableError('the parser broke down on another file meanwhile');
    try {
      return use();
    } catch (error) {
      this.library.retire();
      throw this.crashes.add(this.grammar, text, error);
    }
  }

  /** The one replacement that turns `from` into `to`, found from both ends. */
  #editBetween(from: string, to: string): Edit {
    const { start, end: same } = sameEnds(from, to);
    const oldEndIndex = from.length - same;
    const newEndIndex = to.length - same;
    return new this.library.treeSitter.Edit({
      startIndex: start,
      oldEndIndex,
      newEndIndex,
      startPosition: pointAt(from, start),
      oldEndPosition: pointAt(from, oldEndIndex),
      newEndPosition: pointAt(to, newEndIndex),
    });
  }
}

/** How many units two texts share at their start and, beyond that, at their end. */
export function sameEnds(from: string, to: string): { readonly start: number; readonly end: number } {
  const shortest = Math.min(from.length, to.length);
  const start = sameCount(shortest, (at, length) => from.slice(at, at + length) === to.slice(at, at + length));
  const end = sameCount(shortest - start, (at, length) => {
    const far = at + length;
    return from.slice(from.length - far, from.length - at) === to.slice(to.length - far, to.length - at);
  });
  return { start, end };
}

/** How many units are the same, told of stretches: long ones first, then ever shorter ones where they differ. */
function sameCount(most: number, same: (at: number, length: number) => boolean): number {
  let count = 0;
  for (let stretch = 4_096; stretch > 0; stretch >>= 2) {
    while (count + stretch <= most && same(count, stretch)) count += stretch;
  }
  return count;
}

function pointAt(text: string, index: number): { row: number; column: number } {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: index - lineStart };
}
