import type { Node } from 'web-tree-sitter';
import type { Declaration, FileSummary, FunctionSummary, Piece, Span } from '../summary';

/** A name that code at some place uses. Offsets of the text. */
export interface NameUse {
  readonly name: string;
  readonly at: number;
}

const nameLeaf =
  /identifier|^name$|^constant$|variable_name$|^(?:instance|class|global)_variable$|^self(?:_expression)?$|^this(?:_expression)?$/;

/** Names that a node looks up: none of members, of labels of arguments, nor what stands between `skipped`. */
export function namesIn(node: Node, text: string, skipped: Span): NameUse[] {
  const uses: NameUse[] = [];
  const waiting: Node[] = [node];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    if (skipped[0] <= at.startIndex && at.endIndex <= skipped[1]) continue;
    const isWhole = at.childCount === 0 || at.type === 'variable_name' || at.type.endsWith('_variable');
    if (!isWhole) waiting.push(...at.children);
    else if (nameLeaf.test(at.type)) {
      const before = text.slice(Math.max(node.startIndex, at.startIndex - 3), at.startIndex);
      const after = text.slice(at.endIndex, at.endIndex + 3);
      const isMember = /(?:\.|->|::)\s*$/.test(before);
      const isLabel = /^\s*(?::(?!:)|=(?![=>~]))/.test(after);
      if (!isMember && !isLabel) uses.push({ name: text.slice(at.startIndex, at.endIndex), at: at.startIndex });
    }
  }
  return uses;
}

/** The names of a file and where each counts, in offsets of the text. */
export class Names {
  constructor(private readonly summary: FileSummary) {}

  /** The innermost declaration that a name means at an offset; undefined where the file declares none. */
  declared(
    name: string,
    at: number,
  ): { readonly it: Declaration; readonly at: number; readonly scope: Span | null } | undefined {
    let found: { it: Declaration; at: number; scope: Span | null } | undefined;
    for (const piece of this.summary.pieces)
      for (const it of piece.decls) {
        if (it.n !== name && `$${it.n}` !== name) continue;
        const scope = shifted(it.scope, piece);
        if (scope && !(scope[0] <= at && at < scope[1])) continue;
        if (!found || (scope && (!found.scope || found.scope[0] <= scope[0])))
          found = { it, at: it.at < 0 ? it.at : it.at + piece.base, scope };
      }
    return found;
  }

  /** What is declared between two offsets and counts beyond them: names with the end of where they count. */
  leaving(from: number, to: number): readonly { readonly name: string; readonly until: number }[] {
    const found = new Map<string, number>();
    for (const piece of this.summary.pieces)
      for (const { n, at, scope, kind } of piece.decls) {
        if (kind === 'param' || at < 0 || at + piece.base < from || at + piece.base >= to) continue;
        const span = shifted(scope, piece);
        if (span && from <= span[0] && span[1] <= to) continue;
        const isOlder = this.summary.pieces.some((other) =>
          other.decls.some((decl) => isBefore(decl, other, n, from, span)),
        );
        if (!isOlder) found.set(n, Math.max(found.get(n) ?? 0, span?.[1] ?? this.summary.length));
      }
    return [...found].map(([name, until]) => ({ name, until }));
  }

  /** The class whose member the code at an offset is part of; null outside of all. */
  classAt(at: number): string | null {
    return this.#around(at).find(({ cls }) => cls !== null)?.cls ?? null;
  }

  /** The names of the functions around an offset say where they begin, the innermost first. */
  #around(at: number): readonly FunctionSummary[] {
    const found: { it: FunctionSummary; from: number }[] = [];
    for (const piece of this.summary.pieces)
      for (const it of piece.fns)
        if (it.from + piece.base <= at && at < it.to + piece.base) found.push({ it, from: it.from });
    return found.sort((a, b) => b.from - a.from).map(({ it }) => it);
  }

  isMember(cls: string, name: string): boolean {
    return this.summary.pieces.some((piece) => piece.members.some(({ c, n }) => c === cls && n === name));
  }
}

function shifted(scope: Span | null, { base }: Piece): Span | null {
  return scope && [scope[0] + base, scope[1] + base];
}

function isBefore(decl: Declaration, piece: Piece, name: string, from: number, scope: Span | null): boolean {
  if (decl.n !== name || decl.at + piece.base >= from) return false;
  const own = shifted(decl.scope, piece);
  return scope === null ? own === null : own !== null && own[0] <= scope[0] && scope[1] <= own[1];
}
