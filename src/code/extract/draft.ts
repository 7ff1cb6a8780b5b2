import type { SyntaxNode as Node } from '../syntaxTree';
import type { Deadline } from './deadline';
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
  late = false;
  /** Function being visited, -1 outside. */
  fn = -1;
  /** Block being visited: where const and let count; null at the file's top. */
  block: Span | null = null;
  /** Names the qualified name of what is declared here starts with. */
  prefix: readonly string[] = [];
  /** What the method being visited calls its object, where the language lets it choose. */
  selfName: string | null = null;
  /** What the object of the extension being visited is declared as. */
  extended: string | null = null;
  /** Where the last URL ends that names a flag: what it consists of names none by itself. */
  urlEnd = -1;
  readonly #functions = new Map<number, number>();
  readonly #calls = new Map<number, Call>();
  /** Start of the call that has an id. */
  readonly #callIds = new Map<number, number>();

  constructor(
    readonly base: number,
    readonly text: string,
    /** Class the piece is a member of, when that class is cut into pieces. */
    readonly owner = '',
    /** None for a part so small that it takes no time. */
    private readonly deadline: Deadline | null = null,
  ) {}

  /** Whether what is below a node stays unread, which is then said: it stands too deep, or reading took too long. */
  leavesOut(depth: number, deepest: number): boolean {
    if (depth >= deepest) this.deep = true;
    else if (this.deadline?.isOver === true) this.late = true;
    else return false;
    return true;
  }

  textOf(node: Node): string {
    return this.text.slice(node.startIndex, node.endIndex);
  }

  span(node: Node): Span {
    return [node.startIndex - this.base, node.endIndex - this.base];
  }

  at(node: Node): number {
    return node.startIndex - this.base;
  }

  /** A method's own object is `this`, whatever it is called. */
  self(name: string): string {
    return name === 'this' && this.extended !== null ? this.extended : name === this.selfName ? 'this' : name;
  }

  /**
   * What a call is known by: the offset of its end, plus a fraction where another call ends there too (Ruby's
   * `puts enabled? :new`).
   */
  callId(node: Pick<Node, 'startIndex' | 'endIndex'>): number {
    let id = node.endIndex - this.base;
    const from = node.startIndex - this.base;
    while (this.#callIds.has(id) && this.#callIds.get(id) !== from) id += 1 / 64;
    this.#callIds.set(id, from);
    return id;
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
        case 'rel':
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
      ...(this.late && { late: true }),
    };
  }
}
