import type { Expr } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';

const relations = ['<=', '>=', '<', '>'] as const;

/** What holds where a value is of a pattern: `"a" or "b"`, `not true`, `> 3`. undefined for what tells no value. */
export function patternOf(
  a: Expr,
  pattern: Node | null | undefined,
  inner: (child: Node | null | undefined) => Expr,
  depth = 0,
): Expr | undefined {
  if (!pattern || depth > 12) return undefined;
  const of = (child: Node | null | undefined): Expr | undefined => patternOf(a, child, inner, depth + 1);
  switch (pattern.type) {
    case 'constant_pattern':
      return { k: 'cmp', eq: true, a, b: inner(pattern.firstNamedChild) };
    case 'parenthesized_pattern':
      return of(pattern.firstNamedChild);
    case 'negated_pattern': {
      const e = of(pattern.firstNamedChild);
      return e && { k: 'not', e };
    }
    case 'or_pattern':
    case 'and_pattern': {
      const [left, right] = [of(pattern.childForFieldName('left')), of(pattern.childForFieldName('right'))];
      return left && right && { k: pattern.type === 'or_pattern' ? 'or' : 'and', a: left, b: right };
    }
    case 'relational_pattern': {
      const op = relations.find((relation) => pattern.text.startsWith(relation));
      return op && { k: 'rel', op, a, b: inner(pattern.lastNamedChild) };
    }
    default:
      return undefined;
  }
}
