import type { ClassSummary, Declaration, Export, FileSummary, FunctionSummary, Member, Piece } from '../summary';

/** Something of a file together with the piece its offsets belong to. */
export interface In<T> {
  readonly piece: Piece;
  readonly it: T;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

const global = (decl: Declaration): boolean => decl.scope === null;

/** A file summary with its names indexed. Cheap to make, so it is made anew with each summary. */
export class FileView {
  readonly #declarations = new Map<string, In<Declaration>[]>();
  readonly #classes = new Map<string, In<ClassSummary>>();
  readonly #members = new Map<string, Map<string, In<Member>>>();
  readonly exports = new Map<string, In<Export>>();
  readonly stars: readonly string[];
  /** Modules imported or exported from. */
  readonly modules: ReadonlySet<string>;
  /** Last names of everything called. */
  readonly callNames: ReadonlySet<string>;
  /** Imported name by local name, where they differ. */
  readonly aliases: ReadonlyMap<string, string>;

  constructor(readonly summary: FileSummary) {
    const stars: string[] = [];
    const modules = new Set<string>();
    const callNames = new Set<string>();
    const aliases = new Map<string, string>();
    for (const piece of summary.pieces) {
      for (const it of piece.decls) {
        append(this.#declarations, it.n, { piece, it });
        if (it.m !== undefined) modules.add(it.m);
        if (it.kind === 'import' && it.x !== undefined && it.x !== it.n) aliases.set(it.n, it.x);
      }
      for (const it of piece.classes) if (!this.#classes.has(it.n)) this.#classes.set(it.n, { piece, it });
      for (const it of piece.members) {
        const members = this.#members.get(it.c) ?? new Map<string, In<Member>>();
        this.#members.set(it.c, members);
        // A declared field or method says more than an assignment in some method.
        const known = members.get(it.n);
        if (!known || (known.it.f === undefined && known.it.t === undefined && !known.it.e))
          members.set(it.n, { piece, it });
      }
      for (const it of piece.exports) {
        this.exports.set(it.n, { piece, it });
        if (it.m !== undefined) modules.add(it.m);
      }
      for (const star of piece.stars) {
        stars.push(star);
        modules.add(star);
      }
      for (const call of piece.calls) if (call.c.k === 'id' || call.c.k === 'mem') callNames.add(call.c.n);
    }
    this.stars = stars;
    this.modules = modules;
    this.callNames = callNames;
    this.aliases = aliases;
  }

  get path(): string {
    return this.summary.path;
  }

  /** The declaration a name means at an offset of a piece: the innermost one around it, else the file's. */
  lookup(name: string, piece: Piece, at: number): In<Declaration> | undefined {
    let best: In<Declaration> | undefined;
    for (const found of this.#declarations.get(name) ?? []) {
      const { scope } = found.it;
      if (!scope) {
        if (!best || (global(best.it) && found.it.kind !== 'let')) best = found;
      } else if (found.piece === piece && scope[0] <= at && at < scope[1]) {
        if (!best?.it.scope || best.it.scope[0] <= scope[0]) best = found;
      }
    }
    return best;
  }

  topLevel(name: string): In<Declaration> | undefined {
    return this.#declarations.get(name)?.find((found) => global(found.it));
  }

  class(name: string): In<ClassSummary> | undefined {
    return this.#classes.get(name);
  }

  member(className: string, name: string): In<Member> | undefined {
    return this.#members.get(className)?.get(name);
  }

  classOf(fn: FunctionSummary | undefined): In<ClassSummary> | undefined {
    return fn?.cls === null || fn === undefined ? undefined : this.class(fn.cls);
  }

  /** 1-based position of an offset of a piece. */
  position(piece: Piece, offset: number): Position {
    const at = Math.max(0, piece.base + offset);
    const { lineStarts } = this.summary;
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((lineStarts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (lineStarts[low] ?? 0) + 1 };
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Innermost function around an offset of a piece. */
export function functionAround(piece: Piece, at: number): FunctionSummary | undefined {
  let best: FunctionSummary | undefined;
  for (const fn of piece.fns) if (fn.from <= at && at < fn.to && (!best || fn.from >= best.from)) best = fn;
  return best;
}
