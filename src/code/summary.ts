import type { Json } from '../model/json';
import type { ComparisonOperator } from '../model/reference';

/** Languages that share SDKs and import each other's files. Kotlin is of Java's. */
export type Family = 'ecmascript' | 'python' | 'go' | 'java' | 'csharp' | 'ruby' | 'php' | 'rust' | 'swift' | 'shell';

/**
 * What one file says, without its syntax tree: the only thing kept and persisted of a file, and all that resolving
 * across files reads. A file is a list of pieces (top-level statements, members of large classes), so that an edit
 * makes only the touched piece anew; offsets inside a piece are UTF-16 units from the piece's `base`.
 */
export interface FileSummary {
  readonly path: string;
  readonly family: Family;
  /** Specifier of the package whose top-level names the file sees without an import; null where it sees its own only. */
  readonly shares: string | null;
  readonly pieces: readonly Piece[];
  /** Offset of every line start. */
  readonly lineStarts: readonly number[];
  readonly length: number;
  /** Why the file was not read whole. */
  readonly truncated: string | null;
  readonly generated: boolean;
  /** Only where some pieces are unread: names of wrappers that were looked for in these. */
  readonly sought?: readonly string[];
}

/** An expression as far as keys, receivers and conditions need it. `at` is where its naming token starts. */
export type Expr =
  | { readonly k: 'str'; readonly v: string; readonly at: number }
  | { readonly k: 'lit'; readonly v: number | boolean | null }
  | { readonly k: 'id'; readonly n: string; readonly at: number }
  | { readonly k: 'mem'; readonly o: Expr; readonly n: string; readonly at: number }
  | { readonly k: 'obj'; readonly m: readonly (readonly [string, Expr])[] }
  | { readonly k: 'arr'; readonly e: readonly Expr[] }
  | { readonly k: 'tpl'; readonly s: readonly string[]; readonly e: readonly Expr[]; readonly at: number }
  /** `id` names a {@link Call} of the same piece. */
  | { readonly k: 'call'; readonly id: number }
  /** Index into the piece's functions. */
  | { readonly k: 'fn'; readonly f: number }
  | { readonly k: 'not'; readonly e: Expr }
  | { readonly k: 'cmp'; readonly eq: boolean; readonly a: Expr; readonly b: Expr }
  /** Ordered: `a > b`. */
  | { readonly k: 'rel'; readonly op: ComparisonOperator; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'and' | 'or'; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'cond'; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'none' };

/** An offset outside of every function and class: names there mean what the file declares. */
export const nowhere = -1;

export type Span = readonly [from: number, to: number];

/** A name that can be looked up. It counts inside `scope`; null = in the whole file. */
export interface Declaration {
  readonly n: string;
  readonly kind: 'const' | 'let' | 'param' | 'import' | 'function' | 'class' | 'enum';
  readonly scope: Span | null;
  readonly at: number;
  readonly e?: Expr;
  /** Name of its type where annotated simply. */
  readonly t?: string;
  /** Imports: module and imported name (`*` namespace, `default`). */
  readonly m?: string;
  readonly x?: string;
  /** Functions and parameters: index of the function; parameters: position. */
  readonly f?: number;
  readonly i?: number;
  /** Parameters: what a call names it by, where that is another word (Swift). */
  readonly label?: string;
  /** Destructured: the property taken out of `e` or of the parameter, and the properties it is taken out of first. */
  readonly prop?: string;
  readonly within?: readonly string[];
}

/** A decorator, annotation or attribute: `@app.get('/x', …)` is `n` of `o`, given `a` and `kw`. */
export interface Decorator {
  readonly n: string;
  readonly a: readonly Expr[];
  readonly o?: Expr;
  readonly kw?: Call['kw'];
}

export interface FunctionSummary {
  readonly from: number;
  readonly to: number;
  /** Start of the declaration or registration, where a lens goes. */
  readonly head: number;
  /** Own name (null: anonymous) and qualified name. */
  readonly n: string | null;
  readonly q: string | null;
  readonly method: boolean;
  /** Class it is a member of. */
  readonly cls: string | null;
  /** Names by which the object it is a member of may be known: its variable, its declared type, the maker's return type. */
  readonly owners: readonly string[];
  /** Enclosing function, -1 at the top. */
  readonly parent: number;
  readonly ret: string | null;
  readonly rets: readonly Expr[];
  readonly deco: readonly Decorator[];
  readonly spans: readonly { readonly recv: Expr; readonly name: string }[];
  readonly calls: readonly string[];
}

export interface Call {
  /** Offset of its end, plus less than 1 where other calls end there too: unique among calls. */
  readonly id: number;
  readonly from: number;
  readonly c: Expr;
  readonly a: readonly Expr[];
  /** Arguments given by name: Python's, C#'s. */
  readonly kw?: readonly (readonly [string, Expr])[];
  readonly kind: 'call' | 'new' | 'jsx' | 'decorator' | 'template';
  /** The type that it hands out an instance of, where it is given one: `provider.GetRequiredService<IFlags>()`. */
  readonly t?: string;
  /** Enclosing function, -1 at the top. */
  readonly f: number;
}

/** Lines that depend on a condition: `then` runs when it holds, `other` when it does not. */
export interface Guard {
  readonly cond: Expr;
  readonly then: Span | null;
  readonly other: Span | null;
}

/** A read of a property of a variable, kept where the variable may be a bag of flags. */
export interface BagRead {
  readonly o: string;
  readonly n: string;
  readonly at: number;
  readonly end: number;
  readonly f: number;
  /** The bag, where it is more than a variable. */
  readonly e?: Expr;
  /** What names the property, where that is no text but a constant; `n` is empty then. */
  readonly key?: Expr;
}

export interface Member {
  readonly c: string;
  readonly n: string;
  readonly f?: number;
  readonly t?: string;
  readonly e?: Expr;
  /** A case of an enum, which stands for the text that `e` is. */
  readonly entry?: true;
}

export interface ClassSummary {
  readonly n: string;
  readonly ext: Expr | null;
  readonly impl: readonly string[];
  /** A name for texts (`type Flag string`), an interface, which whoever has its methods implements, or an enum of instances. */
  readonly of?: 'string' | 'interface' | 'enum';
  /** Declared in several files. */
  readonly partial?: true;
  /** Where it stands, in languages whose classes see their members by name alone. */
  readonly span?: Span;
  readonly deco: readonly Decorator[];
}

export interface Export {
  readonly n: string;
  /** Local name, or expression, or name `x` of module `m`. */
  readonly local?: string;
  readonly e?: Expr;
  readonly m?: string;
  readonly x?: string;
}

export interface Piece {
  readonly base: number;
  readonly length: number;
  /** Class it is a member of, where the class is cut into pieces; else empty. */
  readonly owner: string;
  readonly decls: readonly Declaration[];
  readonly fns: readonly FunctionSummary[];
  readonly classes: readonly ClassSummary[];
  readonly members: readonly Member[];
  readonly calls: readonly Call[];
  readonly guards: readonly Guard[];
  readonly reads: readonly BagRead[];
  readonly exports: readonly Export[];
  /** Modules whose names are all exported again. */
  readonly stars: readonly string[];
  readonly deep: boolean;
  /** Reading the file took too long: what stands here is known up to some place, or not at all. */
  readonly late?: true;
  /** Only what it declares and exports was read: the rest asks for no flag. Its functions are known by name and place. */
  readonly unread?: true;
}

/** Before the name of a class, among {@link Piece.stars}, whose static members a file sees without naming it. */
export const staticStar = 'static ';

/** Before one that all files see. */
export const globalStar = 'global ';
/** Before a namespace in which the file declares its names, where paths do not tell. */
export const ownStar = 'namespace ';

/** Value of a literal expression, where it is one. */
export function literalOf(e: Expr | undefined): { readonly value: Json } | undefined {
  if (e?.k === 'str' || e?.k === 'lit') return { value: e.v };
  if (e?.k === 'not' && e.e.k === 'lit') return { value: !e.e.v };
  if (e?.k === 'obj' && e.m.length === 0) return { value: {} };
  if (e?.k === 'arr' && e.e.length === 0) return { value: [] };
  return undefined;
}

/** Last name of a callee: `c` of `a.b.c`. */
export function lastName(e: Expr): string | undefined {
  return e.k === 'id' || e.k === 'mem' ? e.n : undefined;
}

/** Last name that tells the receiver: `client` of `this.client`, `getClient` of `x.getClient()`. */
export function receiverName(piece: Piece, e: Expr): string {
  // PHP's variables are known without their sign, Rust's modules without what stands behind them.
  if (e.k === 'id' || e.k === 'mem') return e.n.replace(/^\$(?=.)|::$/g, '');
  if (e.k === 'call') {
    const call = callById(piece, e.id);
    return call ? receiverName(piece, call.c) : '';
  }
  return '';
}

/** By the list of calls, which a piece that an edit moved keeps. */
const callIndex = new WeakMap<Piece['calls'], Map<number, Call>>();

export function callById(piece: Piece, id: number): Call | undefined {
  let index = callIndex.get(piece.calls);
  if (!index) {
    index = new Map(piece.calls.map((call) => [call.id, call]));
    callIndex.set(piece.calls, index);
  }
  return index.get(id);
}
