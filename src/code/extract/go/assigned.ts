import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { parts } from './expressions';

/** Names that a function, or one inside it, assigns again: what they hold cannot be told. */
export function assignedNames(draft: Draft, body: Node): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of body.descendantsOfType(['assignment_statement', 'inc_statement', 'dec_statement'])) {
    const left = node.childForFieldName('left') ?? node;
    for (const target of parts(left)) if (target.type === 'identifier') names.add(draft.textOf(target));
  }
  return names;
}

/** Names that `:=` gives a value twice in one block: the second assigns. */
export function againInBlock(draft: Draft, block: Node): ReadonlySet<string> {
  const once = new Set<string>();
  const again = new Set<string>();
  for (const statement of parts(block).flatMap(parts)) {
    const left = statement.type === 'short_var_declaration' ? statement.childForFieldName('left') : null;
    for (const name of left ? parts(left) : []) {
      const n = draft.textOf(name);
      if (once.has(n)) again.add(n);
      once.add(n);
    }
  }
  return again;
}
