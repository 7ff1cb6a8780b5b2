import { lastName, type Declaration, type Piece } from '../summary';

/** The names of one piece, indexed. Depends on the piece alone, so an edit elsewhere in its file leaves it as it is. */
export interface PieceNames {
  /** Declared for the whole file. */
  readonly globals: readonly Declaration[];
  /** Declared inside the piece, by name. */
  locals(name: string): readonly Declaration[];
  /** Declarations that come from another module. */
  readonly imports: readonly Declaration[];
  /** Last names of everything called. */
  readonly called: ReadonlySet<string>;
  /** Of a variable that holds what a call gave: the name by which that is called. */
  madeBy(name: string): string | undefined;
}

/** By the list of declarations, which a piece that an edit moved keeps. */
const known = new WeakMap<Piece['decls'], PieceNames>();
const none: readonly Declaration[] = [];

export function namesOf(piece: Piece): PieceNames {
  let names = known.get(piece.decls);
  if (!names) {
    names = new Names(piece);
    known.set(piece.decls, names);
  }
  return names;
}

class Names implements PieceNames {
  readonly globals: readonly Declaration[];
  readonly imports: readonly Declaration[];
  readonly #decls: Piece['decls'];
  readonly #calls: Piece['calls'];
  #locals: Map<string, Declaration[]> | undefined;
  #called: Set<string> | undefined;
  #made: Map<string, string> | undefined;

  constructor({ decls, calls }: Piece) {
    this.#decls = decls;
    this.#calls = calls;
    this.globals = some(decls, (decl) => decl.scope === null);
    this.imports = some(decls, (decl) => decl.m !== undefined || decl.kind === 'import');
  }

  locals(name: string): readonly Declaration[] {
    if (!this.#locals) {
      this.#locals = new Map();
      for (const decl of this.#decls) {
        if (decl.scope === null) continue;
        const list = this.#locals.get(decl.n);
        if (list) list.push(decl);
        else this.#locals.set(decl.n, [decl]);
      }
    }
    return this.#locals.get(name) ?? none;
  }

  madeBy(name: string): string | undefined {
    if (!this.#made) {
      this.#made = new Map();
      const names = new Map(this.#calls.map(({ id, c }) => [id, lastName(c)]));
      for (const { n, e, prop } of this.#decls) {
        const made = e?.k === 'call' && prop === undefined ? names.get(e.id) : undefined;
        if (made !== undefined) this.#made.set(n, made);
      }
    }
    return this.#made.get(name);
  }

  get called(): ReadonlySet<string> {
    if (!this.#called) {
      this.#called = new Set();
      for (const { c } of this.#calls) if (c.k === 'id' || c.k === 'mem') this.#called.add(c.n);
    }
    return this.#called;
  }
}

/** Those that pass. Of most pieces all or none do: then there is no other list to hold. */
function some(decls: readonly Declaration[], passes: (decl: Declaration) => boolean): readonly Declaration[] {
  const found = decls.filter(passes);
  return found.length === decls.length ? decls : found.length === 0 ? none : found;
}
