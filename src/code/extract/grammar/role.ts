import type { SyntaxNode as Node } from '../../syntaxTree';

/**
 * What a node says, in terms that languages share. A language tells it of each of its grammar's node types; the walker
 * turns it into the records of `summary.ts`. Of a node that has none only what stands in it is read.
 *
 * Roles are made when asked for and hold nodes, not other roles: what a child says is asked for in its turn.
 */
export type Role =
  // What can be part of an expression.
  /** A text; nodes are its holes. Adjacent strings are joined. */
  | { readonly is: 'text'; readonly parts: readonly (string | Node)[] }
  | { readonly is: 'value'; readonly v: number | boolean | null }
  | Name
  | MemberOf
  | CallOf
  /** A node that stands around the one that counts: parentheses, casts, `await`, `x!!`. */
  | { readonly is: 'inner'; readonly of: Node | null }
  | { readonly is: 'not'; readonly of: Node | null }
  /** `op` as C writes it (`&&` of Ruby's `and`); `+` joins texts, `??` gives b where a gives nothing. */
  | { readonly is: 'binary'; readonly op: string; readonly a: Node | null; readonly b: Node | null }
  | { readonly is: 'list'; readonly items: readonly Node[] }
  | { readonly is: 'map'; readonly entries: readonly (readonly [key: string | Node, value: Node])[] }
  | IfElse
  | Switch
  | FunctionRole
  // Statements and declarations.
  /** Statements with names of their own. Where it is asked for as a value, its last statement is. */
  | { readonly is: 'block'; readonly statements: readonly Node[] }
  /** Names that count in this node alone: of a loop, a `catch`. */
  | { readonly is: 'scope'; readonly names: readonly Variable[]; readonly children: readonly Node[] }
  | { readonly is: 'variables'; readonly names: readonly Variable[] }
  /** `value` is null where it is computed from what the target held: `n += 1`. */
  | { readonly is: 'assign'; readonly target: Node | null; readonly value: Node | null }
  | { readonly is: 'return'; readonly value: Node | null }
  /** Control goes elsewhere: `throw`, `break`, `continue`. */
  | { readonly is: 'leave' }
  | ClassRole
  /** A member of an enum, given what its maker takes, or the value it stands for. */
  | EnumEntry
  /** What stands in a part of a class that is not one itself: a companion object, a private section. */
  | { readonly is: 'members'; readonly of: readonly Node[] }
  | { readonly is: 'import'; readonly names: readonly Imported[] }
  /** Names that the file declares, or that these statements do, are of this package or namespace. */
  | { readonly is: 'package'; readonly name: string; readonly statements?: readonly Node[] }
  /** Annotations that stand alone, as statements before what they are about. */
  | { readonly is: 'annotated'; readonly annotations: readonly Annotation[] }
  /** Nothing in it concerns us. */
  | { readonly is: 'skip' };

export interface Name {
  readonly is: 'name';
  /** `this` for the object of a method, `super` for its class's base, whatever the language calls them. */
  readonly n: string;
  readonly at: Node;
}

export interface MemberOf {
  readonly is: 'member';
  /** null where the language leaves it out: Swift's `.on`. */
  readonly object: Node | null;
  readonly n: string;
  readonly at: Node;
}

export interface CallOf {
  readonly is: 'call';
  readonly callee: Node | Name | MemberOf | null;
  /** In the order of the text; a block or closure behind the parentheses is the last one. */
  readonly args: readonly Argument[];
  /** Where the language says `new`. */
  readonly makes?: true;
}

export interface Argument {
  readonly value: Node;
  /** Under which it is given, where it is. */
  readonly name?: string | null;
  /** Its name is a label: it has its position as well (Swift). */
  readonly labelled?: true;
}

export interface IfElse {
  readonly is: 'if';
  /** All of them have to hold. */
  readonly conditions: readonly Node[];
  /** `unless`, `guard`: the other side runs when they hold. */
  readonly negated?: true;
  readonly then: readonly Node[];
  readonly other: readonly Node[];
  /** Names that its conditions bind: `if let client = LDClient.get()`. */
  readonly names?: readonly Variable[];
}

/** Without a subject the tests are conditions of their own. */
export interface Switch {
  readonly is: 'switch';
  readonly subject: Node | null;
  readonly cases: readonly SwitchCase[];
}

export interface SwitchCase {
  /** Any of them; what cannot be compared (a type, a range) has no part here, so that the case may have none. */
  readonly tests: readonly Node[];
  readonly body: readonly Node[];
  readonly isDefault: boolean;
  /** Runs on into the next case where it does not leave. */
  readonly falls?: true;
}

export interface FunctionRole {
  readonly is: 'function';
  /** null: has no name of its own (a lambda, an arrow). */
  readonly n: string | null;
  readonly params: readonly Param[];
  /** Empty: only said to exist (an interface's, an abstract one). */
  readonly body: readonly Node[];
  /** The value of its last statement is returned without saying so. */
  readonly lastIsValue: boolean;
  /** Name of the type it returns, where simple. */
  readonly returns: string | null;
  readonly annotations: readonly Annotation[];
  /** Makes instances: a constructor. */
  readonly makes?: true;
  /** Read like a field. */
  readonly getter?: true;
  /** Type that it extends from outside: Kotlin's extension functions. Its own object is then of that type. */
  readonly extends?: string;
  /** Where its declaration starts when that is not the node's own start. */
  readonly head?: Node;
}

export interface Param {
  readonly n: string;
  readonly at: Node;
  /** What a call names it by, where that is another word (Swift). */
  readonly label?: string | null;
  readonly type: string | null;
  readonly value?: Node | null;
  /** Taken by the rest of the arguments. */
  readonly rest?: true;
  /** Declares a field of the class as well; its name, where that is another. */
  readonly field?: true | string;
  readonly annotations?: readonly Annotation[];
}

/** A variable, constant, field or property. */
export interface Variable {
  readonly n: string;
  readonly at: Node;
  readonly type: string | null;
  readonly value: Node | null;
  /** Cannot be assigned again. */
  readonly constant: boolean;
  /** Computes what it gives when it is read: what stands in it. */
  readonly getter?: readonly Node[];
  /** A case of an enum that stands for its value. */
  readonly entry?: true;
  /** Taken out of `value`: the property of this name. */
  readonly property?: string;
  readonly annotations?: readonly Annotation[];
}

export interface ClassRole {
  readonly is: 'class';
  /** Empty: an anonymous one. */
  readonly n: string;
  readonly at: Node;
  /** `object`: its name is the one instance of it. `texts`: a name for texts (`type Flag string`). */
  readonly kind: 'class' | 'interface' | 'enum' | 'object' | 'texts';
  /** Other declarations add to it: an extension, an `impl` block, a partial or reopened class. */
  readonly partial?: true;
  readonly bases: readonly Base[];
  /** What its instances are made with, where the class itself takes it: `class A(val key: String)`. */
  readonly maker: { readonly at: Node; readonly params: readonly Param[] } | null;
  readonly members: readonly Node[];
  readonly annotations: readonly Annotation[];
}

export interface Base {
  readonly of: Node;
  /** `of` names what it stands on, not only what it does. */
  readonly isSuper: boolean;
  /** What the base's maker is given, and the node that gives it: `: Flag("key")`. */
  readonly given?: { readonly at: Node; readonly args: readonly Argument[] };
}

export interface EnumEntry {
  readonly is: 'entry';
  readonly n: string;
  readonly at: Node;
  readonly args: readonly Argument[];
  /** `case newCheckout = "new-checkout"`; a text stands for entries that say nothing. */
  readonly value: Node | string | null;
  readonly members: readonly Node[];
}

export interface Annotation {
  readonly n: string;
  readonly at: Node;
  readonly args: readonly Argument[];
}

export type Imported =
  /** `imported` of `module` under a name of the file's own; `*` is the module itself. */
  | { readonly n: string; readonly module: string; readonly imported: string; readonly at: Node }
  /** A member of a class. */
  | { readonly n: string; readonly member: string; readonly of: string; readonly at: Node }
  /** All names of a module; `static`: the members of a class. */
  | { readonly all: string; readonly isStatic?: true };
