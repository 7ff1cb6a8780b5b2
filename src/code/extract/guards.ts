import type { SyntaxNode as Node } from '../syntaxTree';
import type { Span } from '../summary';
import type { Draft } from './draft';
import { expression, parts } from './expressions';

const leaving = new Set(['return_statement', 'throw_statement', 'continue_statement', 'break_statement']);

/** Whether control never falls out of the end of this statement. */
function leaves(statement: Node | null | undefined): boolean {
  if (!statement) return false;
  if (statement.type === 'statement_block') return leaves(parts(statement).at(-1));
  return leaving.has(statement.type);
}

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

export function guardTernary(draft: Draft, node: Node): void {
  const a = node.childForFieldName('consequence');
  const b = node.childForFieldName('alternative');
  const cond = expression(draft, node.childForFieldName('condition'));
  draft.guards.push({ cond, then: a && draft.span(a), other: b && draft.span(b) });
}

/** `flag && x` runs x on one side, `flag || x` on the other. */
export function guardLogical(draft: Draft, node: Node): void {
  const operator = node.childForFieldName('operator')?.type;
  const right = node.childForFieldName('right');
  if (!right || (operator !== '&&' && operator !== '||')) return;
  const cond = expression(draft, node.childForFieldName('left'));
  const span = draft.span(right);
  draft.guards.push(operator === '&&' ? { cond, then: span, other: null } : { cond, then: null, other: span });
}

/**
 * Cases of a `switch`. A case that another falls into runs for several values, so that no single value decides it:
 * left out. `default` is a side only where there is one case, which then leaves.
 */
export function guardSwitch(draft: Draft, node: Node): void {
  const value = expression(draft, node.childForFieldName('value'));
  const body = node.childForFieldName('body');
  if (!body) return;
  const clauses = parts(body);
  const cases = clauses.filter((clause) => clause.type === 'switch_case');
  let fellInto = false;
  for (const clause of clauses) {
    const statements = clause.childrenForFieldName('body').filter((child) => child.isNamed && child.type !== 'comment');
    const first = statements[0];
    const last = statements.at(-1);
    if (first && last && !fellInto) {
      const span: Span = [draft.span(first)[0], draft.span(last)[1]];
      const test = (of: Node | undefined): void => {
        if (!of) return;
        const cond = { k: 'cmp', eq: true, a: value, b: expression(draft, of.childForFieldName('value')) } as const;
        draft.guards.push(clause === of ? { cond, then: span, other: null } : { cond, then: null, other: span });
      };
      if (clause.type === 'switch_case') test(clause);
      else if (cases.length === 1) test(cases[0]);
    }
    fellInto = !leaves(last);
  }
}
