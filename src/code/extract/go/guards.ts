import type { Expr } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import { branches } from '../branches';
import type { Draft } from '../draft';
import { expression, parts } from './expressions';

const leaving = new Set(['return_statement', 'continue_statement', 'break_statement', 'goto_statement']);
const ending = /^(panic|os\.Exit|log\.(Fatal|Panic)\w*|\w+\.Fatal\w*)\(/;

/** Statements of a block. */
const statements = (block: Node): Node[] =>
  parts(block).flatMap((child) => (child.type === 'statement_list' ? parts(child) : [child]));

/** Whether control never falls out of the end of this block. */
function leaves(block: Node | null): boolean {
  const last = block && statements(block).at(-1);
  if (!last) return false;
  return leaving.has(last.type) || (last.type === 'expression_statement' && ending.test(last.text.slice(0, 80)));
}

export const { guardIf, guardLogical } = branches({ expression, leaves });

/** Cases of a `switch`, of a value or of conditions. A case that another falls into runs for either. */
export function guardSwitch(draft: Draft, node: Node): void {
  const of = node.childForFieldName('value');
  const value = of ? expression(draft, of) : undefined;
  let all: Expr | undefined;
  let falling: Expr | undefined;
  let mayFallIntoDefault = false;
  for (const clause of parts(node)) {
    const body =
      clause.type === 'statement_list' ? undefined : parts(clause).filter((child) => child.type === 'statement_list');
    const list = body?.[0] && parts(body[0]);
    const first = list?.[0];
    const last = list?.at(-1);
    if (clause.type === 'expression_case') {
      const own = clause.childForFieldName('value');
      const tests = own ? parts(own).map((test) => asTest(value, expression(draft, test))) : [];
      const cond = either([...tests, ...(falling ? [falling] : [])]);
      if (cond && first && last) draft.guards.push({ cond, then: [draft.at(first), draft.span(last)[1]], other: null });
      all = either([...(all ? [all] : []), ...tests]);
      falling = last?.type === 'fallthrough_statement' ? cond : undefined;
      mayFallIntoDefault = falling !== undefined;
    } else if (clause.type === 'default_case') {
      if (all && first && last && !mayFallIntoDefault)
        draft.guards.push({ cond: all, then: null, other: [draft.at(first), draft.span(last)[1]] });
      falling = undefined;
    }
  }
}

function asTest(value: Expr | undefined, b: Expr): Expr {
  return value ? { k: 'cmp', eq: true, a: value, b } : b;
}

function either(tests: readonly Expr[]): Expr | undefined {
  return tests.length === 0 ? undefined : tests.reduce((a, b) => ({ k: 'or', a, b }));
}
