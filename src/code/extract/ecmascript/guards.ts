import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Expr, Span } from '../../summary';
import { branches } from '../branches';
import type { Draft } from '../draft';
import { expression, parts } from './expressions';

const leaving = new Set(['return_statement', 'throw_statement', 'continue_statement', 'break_statement']);

/** Whether control never falls out of the end of this statement. */
function leaves(statement: Node | null | undefined): boolean {
  if (!statement) return false;
  if (statement.type === 'statement_block') return leaves(parts(statement).at(-1));
  return leaving.has(statement.type);
}

export const { guardTernary, guardLogical } = branches({ expression, leaves });

/** Sides of an `if`; after an early return the rest of the block is the other side. */
export function guardIf(draft: Draft, node: Node): void {
  const cond = expression(draft, node.childForFieldName('condition'));
  const then = node.childForFieldName('consequence');
  const other = parts(node.childForFieldName('alternative') ?? node).at(-1);
  const hasElse = node.childForFieldName('alternative') !== null && other;
  const after: Span | null =
    draft.block && leaves(then) && !hasElse && node.endIndex - draft.base < draft.block[1]
      ? [node.endIndex - draft.base, draft.block[1]]
      : null;
  draft.guards.push({ cond, then: then && draft.span(then), other: hasElse ? draft.span(other) : after });
}

/** Cases of a `switch`. A case that another falls into runs for the values of both; `default` for none of them. */
export function guardSwitch(draft: Draft, node: Node): void {
  const value = expression(draft, node.childForFieldName('value'));
  const body = node.childForFieldName('body');
  let all: Expr | undefined;
  /** What holds where the case before falls into this one; null where that is more than a value. */
  let falling: Expr | null | undefined;
  for (const clause of body ? parts(body) : []) {
    const statements = clause.childrenForFieldName('body').filter((child) => child.isNamed);
    const first = statements[0];
    const last = statements.at(-1);
    const isCase = clause.type === 'switch_case';
    const own: Expr | undefined = isCase
      ? { k: 'cmp', eq: true, a: value, b: expression(draft, clause.childForFieldName('value')) }
      : undefined;
    const cond = either(falling ?? undefined, own);
    if (first && last && falling !== null) {
      const span: Span = [draft.span(first)[0], draft.span(last)[1]];
      if (isCase && cond) draft.guards.push({ cond, then: span, other: null });
      else if (!isCase && all && !falling) draft.guards.push({ cond: all, then: null, other: span });
    }
    all = either(all, own);
    falling = leaves(last) ? undefined : isCase && falling !== null ? cond : null;
  }
}

function either(a: Expr | undefined, b: Expr | undefined): Expr | undefined {
  return a && b ? { k: 'or', a, b } : (a ?? b);
}
