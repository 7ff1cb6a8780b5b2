import type { SyntaxNode as Node } from '../../syntaxTree';

/** First named child of one of the types. */
export function childOf(node: Node | null | undefined, ...types: readonly string[]): Node | null {
  return node?.namedChildren.find(({ type }) => types.includes(type)) ?? null;
}

/** Named children of the types. */
export function childrenOf(node: Node | null | undefined, ...types: readonly string[]): readonly Node[] {
  return node?.namedChildren.filter(({ type }) => types.includes(type)) ?? [];
}

/** Named children between two tokens, or from the start and to the end where there is none. */
export function between(node: Node, from: string | null, to: string | null): readonly Node[] {
  const start = from === null ? 0 : node.children.findIndex(({ isNamed, type }) => !isNamed && type === from) + 1;
  if (from !== null && start === 0) return [];
  const rest = node.children.slice(start);
  const end = to === null ? -1 : rest.findIndex(({ isNamed, type }) => !isNamed && type === to);
  return (end < 0 ? rest : rest.slice(0, end)).filter(({ isNamed }) => isNamed);
}

/** Whether a token stands among the children. */
export function hasToken(node: Node | null | undefined, token: string): boolean {
  return node?.children.some(({ isNamed, type }) => !isNamed && type === token) ?? false;
}

/**
 * A chain of calls and members that starts with a prefix operator, where the grammar binds the prefix closer than what
 * follows: of `!flags.isOn("a")`, read as (!flags).isOn("a"), `flags.isOn("a")` and the `!`. null where there is none.
 */
export function behindPrefix(
  node: Node,
  chained: ReadonlySet<string>,
  prefixOf: (first: Node) => { readonly operator: string; readonly of: Node | null } | null,
): { readonly operator: string; readonly of: Node } | null {
  let first: Node | null = node;
  while (first && chained.has(first.type)) first = first.firstNamedChild;
  const prefix = first && first !== node ? prefixOf(first) : null;
  if (!first || !prefix?.of) return null;
  return { operator: prefix.operator, of: without(node, first, prefix.of) };
}

function without(node: Node, prefix: Node, of: Node): Node {
  if (node === prefix) return of;
  const [first, ...rest] = node.children;
  return first ? node.of([without(first, prefix, of), ...rest]) : node;
}

/** A number as C, Java, Swift and their like write it; NaN where it is none. */
export function numberOf(text: string): number {
  const plain = text.replace(/_/g, '').replace(/[lL]$|(?<!0[xX].*)[fFdD]$/, '');
  return Number(plain);
}
