import type { Expr, Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import { branches } from '../branches';
import type { Draft } from '../draft';
import { expression, parts } from './expressions';
import { patternOf } from './patterns';

const leaving = new Set([
  'return_statement',
  'throw_statement',
  'continue_statement',
  'break_statement',
  'goto_statement',
  'yield_statement',
]);

/** Whether control never falls out of the end of this statement. `yield return` goes on, `yield break` does not. */
function leaves(statement: Node | null | undefined): boolean {
  if (!statement) return false;
  if (statement.type === 'yield_statement') return /^yield\s+break/.test(statement.text.slice(0, 40));
  return leaving.has(statement.type) || (statement.type === 'block' && leaves(parts(statement).at(-1)));
}

export const { guardIf, guardTernary, guardLogical } = branches({ expression, leaves });

/** One case: the patterns that lead to it, whether everything else does too, and the lines that run. */
interface Case {
  readonly patterns: readonly Node[];
  readonly isDefault: boolean;
  readonly isSure: boolean;
  readonly lines: readonly Node[];
}

/** Cases of a `switch` statement; labels without lines share those of the next one. */
export function guardSwitch(draft: Draft, node: Node): void {
  const body = node.childForFieldName('body');
  const cases: Case[] = [];
  let waiting: Node[] = [];
  let hasDefault = false;
  for (const section of body ? parts(body) : []) {
    if (section.type !== 'switch_section') continue;
    const children = parts(section);
    const patterns = children.filter((child) => child.type.endsWith('_pattern'));
    const lines = children.filter((child) => !child.type.endsWith('_pattern') && child.type !== 'when_clause');
    waiting.push(...patterns);
    hasDefault ||= patterns.length === 0;
    if (lines.length === 0) continue;
    const isSure = children.every((child) => child.type !== 'when_clause');
    cases.push({ patterns: waiting, isDefault: hasDefault, isSure, lines });
    waiting = [];
    hasDefault = false;
  }
  guardCases(draft, expression(draft, node.childForFieldName('value')), cases);
}

/** Arms of a `switch` expression; `_` is what remains. */
export function guardArms(draft: Draft, node: Node): void {
  const [value, ...arms] = parts(node);
  const cases = arms.flatMap((arm): Case[] => {
    const children = parts(arm);
    const last = children.at(-1);
    const pattern = children[0];
    if (arm.type !== 'switch_expression_arm' || !last || !pattern) return [];
    const isDefault = pattern.type === 'discard' || pattern.text === '_';
    const isSure = children.every((child) => child.type !== 'when_clause');
    return [{ patterns: isDefault ? [] : [pattern], isDefault, isSure, lines: [last] }];
  });
  guardCases(draft, expression(draft, value), cases);
}

function guardCases(draft: Draft, value: Expr, cases: readonly Case[]): void {
  let all: Expr | undefined;
  for (const { patterns, isDefault, isSure, lines } of cases) {
    const first = lines[0];
    const last = lines.at(-1);
    if (!first || !last) continue;
    const span: Span = [draft.at(first), draft.span(last)[1]];
    const tests = patterns.map((pattern) => patternOf(value, pattern, (child) => expression(draft, child)));
    const cond = tests.slice(1).reduce((a, b) => (a && b ? { k: 'or', a, b } : undefined), tests[0]);
    if (isDefault) {
      if (all && patterns.length === 0) draft.guards.push({ cond: all, then: null, other: span });
    } else if (cond) draft.guards.push({ cond, then: span, other: null });
    // A case with a further condition leaves its value to the rest as well.
    if (cond && isSure) all = all ? { k: 'or', a: all, b: cond } : cond;
  }
}
