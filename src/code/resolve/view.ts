import { namesOf } from './pieceNames';
import type { ClassSummary, Declaration, Export, FileSummary, FunctionSummary, Member, Piece } from '../summary';

/** Something of a file together with the piece its offsets belong to. */
export interface In<T> {
  readonly piece: Piece;
  readonly it: T;
  /** The same name's declarations, where a file has several: `if hosted: client = A() else: client = B()`. */
  readonly all?: readonly In<T>[];
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file summary with its names indexed. Cheap to make, so it is made anew with each summary. */
export class FileView {
  readonly #globals = new Map<string, In<Declaration>[]>();
  readonly #classes = new Map<string, In<ClassSummary>>();
  readonly #members = new Map<string, Map<string, In<Member>>>();
  readonly exports = new Map<string, In<Export>>();
  readonly stars: readonly string[];
  /** Modules imported or exported from. */
  readonly modules: ReadonlySet<string>;
  /** Imported name by local name, where they differ. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Modules whose default is imported. */
  readonly defaults: ReadonlySet<string>;

  constructor(readonly summary: FileSummary) {
    const stars: string[] = [];
    const modules = new Set<string>();
    const aliases = new Map<string, string>();
    const defaults = new Set<string>();
    for (const piece of summary.pieces) {
      const names = namesOf(piece);
      for (const it of names.globals) append(this.#globals, it.n, { piece, it });
      for (const it of names.imports) {
        if (it.m !== undefined) modules.add(it.m);
        // What Python imports from a package may be a module of it.
        if (it.m !== undefined && it.x !== undefined && summary.family === 'python') modules.add(`${it.m}.${it.x}`);
        if (it.kind === 'import' && it.x !== undefined && it.x !== it.n) aliases.set(it.n, it.x);
        if (it.x === 'default' && it.m !== undefined) defaults.add(it.m);
      }
      for (const it of piece.classes) this.#addClass({ piece, it });
      for (const it of piece.members) {
        const members = this.#members.get(it.c) ?? new Map<string, In<Member>>();
        this.#members.set(it.c, members);
        // A declared field or method says more than an assignment in some method; that says what a declared one holds.
        const known = members.get(it.n);
        if (!known || (known.it.f === undefined && known.it.t === undefined && !known.it.e))
          members.set(it.n, { piece, it });
        else if (known.it.f === undefined && !known.it.e && it.e && it.f === undefined)
          members.set(it.n, { piece, it: { ...known.it, e: it.e } });
      }
      for (const it of piece.exports) {
        this.exports.set(it.n, { piece, it });
        if (it.m !== undefined) modules.add(it.m);
      }
      for (const star of piece.stars) {
        stars.push(star);
        modules.add(star);
      }
    }
    this.stars = stars;
    this.modules = modules;
    this.aliases = aliases;
    this.defaults = defaults;
  }

  /** The first of a name counts; what Rust's `impl` blocks say that it does counts as well. */
  #addClass({ piece, it }: In<ClassSummary>): void {
    const known = this.#classes.get(it.n);
    if (!known) this.#classes.set(it.n, { piece, it });
    else if (this.summary.family === 'rust') {
      const impl = [...known.it.impl, ...it.impl];
      const isWhole = known.it.partial === true && it.partial !== true;
      this.#classes.set(
        it.n,
        isWhole ? { piece, it: { ...it, impl } } : { piece: known.piece, it: { ...known.it, impl } },
      );
    }
  }

  /** Whether part of the file was left unread. */
  get isSkimmed(): boolean {
    return this.summary.sought !== undefined;
  }

  /** Members of a class that hold values, in the order in which they are declared. */
  fields(className: string): readonly string[] {
    const members = [...(this.#members.get(className) ?? [])];
    return members.filter(([, { it }]) => it.f === undefined).map(([name]) => name);
  }

  /** Whether it calls anything by one of these names. */
  callsAny(names: readonly string[]): boolean {
    return this.summary.pieces.some((piece) => names.some((name) => namesOf(piece).called.has(name)));
  }

  get path(): string {
    return this.summary.path;
  }

  /** The declaration a name means at an offset of a piece: the innermost one around it, else the file's. */
  lookup(name: string, piece: Piece, at: number): In<Declaration> | undefined {
    let inner: Declaration | undefined;
    for (const it of namesOf(piece).locals(name)) {
      const { scope } = it;
      if (scope && scope[0] <= at && at < scope[1] && (!inner?.scope || inner.scope[0] <= scope[0])) inner = it;
    }
    if (inner) return { piece, it: inner };
    let best: In<Declaration> | undefined;
    for (const found of this.#globals.get(name) ?? []) if (!best || found.it.kind !== 'let') best = found;
    return this.#withAll(best);
  }

  /** Variables at the top of the file that hold what is made there. */
  madeHere(): readonly string[] {
    return [...this.#globals].flatMap(([name, all]) =>
      all.some(({ it }) => it.e !== undefined && it.kind !== 'import') ? [name] : [],
    );
  }

  topLevel(name: string): In<Declaration> | undefined {
    return this.#withAll(this.#globals.get(name)?.[0]);
  }

  #withAll(found: In<Declaration> | undefined): In<Declaration> | undefined {
    const { family } = this.summary;
    if (!found || (family !== 'python' && family !== 'ecmascript')) return found;
    const all = this.#globals.get(found.it.n) ?? [];
    return all.length > 1 ? { ...found, all } : found;
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
    // Ids of calls that end together have fractions.
    const at = Math.max(0, Math.floor(piece.base + offset));
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

/** What a folder gives out that is imported as one package: the top-level names of its files (`./a.go`). */
export function packageView(path: string, files: readonly string[]): FileView {
  const piece: Piece = {
    base: 0,
    length: 0,
    owner: '',
    decls: [],
    fns: [],
    classes: [],
    members: [],
    calls: [],
    guards: [],
    reads: [],
    exports: [],
    stars: files,
    deep: false,
  };
  return new FileView({
    path,
    family: 'go',
    shares: null,
    pieces: [piece],
    lineStarts: [0],
    length: 0,
    truncated: null,
    generated: false,
  });
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
