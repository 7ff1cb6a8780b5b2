import type { Expr, Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import { branches } from '../branches';
import type { Draft } from '../draft';
import { expression, parts } from './expressions';

const leaving = new Set([
  'return_statement',
  'throw_statement',
  'continue_statement',
  'break_statement',
  'yield_statement',
]);

/** Whether control never falls out of the end of this statement. */
function leaves(statement: Node | null | undefined): boolean {
  if (!statement) return false;
  return leaving.has(statement.type) || (statement.type === 'block' && leaves(parts(statement).at(-1)));
}

export const { guardIf, guardTernary, guardLogical } = branches({ expression, leaves });

/** Cases of a `switch`, with colons or arrows. A case that another falls into runs for either. */
export function guardSwitch(draft: Draft, node: Node): void {
  const a = expression(draft, node.childForFieldName('condition'));
  const body = node.childForFieldName('body');
  let all: Expr[] = [];
  let falling: Expr[] = [];
  let mayFallIntoDefault = false;
  for (const clause of body ? parts(body) : []) {
    const labels = parts(clause).filter((child) => child.type === 'switch_label');
    const statements = parts(clause).filter((child) => child.type !== 'switch_label' && child.type !== 'guard');
    const tests = labels.flatMap(parts).map((test): Expr => ({ k: 'cmp', eq: true, a, b: expression(draft, test) }));
    const isDefault = labels.some((label) => parts(label).length === 0);
    const first = statements[0];
    const last = statements.at(-1);
    const span: Span | null = first && last ? [draft.at(first), draft.span(last)[1]] : null;
    const cond = either([...falling, ...tests]);
    const other = either(all);
    if (isDefault) {
      if (span && other && !mayFallIntoDefault) draft.guards.push({ cond: other, then: null, other: span });
    } else if (span && cond) draft.guards.push({ cond, then: span, other: null });
    all = [...all, ...tests];
    const falls = clause.type === 'switch_block_statement_group' && !leaves(last);
    falling = falls && !isDefault ? [...falling, ...tests] : [];
    mayFallIntoDefault = falls;
  }
}

function either(tests: readonly Expr[]): Expr | undefined {
  return tests.length === 0 ? undefined : tests.reduce((a, b) => ({ k: 'or', a, b }));
}
