import type { Expr, Span } from '../summary';
import type { SyntaxNode as Node } from '../syntaxTree';
import type { Draft } from './draft';

/** How a language writes an expression, and what its grammar calls a statement that control does not fall out of. */
export interface BranchesOf {
  readonly expression: (draft: Draft, node: Node | null) => Expr;
  readonly leaves: (statement: Node | null) => boolean;
}

/** Sides of the branches that the grammars of many languages write with the same fields. */
export interface Branches {
  /** Sides of an `if`; after an early return the rest of the block (`suite`) is the other side. */
  readonly guardIf: (draft: Draft, node: Node, suite: Span | null) => void;
  /** `flag ? a : b` */
  readonly guardTernary: (draft: Draft, node: Node) => void;
  /** `flag && x` runs x on one side, `flag || x` on the other. */
  readonly guardLogical: (draft: Draft, node: Node) => void;
}

export function branches({ expression, leaves }: BranchesOf): Branches {
  return {
    guardIf(draft, node, suite) {
      const then = node.childForFieldName('consequence');
      const other = node.childForFieldName('alternative');
      const after: Span | null =
        suite && !other && leaves(then) && node.endIndex - draft.base < suite[1]
          ? [node.endIndex - draft.base, suite[1]]
          : null;
      const cond = expression(draft, node.childForFieldName('condition'));
      draft.guards.push({ cond, then: then && draft.span(then), other: other ? draft.span(other) : after });
    },
    guardTernary(draft, node) {
      const a = node.childForFieldName('consequence');
      const b = node.childForFieldName('alternative');
      const cond = expression(draft, node.childForFieldName('condition'));
      draft.guards.push({ cond, then: a && draft.span(a), other: b && draft.span(b) });
    },
    guardLogical(draft, node) {
      const operator = node.childForFieldName('operator')?.type;
      const right = node.childForFieldName('right');
      if (!right || (operator !== '&&' && operator !== '||')) return;
      const cond = expression(draft, node.childForFieldName('left'));
      const span = draft.span(right);
      draft.guards.push(operator === '&&' ? { cond, then: span, other: null } : { cond, then: null, other: span });
    },
  };
}
