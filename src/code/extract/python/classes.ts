import type { Decorator, Expr, FunctionSummary } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { callOf, expression, parts } from './expressions';

/** The class or enum that a definition declares, without its members; answers its name. */
export function declareClass(draft: Draft, node: Node, deco: readonly Decorator[]): string {
  const nameNode = node.childForFieldName('name');
  const n = nameNode ? draft.textOf(nameNode) : '';
  const superclasses = node.childForFieldName('superclasses');
  const bases = (superclasses ? parts(superclasses) : [])
    .filter((base) => base.type !== 'keyword_argument')
    .map((base) => expression(draft, base));
  const impl = bases.flatMap((base) => (base.k === 'id' || base.k === 'mem' ? [base.n] : []));
  draft.classes.push({ n, ext: bases[0] ?? null, impl, deco });
  const body = node.childForFieldName('body');
  const e = body && isEnum(node) ? readEnum(draft, body) : undefined;
  const at = draft.at(nameNode ?? node);
  draft.decls.push({ n, kind: e ? 'enum' : 'class', scope: draft.block, at, ...(e && { e }) });
  return n;
}

/** Decorators of a function or class, with what they are given. */
export function decoratorsOf(draft: Draft, node: Node): Decorator[] {
  return node.namedChildren.flatMap((child): Decorator[] => {
    const inner = child.type === 'decorator' ? child.firstNamedChild : null;
    if (!inner) return [];
    const call = inner.type === 'call' ? callOf(draft, inner, 'decorator') : undefined;
    const e = call?.c ?? expression(draft, inner);
    if (e.k !== 'id' && e.k !== 'mem') return [];
    return [{ n: e.n, a: call?.a ?? [], ...(e.k === 'mem' && { o: e.o }), ...(call?.kw && { kw: call.kw }) }];
  });
}

export const spanMakers: ReadonlySet<string> = new Set(['start_as_current_span', 'start_span']);

/** `@tracer.start_as_current_span('name')` starts one whenever the function runs. */
export function startedSpans(deco: readonly Decorator[]): FunctionSummary['spans'] {
  return deco.flatMap(({ n, o, a: [name] }) =>
    spanMakers.has(n) && o && name?.k === 'str' ? [{ recv: o, name: name.v }] : [],
  );
}

const enumBase = /(^|\.)(Enum|StrEnum|TextChoices|Choices)$/;

/** Whether a class is an enum, by the names of its bases. */
export function isEnum(definition: Node): boolean {
  const bases = definition.childForFieldName('superclasses');
  return bases?.namedChildren.some((base) => enumBase.test(base.text)) ?? false;
}

/** Members of an enum with their values; Django's choices are pairs of value and label. */
function readEnum(draft: Draft, body: Node): Extract<Expr, { k: 'obj' }> {
  const members = parts(body).flatMap((statement): [string, Expr][] => {
    const assignment = statement.type === 'expression_statement' ? statement.firstNamedChild : null;
    const left = assignment?.type === 'assignment' ? assignment.childForFieldName('left') : null;
    if (left?.type !== 'identifier') return [];
    const value = expression(draft, assignment?.childForFieldName('right'));
    const first = value.k === 'arr' ? value.e[0] : value;
    return first ? [[draft.textOf(left), first]] : [];
  });
  return { k: 'obj', m: members };
}
