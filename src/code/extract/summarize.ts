import { innermostFunction } from '../innermostFunction';
import { sameEnds, type ChangedRange } from '../parse';
import type { BagRead, FileSummary, Piece } from '../summary';
import { editedOnly, type GoesOn, type SyntaxNode as Node, type Untouched } from '../syntaxTree';
import type { Deadline } from './deadline';
import { Draft } from './draft';
import { longClass, type Extractor, type Part, type Skim } from './extractor';
import { shifted } from './shifted';

export interface Previous {
  readonly summary: FileSummary;
  readonly text: string;
  /** Offsets in the new text outside of which the tree is as it was; null where all of it is. */
  readonly changed: ChangedRange | null;
}

/**
 * What the head of a file says that a tool wrote. OpenFeature's says so for most languages; what it writes for React and
 * NestJS is told by a comment and by what it imports (open-feature/cli, internal/generators).
 */
const writtenByTool =
  /@generated|DO NOT EDIT|auto(?:-?|matically )generated|^\/\/ Flag key constants for programmatic access|^import type \{ GeneratedClient \} from/im;

/** Reads the tree, without what is below nodes that it does not go on below. */
type Read = (goesOn?: GoesOn) => Node;

/**
 * Summary of a parsed file. Pieces whose text and place in the file's structure are as before are taken over from
 * `previous`, moved. `path` is relative to the root.
 */
export function summarize(
  extractor: Extractor,
  path: string,
  text: string,
  read: Read,
  deadline: Deadline,
  previous?: Previous,
): FileSummary {
  const { bags } = extractor;
  const bagNames = bags?.names(text) ?? [];
  const before = previous && new Before(previous, text);
  // Reads of bags are looked for in the whole file.
  let pieces =
    before && bagNames.length === 0
      ? piecesOf(extractor, read(editedOnly(before, extractor.shape)), text, deadline, before, true)
      : undefined;
  if (!pieces) {
    const root = read();
    const all = piecesOf(extractor, root, text, deadline, before, false) ?? [];
    pieces = bags && bagNames.length > 0 ? withReads(all, bags.reads(root, text, bagNames)) : all;
  }
  return summaryOf(extractor, path, text, pieces, deadline);
}

/**
 * The same, but for an index: what is inside statements that ask for no flag is left unread where the language can
 * tell. `sought` are names of the project's wrappers, whose calls ask for flags as well.
 */
export function skimmed(
  extractor: Extractor,
  path: string,
  text: string,
  read: Read,
  deadline: Deadline,
  sought: readonly string[],
): FileSummary {
  const skim = extractor.bags?.names(text).length === 0 ? extractor.skim?.(text, sought) : undefined;
  if (!skim) return summarize(extractor, path, text, read, deadline);
  const root = read(skim.goesOn);
  if (skim.failed) return summarize(extractor, path, text, read, deadline);
  const pieces = piecesOf(extractor, root, text, deadline, undefined, false, skim) ?? [];
  const summary = summaryOf(extractor, path, text, pieces, deadline);
  return pieces.some((piece) => piece.unread) ? { ...summary, sought } : summary;
}

function summaryOf(
  extractor: Extractor,
  path: string,
  text: string,
  pieces: readonly Piece[],
  deadline: Deadline,
): FileSummary {
  const late = pieces.some((piece) => piece.late);
  return {
    path,
    family: extractor.family,
    shares: extractor.shares,
    pieces,
    lineStarts: lineStarts(text),
    length: text.length,
    truncated: late
      ? `reading it takes longer than ${deadline.ms / 1_000} seconds; what was found until then is shown`
      : pieces.some((piece) => piece.deep)
        ? 'nested too deeply to be read whole'
        : null,
    generated: writtenByTool.test(text.slice(0, 1_000)),
  };
}

/** The pieces of a file; undefined when one has to be made of nodes that were left out as untouched. */
function piecesOf(
  extractor: Extractor,
  root: Node,
  text: string,
  deadline: Deadline,
  before: Before | undefined,
  partly: boolean,
  skim?: Skim,
): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const part of extractor.parts(root)) {
    const old = before?.piece(part) ?? skim?.unread(part.from);
    if (old) {
      pieces.push(old);
      continue;
    }
    if (partly && before?.has(part.from, part.to) === true) return undefined;
    const draft = new Draft(part.from, text, part.owner, deadline);
    if (!draft.leavesOut(0, 1)) part.make(draft);
    pieces.push(draft.finish(part.to - part.from));
  }
  return pieces;
}

/** Finds the piece that a part was before: the same text before the edit or behind it, cut out the same way. */
class Before implements Untouched {
  readonly #byBase: ReadonlyMap<number, Piece>;
  readonly #start: number;
  readonly #end: number;
  readonly #moved: number;

  constructor(previous: Previous, text: string) {
    const { start, end } = sameEnds(previous.text, text);
    const { changed } = previous;
    // A syntax error may be understood otherwise far from what was typed.
    this.#start = Math.min(start, changed?.from ?? start);
    this.#end = Math.max(text.length - end, changed?.to ?? 0);
    this.#moved = text.length - previous.text.length;
    this.#byBase = new Map(previous.summary.pieces.map((piece) => [piece.base, piece]));
  }

  /** What touches the edit may have grown into it. */
  has(from: number, to: number): boolean {
    return to < this.#start || from > this.#end;
  }

  isCut(from: number, to: number): boolean {
    return to - from > longClass;
  }

  piece({ from, to, owner }: Part): Piece | undefined {
    if (!this.has(from, to)) return undefined;
    const unmoved = to < this.#start;
    const old = this.#byBase.get(unmoved ? from : from - this.#moved);
    if (old?.length !== to - from || old.owner !== owner) return undefined;
    return unmoved ? old : { ...old, base: from };
  }
}

/** Reads of properties of bags, put into the pieces they stand in. Made for the whole file each time: such files are few. */
function withReads(pieces: readonly Piece[], reads: readonly Omit<BagRead, 'f'>[]): Piece[] {
  return pieces.map((piece) => {
    const own: BagRead[] = reads
      .filter((read) => read.at >= piece.base && read.at < piece.base + piece.length)
      .map((read) => {
        const at = read.at - piece.base;
        const { e, key } = read;
        return {
          ...read,
          at,
          end: read.end - piece.base,
          f: innermostFunction(piece.fns, at),
          ...(e && { e: shifted(e, -piece.base) }),
          ...(key && { key: shifted(key, -piece.base) }),
        };
      });
    const others = piece.reads.filter((read) => own.every(({ at }) => at !== read.at));
    return own.length === 0 ? piece : { ...piece, reads: [...others, ...own] };
  });
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
