import type { Expr } from '../summary';
import type { SyntaxNode as Node } from '../syntaxTree';
import type { Draft } from './draft';
import { joined } from './template';

/**
 * What an operator that most languages write alike says of two values; `at` is where it stands. `a ?? b` is b where a
 * gives nothing, as `a || b` is here.
 */
export function operation(operator: string | undefined, a: Expr, b: Expr, at: number): Expr {
  switch (operator) {
    case '&&':
      return { k: 'and', a, b };
    case '||':
    case '??':
      return { k: 'or', a, b };
    case '==':
    case '===':
      return { k: 'cmp', eq: true, a, b };
    case '!=':
    case '!==':
      return { k: 'cmp', eq: false, a, b };
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { k: 'rel', op: operator, a, b };
    case '+':
      return joined(a, b, at);
    default:
      return { k: 'none' };
  }
}

/** The same of a node whose operator and sides are fields of these names, as in the grammars of Go, Java and C#. */
export function binary(draft: Draft, node: Node, inner: (child: Node | null) => Expr): Expr {
  const a = inner(node.childForFieldName('left'));
  const b = inner(node.childForFieldName('right'));
  return operation(node.childForFieldName('operator')?.type, a, b, draft.at(node));
}
