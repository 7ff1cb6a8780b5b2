import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Reading } from './reading';

/** Names that a function, or one in it, gives more than one value: what they hold cannot be told. */
export function changedNames(reading: Reading, fn: Node): ReadonlySet<string> {
  const { assignments, assignmentDeclares } = reading.grammar;
  const changed = new Set<string>();
  const assigned = new Set<string>();
  for (const node of fn.descendantsOfType(assignments)) {
    const role = reading.role(node);
    const target = role?.is === 'assign' && role.target ? reading.role(role.target) : null;
    if (role?.is !== 'assign' || target?.is !== 'name') continue;
    const isFirst = assignmentDeclares === true && role.value !== null && !assigned.has(target.n);
    if (!isFirst) changed.add(target.n);
    assigned.add(target.n);
  }
  return changed;
}
