import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';

/**
 * Names that a function gives more than one value, so that none of them can be told, and those it declares `global`
 * or `nonlocal`. Functions inside it count as well: they may write what is outside them.
 */
export function reassigned(draft: Draft, body: Node): { changing: ReadonlySet<string>; global: ReadonlySet<string> } {
  const changing = new Set<string>();
  const global = new Set<string>();
  const once = new Set<string>();
  const assign = (node: Node | null): void => {
    for (const name of node ? targets(node) : []) {
      const n = draft.textOf(name);
      if (once.has(n)) changing.add(n);
      once.add(n);
    }
  };
  const kinds = ['assignment', 'augmented_assignment', 'named_expression', 'for_statement', 'global_statement'];
  for (const node of body.descendantsOfType([...kinds, 'nonlocal_statement'])) {
    if (node.type === 'global_statement' || node.type === 'nonlocal_statement') {
      for (const name of node.namedChildren) global.add(draft.textOf(name));
    } else {
      assign(node.childForFieldName(node.type === 'named_expression' ? 'name' : 'left'));
      if (node.type === 'augmented_assignment' || node.type === 'for_statement')
        for (const name of targets(node.childForFieldName('left'))) changing.add(draft.textOf(name));
    }
  }
  return { changing, global };
}

function targets(node: Node | null): Node[] {
  if (!node) return [];
  if (node.type === 'identifier') return [node];
  return /^(pattern_list|tuple_pattern|list_pattern)$/.test(node.type)
    ? node.namedChildren.filter((child) => child.type === 'identifier')
    : [];
}
