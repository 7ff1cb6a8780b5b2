import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Family } from '../../summary';
import type { Role } from './role';

/**
 * A language as the walker needs it. To write one, print the trees of a page of code (a construct a line; print fields
 * too), then say for each node type what it is:
 *
 * ```ts
 * const roles: Roles = {
 *   line_comment: () => ({ is: 'skip' }),
 *   identifier: (node) => ({ is: 'name', n: node.text, at: node }),
 *   call_expression: (node) => ({ is: 'call', callee: first(node), args: argumentsOf(node) }),
 *   if_expression: (node) => ({ is: 'if', conditions: [...], then: [...], other: [...] }),
 * };
 * export const kotlin: LanguageSupport = { …, extractor: grammarExtractor({ family: 'java', roles, … }) };
 * ```
 *
 * - A role function reads its node and its children, and must not throw on broken trees: any child may be missing.
 * - It answers null for what is nothing special: its children are read all the same. Node types without a role need no
 *   line, and a wrapper whose only child counts (parentheses) is `inner`.
 * - Tokens stand in `children` only where a field names them or `tokens` lists them.
 * - What a library function says may be its role: Kotlin's `listOf("a")` is a `list`, `"a".equals(b)` a `binary`.
 * - Where the grammar reads something wrongly, put it right in the role: `node.as(…)`, `node.of(…)` make nodes.
 */
export interface LanguageGrammar {
  readonly family: Family;
  /** See `Extractor.shares`. */
  readonly shares?: string;
  readonly roles: Roles;
  /** Node types of which nobody asks what they consist of: names, numbers, comments. They save most of the reading. */
  readonly leaves: readonly string[];
  /** Tokens that roles ask for and no field names: `else`, `=`. */
  readonly tokens?: readonly string[];
  /** Types of top-level classes, whose members are read one by one where they are long, and of their bodies. */
  readonly classes: readonly string[];
  readonly bodies: readonly string[];
  /** Types of assignments of all kinds: what they assign to has more than one value. */
  readonly assignments: readonly string[];
  /** Local variables are declared by assigning to them; they count in the whole function. */
  readonly assignmentDeclares?: true;
  /** The package or namespace of a file, told by the text of its top-level nodes alone; empty: none. */
  readonly packageOf?: (root: Node) => string;
  /** Methods of a tracer whose first argument names a span. */
  readonly spans: readonly string[];
  /** What a lambda without parameters calls the one it is given: `it`, `$0`. */
  readonly implicit?: string;
}

export type Roles = Readonly<Record<string, (node: Node) => Role | null>>;
