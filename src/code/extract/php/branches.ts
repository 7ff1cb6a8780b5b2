import type { Role } from '../grammar/role';
import type { SyntaxNode as Node } from '../../syntaxTree';

/**
 * Markup between the sides belongs to the side above it. What follows an `elseif` is its own other side: the rest is
 * read as an `if` that begins there.
 */
export function ifOf(node: Node): Role {
  const condition = node.childForFieldName('condition');
  const rest = node.namedChildren.filter((child) => child !== condition && child.type !== 'comment');
  const next = rest.findIndex(({ type }) => type === 'else_if_clause' || type === 'else_clause');
  const other = next < 0 ? [] : rest.slice(next);
  const [first] = other;
  const chained = first?.type === 'else_if_clause' ? [node.of([...first.children, ...other.slice(1)])] : other;
  return {
    is: 'if',
    conditions: condition ? [condition] : [],
    then: next < 0 ? rest : rest.slice(0, next),
    other: chained,
  };
}
