import { sameEnds } from '../parse';
import type { BagRead, FileSummary, Piece } from '../summary';
import type { SyntaxNode as Node, Untouched } from '../syntaxTree';
import { Builder } from './build';
import { Draft } from './draft';
import { expression, parts } from './expressions';

/** Class bodies longer than this are cut into a piece a member, so that an edit costs one member. */
const longClass = 3_000;

interface Part {
  readonly from: number;
  readonly to: number;
  readonly owner: string;
  make(draft: Draft): void;
}

export interface Previous {
  readonly summary: FileSummary;
  readonly text: string;
}

/** Reads the tree, without what is below nodes that an edit left untouched. */
type Read = (untouched?: Untouched) => Node;

/**
 * Summary of a parsed file. Pieces whose text and place in the file's structure are as before are taken over from
 * `previous`, moved. `path` is relative to the root.
 */
export function summarize(path: string, text: string, read: Read, previous?: Previous): FileSummary {
  const bags = bagNames(text);
  const before = previous && new Before(previous, text);
  // Reads of bags are looked for in the whole file.
  let pieces = before && bags.length === 0 ? piecesOf(read(before), text, before, true) : undefined;
  if (!pieces) {
    const root = read();
    const all = piecesOf(root, text, before, false) ?? [];
    pieces = bags.length > 0 ? withReads(all, root, text, bags) : all;
  }
  return {
    path,
    pieces,
    lineStarts: lineStarts(text),
    length: text.length,
    truncated: pieces.some((piece) => piece.deep) ? 'nested too deeply to be read whole' : null,
    generated: /@generated|DO NOT EDIT|auto-?generated/i.test(text.slice(0, 1_000)),
  };
}

/** The pieces of a file; undefined when one has to be made of nodes that were left out as untouched. */
function piecesOf(root: Node, text: string, before: Before | undefined, partly: boolean): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const part of partsOf(root)) {
    const old = before?.piece(part);
    if (old) {
      pieces.push(old);
      continue;
    }
    if (partly && before?.has(part.from, part.to) === true) return undefined;
    const draft = new Draft(part.from, text, part.owner);
    part.make(draft);
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
    this.#start = start;
    this.#end = text.length - end;
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

function* partsOf(root: Node): Generator<Part> {
  for (const statement of root.namedChildren) {
    const declaration = statement.type === 'export_statement' ? statement.childForFieldName('declaration') : statement;
    const body =
      declaration?.type.endsWith('class_declaration') === true ? declaration.childForFieldName('body') : null;
    if (declaration && body && body.endIndex - body.startIndex > longClass)
      yield* classParts(statement, declaration, body);
    else
      yield {
        from: statement.startIndex,
        to: statement.endIndex,
        owner: '',
        make: (draft) => new Builder(draft).visit(statement),
      };
  }
}

function* classParts(statement: Node, declaration: Node, body: Node): Generator<Part> {
  const name = declaration.childForFieldName('name')?.text ?? '';
  yield {
    from: statement.startIndex,
    to: body.startIndex,
    owner: ' head',
    make: (draft) => new Builder(draft).classHead(statement, declaration),
  };
  let group: Node[] = [];
  for (const member of parts(body)) {
    group.push(member);
    if (member.type === 'decorator') continue;
    const members = group;
    group = [];
    yield {
      from: (members[0] ?? member).startIndex,
      to: member.endIndex,
      owner: name,
      make: (draft) => new Builder(draft).members(members, name),
    };
  }
}

/** Variables that hold all flags at once: `const flags = useFlags()`. */
function bagNames(text: string): string[] {
  if (!/useFlags|allFlags|allValues|toJSON/.test(text)) return [];
  const names = new Set<string>();
  for (const match of text.matchAll(
    /\b(?:const|let|var)\s+([\w$]+)\s*=\s*(?:await\s+)?[\w$.?]*\b(?:useFlags|allFlags|allValues|toJSON)\s*\(/g,
  )) {
    if (match[1] !== undefined) names.add(match[1]);
  }
  return [...names];
}

/** Reads of properties of bags, put into the pieces they stand in. Made for the whole file each time: such files are few. */
function withReads(pieces: readonly Piece[], root: Node, text: string, bags: readonly string[]): Piece[] {
  const reads = root.descendantsOfType(['member_expression', 'subscript_expression']).flatMap((node) => {
    const object = node.childForFieldName('object');
    if (object?.type !== 'identifier' || !bags.includes(text.slice(object.startIndex, object.endIndex))) return [];
    const read = expression(new Draft(0, text), node);
    return read.k === 'mem' && read.o.k === 'id' ? [{ o: read.o.n, n: read.n, at: read.at, end: node.endIndex }] : [];
  });
  return pieces.map((piece) => {
    const own: BagRead[] = reads
      .filter((read) => read.at >= piece.base && read.at < piece.base + piece.length)
      .map((read) => {
        const at = read.at - piece.base;
        return { ...read, at, end: read.end - piece.base, f: innermost(piece, at) };
      });
    return own.length === 0 && piece.reads.length === 0 ? piece : { ...piece, reads: own };
  });
}

function innermost(piece: Piece, at: number): number {
  let found = -1;
  piece.fns.forEach((fn, index) => {
    const best = piece.fns[found];
    if (fn.from <= at && at < fn.to && (!best || fn.from >= best.from)) found = index;
  });
  return found;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
