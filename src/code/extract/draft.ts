import type { SyntaxNode as Node } from '../syntaxTree';
import type {
  BagRead,
  Call,
  ClassSummary,
  Declaration,
  Export,
  Expr,
  FunctionSummary,
  Guard,
  Member,
  Piece,
  Span,
} from '../summary';

/** How a function is called and known, decided by what it is bound to. */
export interface Naming {
  readonly n: string | null;
  readonly q: string | null;
  readonly head: number;
  readonly cls: string | null;
  readonly method: boolean;
  readonly owners: readonly string[];
  readonly deco: FunctionSummary['deco'];
}

/** A function whose body is being read. */
export type FunctionDraft = Omit<FunctionSummary, 'rets' | 'spans' | 'calls' | 'parent'> & {
  parent: number;
  readonly rets: Expr[];
  readonly spans: FunctionSummary['spans'][number][];
  readonly calls: string[];
};

/** A piece while it is made. Offsets given to it are absolute; what it keeps is relative to `base`. */
export class Draft {
  readonly decls: Declaration[] = [];
  readonly fns: FunctionDraft[] = [];
  readonly classes: ClassSummary[] = [];
  readonly members: Member[] = [];
  readonly calls: Call[] = [];
  readonly guards: Guard[] = [];
  readonly reads: BagRead[] = [];
  readonly exports: Export[] = [];
  readonly stars: string[] = [];
  deep = false;
  /** Function being visited, -1 outside. */
  fn = -1;
  /** Block being visited: where const and let count; null at the file's top. */
  block: Span | null = null;
  /** Names the qualified name of what is declared here starts with. */
  prefix: readonly string[] = [];
  readonly #functions = new Map<number, number>();
  readonly #calls = new Map<number, Call>();

  constructor(
    readonly base: number,
    readonly text: string,
    /** Class the piece is a member of, when that class is cut into pieces. */
    readonly owner = '',
  ) {}

  textOf(node: Node): string {
    return this.text.slice(node.startIndex, node.endIndex);
  }

  span(node: Node): Span {
    return [node.startIndex - this.base, node.endIndex - this.base];
  }

  at(node: Node): number {
    return node.startIndex - this.base;
  }

  call(id: number): Call | undefined {
    return this.#calls.get(id);
  }

  addCall(call: Call): void {
    this.#calls.set(call.id, call);
    this.calls.push(call);
  }

  /** Index of the function that starts at this node; the first to ask names it. */
  functionAt(node: Node, ret: string | null, naming?: Naming): number {
    const known = this.#functions.get(node.startIndex);
    if (known !== undefined) {
      const draft = this.fns[known];
      if (naming && draft?.n === null) Object.assign(draft, naming);
      return known;
    }
    const [from, to] = this.span(node);
    const index = this.fns.length;
    this.fns.push({
      from,
      to,
      head: from,
      n: null,
      q: null,
      cls: null,
      method: false,
      owners: [],
      parent: this.fn,
      ret,
      rets: [],
      deco: [],
      spans: [],
      calls: [],
      ...naming,
    });
    this.#functions.set(node.startIndex, index);
    return index;
  }

  /** Name inside what encloses it. */
  qualified(name: string): string {
    return [...this.prefix, name].join('.');
  }

  finish(length: number): Piece {
    const declared = new Map(this.decls.map((decl) => [decl.n, decl]));
    const mayBeFlag = (e: Expr): boolean => {
      switch (e.k) {
        case 'call':
          return true;
        case 'id': {
          const decl = declared.get(e.n);
          return !decl || (decl.e !== undefined && decl.e.k !== 'str' && decl.e.k !== 'lit' && decl.e.k !== 'fn');
        }
        case 'mem':
          return mayBeFlag(e.o);
        case 'not':
          return mayBeFlag(e.e);
        case 'cmp':
        case 'and':
        case 'or':
          return mayBeFlag(e.a) || mayBeFlag(e.b);
        default:
          return false;
      }
    };
    return {
      base: this.base,
      length,
      owner: this.owner,
      decls: this.decls,
      fns: this.fns,
      classes: this.classes,
      members: this.members,
      calls: this.calls,
      guards: this.guards.filter((guard) => mayBeFlag(guard.cond)),
      reads: this.reads,
      exports: this.exports,
      stars: this.stars,
      deep: this.deep,
    };
  }
}
