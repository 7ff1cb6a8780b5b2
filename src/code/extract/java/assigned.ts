import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';

/** Names that a method, or a lambda in it, assigns after they were declared: what they hold cannot be told. */
export function assignedNames(draft: Draft, body: Node): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of body.descendantsOfType(['assignment_expression', 'update_expression'])) {
    const target = node.childForFieldName('left') ?? node.firstNamedChild;
    if (target?.type === 'identifier') names.add(draft.textOf(target));
  }
  return names;
}
