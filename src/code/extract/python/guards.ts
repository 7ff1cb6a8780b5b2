import type { Expr, Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { expression, parts } from './expressions';

const leaving = new Set(['return_statement', 'raise_statement', 'continue_statement', 'break_statement']);

/** Whether control never falls out of the end of this block. */
function leaves(block: Node | null | undefined): boolean {
  const last = block && parts(block).at(-1);
  return last ? leaving.has(last.type) : false;
}

/** The sides of an `if`, a conditional, `and`, `or` or a `match`. `suite`: what an early return leaves. */
export function readGuard(draft: Draft, node: Node, suite: Span | null): void {
  switch (node.type) {
    case 'if_statement':
      guardIf(draft, node, suite);
      break;
    case 'conditional_expression':
      guardConditional(draft, node);
      break;
    case 'boolean_operator':
      guardLogical(draft, node);
      break;
    case 'match_statement':
      guardMatch(draft, node);
      break;
  }
}

/** Sides of `if`, `elif` and `else`; after an early return the rest of the suite is the other side. */
function guardIf(draft: Draft, node: Node, suite: Span | null): void {
  const alternatives = node.childrenForFieldName('alternative');
  const last = alternatives.at(-1);
  let branch: Node | undefined = node;
  let mayLeave = true;
  for (let i = 0; branch?.childForFieldName('condition'); i++) {
    const next: Node | undefined = alternatives[i];
    const then = branch.childForFieldName('consequence');
    mayLeave &&= leaves(then);
    let other: Span | null = null;
    if (next && last) {
      const first = next.type === 'else_clause' ? (next.childForFieldName('body') ?? next) : next;
      other = [draft.at(first), last.endIndex - draft.base];
    } else if (mayLeave && suite && node.endIndex - draft.base < suite[1]) {
      other = [node.endIndex - draft.base, suite[1]];
    }
    const cond = expression(draft, branch.childForFieldName('condition'));
    draft.guards.push({ cond, then: then && draft.span(then), other });
    branch = next;
  }
}

/** `a if flag else b` */
function guardConditional(draft: Draft, node: Node): void {
  const [a, cond, b] = parts(node);
  if (a && cond && b) draft.guards.push({ cond: expression(draft, cond), then: draft.span(a), other: draft.span(b) });
}

/** `flag and x` runs x on one side, `flag or x` on the other. */
function guardLogical(draft: Draft, node: Node): void {
  const right = node.childForFieldName('right');
  if (!right) return;
  const cond = expression(draft, node.childForFieldName('left'));
  const span = draft.span(right);
  const isAnd = node.childForFieldName('operator')?.type === 'and';
  draft.guards.push(isAnd ? { cond, then: span, other: null } : { cond, then: null, other: span });
}

/** Cases of a `match` on literals. `case _` is a side of the others. */
function guardMatch(draft: Draft, node: Node): void {
  const value = expression(draft, node.childForFieldName('subject'));
  const clauses = node.childForFieldName('body')?.childrenForFieldName('alternative') ?? [];
  let before: Expr | undefined;
  for (const clause of clauses) {
    const block = clause.childForFieldName('consequence');
    const pattern = clause.namedChildren.find((child) => child.type === 'case_pattern');
    if (!block || !pattern || clause.childForFieldName('guard')) continue;
    const span = draft.span(block);
    const cond = caseOf(draft, value, pattern);
    if (cond) {
      draft.guards.push({ cond, then: span, other: null });
      before = before ? { k: 'or', a: before, b: cond } : cond;
    } else if (draft.textOf(pattern) === '_' && before) {
      draft.guards.push({ cond: before, then: null, other: span });
    }
  }
}

/** What holds where a case is taken: it equals the literal, or one of several. */
function caseOf(draft: Draft, value: Expr, pattern: Node): Expr | undefined {
  const inner = pattern.firstNamedChild;
  if (!inner) return literal(draft, value, pattern);
  if (inner.type !== 'union_pattern') return literal(draft, value, inner);
  const each = parts(inner).map((part) => literal(draft, value, part));
  return each.reduce<Expr | undefined>((a, b) => (a && b ? { k: 'or', a, b } : undefined), each.shift());
}

function literal(draft: Draft, value: Expr, node: Node): Expr | undefined {
  const b = expression(draft, node);
  return b.k === 'str' || b.k === 'lit' ? { k: 'cmp', eq: true, a: value, b } : undefined;
}
