import { isSnapshot } from '../grammar/snapshotRead';
import type { Call, Expr } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { binary } from '../operators';
import { joined } from '../template';
import { patternOf } from './patterns';
import { servedType } from './servedType';
import { interpolated, stringValue } from './strings';

const none: Expr = { k: 'none' };
/** Chains and concatenations deeper than this name no flag. */
const deepest = 60;
const mostArguments = 8;
const mostElements = 64;

/** Named children that are code. */
export const parts = (node: Node): Node[] =>
  node.namedChildren.filter((child) => child.type !== 'comment' && !child.type.startsWith('preproc'));

export type Inner = (child: Node | null | undefined) => Expr;

/** What an expression says, as far as {@link Expr} goes. Never throws on broken trees. */
export function expression(draft: Draft, node: Node | null | undefined, depth = 0): Expr {
  if (!node || depth > deepest) return none;
  const inner: Inner = (child) => expression(draft, child, depth + 1);
  switch (node.type) {
    case 'parenthesized_expression':
    case 'await_expression':
    case 'expression_statement':
    case 'arrow_expression_clause':
    case 'checked_expression':
      return inner(parts(node)[0]);
    case 'postfix_unary_expression':
      return draft.textOf(node).endsWith('!') ? inner(parts(node)[0]) : none;
    case 'cast_expression':
      return inner(node.childForFieldName('value'));
    case 'as_expression':
      return inner(node.childForFieldName('left') ?? parts(node)[0]);
    case 'assignment_expression':
      return inner(node.childForFieldName('right'));
    case 'string_literal':
    case 'verbatim_string_literal':
    case 'raw_string_literal':
      return { k: 'str', v: stringValue(draft.textOf(node)), at: draft.at(node) };
    case 'interpolated_string_expression':
      return interpolated(draft, node, inner);
    case 'integer_literal':
    case 'real_literal': {
      const value = Number(
        draft
          .textOf(node)
          .replace(/_/g, '')
          .replace(/(?<!0x.*)[fFdDmM]$|[uUlL]+$/, ''),
      );
      return Number.isFinite(value) ? { k: 'lit', v: value } : none;
    }
    case 'boolean_literal':
      return { k: 'lit', v: draft.textOf(node) === 'true' };
    case 'null_literal':
      return { k: 'lit', v: null };
    case 'identifier':
    case 'this':
    case 'base':
      return { k: 'id', n: draft.textOf(node).replace(/^@/, ''), at: draft.at(node) };
    case 'generic_name':
      return inner(node.firstNamedChild);
    case 'member_access_expression':
      return member(draft, node.childForFieldName('expression'), node.childForFieldName('name'), depth);
    case 'qualified_name':
      return member(draft, node.childForFieldName('qualifier'), node.childForFieldName('name'), depth);
    case 'conditional_access_expression': {
      const binding = parts(node).find((child) => child.type === 'member_binding_expression');
      return binding
        ? member(draft, node.childForFieldName('condition'), binding.childForFieldName('name'), depth)
        : none;
    }
    case 'element_access_expression': {
      if (isSnapshot(node.childForFieldName('expression'))) return { k: 'call', id: snapshotOf(draft, node, depth).id };
      const index = inner(argumentsIn(node.childForFieldName('subscript'))[0]?.value);
      if (index.k !== 'str') return none;
      return { k: 'mem', o: inner(node.childForFieldName('expression')), n: index.v, at: index.at };
    }
    case 'invocation_expression':
      return told(draft, node, inner) ?? { k: 'call', id: callOf(draft, node, depth).id };
    case 'object_creation_expression':
    case 'implicit_object_creation_expression': {
      const items = itemsOf(node);
      return items ? { k: 'arr', e: items.map(inner) } : { k: 'call', id: callOf(draft, node, depth).id };
    }
    case 'array_creation_expression':
    case 'implicit_array_creation_expression':
      return inner(parts(node).find((child) => child.type === 'initializer_expression'));
    case 'initializer_expression':
      return { k: 'arr', e: parts(node).slice(0, mostElements).map(inner) };
    case 'collection_expression':
    case 'element_binding_expression':
      return {
        k: 'arr',
        e: argumentsIn(node)
          .slice(0, mostElements)
          .map(({ value }) => inner(value)),
      };
    case 'prefix_unary_expression': {
      const e = inner(parts(node)[0]);
      const operator = draft.textOf(node).charAt(0);
      if (operator === '!') return { k: 'not', e };
      return operator === '-' && e.k === 'lit' && typeof e.v === 'number' ? { k: 'lit', v: -e.v } : none;
    }
    case 'binary_expression':
      return binary(draft, node, inner);
    case 'is_pattern_expression':
      return patternOf(inner(node.childForFieldName('expression')), node.childForFieldName('pattern'), inner) ?? none;
    case 'conditional_expression':
      return {
        k: 'cond',
        a: inner(node.childForFieldName('consequence')),
        b: inner(node.childForFieldName('alternative')),
      };
    case 'switch_expression':
      return chosen(node, inner);
    case 'lambda_expression':
    case 'anonymous_method_expression':
      return { k: 'fn', f: draft.functionAt(node, null) };
    default:
      return none;
  }
}

/** What a list is made of: `new List<string> { "a", "b" }`. */
function itemsOf(node: Node): Node[] | undefined {
  const initializer = node.namedChildren.find((child) => child.type === 'initializer_expression');
  const items = initializer ? parts(initializer).slice(0, mostElements) : [];
  const isList = items.length > 0 && items.every((item) => !/^(assignment|initializer)_expression$/.test(item.type));
  return isList ? items : undefined;
}

/** A member by its name, `base` being the object itself. */
function member(draft: Draft, object: Node | null, name: Node | null, depth: number): Expr {
  const n = name?.type === 'generic_name' ? name.firstNamedChild : name;
  if (!n) return none;
  const isThis = object !== null && /^(this|base)$/.test(object.text);
  const o: Expr = isThis ? { k: 'id', n: object.text, at: draft.at(object) } : expression(draft, object, depth + 1);
  return { k: 'mem', o, n: draft.textOf(n).replace(/^@/, ''), at: draft.at(n) };
}

interface Argument {
  readonly name: string | null;
  readonly value: Node;
}

/** What a list of arguments gives, by position or by name. */
export function argumentsIn(list: Node | null | undefined): Argument[] {
  return (list ? parts(list) : []).flatMap((argument): Argument[] => {
    const name = argument.childForFieldName('name');
    const value = parts(argument).findLast((child) => child !== name);
    return value
      ? [{ name: name?.text ?? null, value }]
      : argument.type === 'argument'
        ? []
        : [{ name: null, value: argument }];
  });
}

/** Arguments of an attribute are written by `=` too. */
export function givenIn(
  draft: Draft,
  list: Node | null | undefined,
  depth: number,
): { a: Expr[]; kw: [string, Expr][] } {
  const given = argumentsIn(list).map(({ name, value }): readonly [string | null, Node] => {
    const left = value.type === 'assignment_expression' ? value.childForFieldName('left') : null;
    return [name ?? left?.text ?? null, value];
  });
  return {
    a: given
      .flatMap(([name, value]) => (name === null ? [expression(draft, value, depth + 1)] : []))
      .slice(0, mostArguments),
    kw: given
      .flatMap(([name, value]): [string, Expr][] =>
        name === null ? [] : [[name, expression(draft, value, depth + 1)]],
      )
      .slice(0, mostArguments * 4),
  };
}

/** The call or `new` at a node, made once. `type` is what `new(…)` makes where it is declared. */
export function callOf(draft: Draft, node: Node, depth = 0, type: Node | null = null): Call {
  const [from, id] = draft.span(node);
  const known = draft.call(id);
  if (known) return known;
  const made = node.childForFieldName('type') ?? type;
  const list =
    node.childForFieldName('arguments') ?? node.namedChildren.find((child) => child.type === 'argument_list');
  const { a, kw } = givenIn(draft, list, depth);
  const initializer = node.namedChildren.find((child) => child.type === 'initializer_expression');
  for (const set of initializer && node.type !== 'invocation_expression' ? parts(initializer) : []) {
    const left = set.type === 'assignment_expression' ? set.childForFieldName('left') : null;
    if (left?.type === 'identifier' && kw.length < mostElements)
      kw.push([left.text, expression(draft, set.childForFieldName('right'), depth + 1)]);
  }
  const isNew = node.type !== 'invocation_expression';
  const t = isNew ? null : servedType(node);
  const call: Call = {
    id,
    from,
    c: expression(draft, isNew ? made : node.childForFieldName('function'), depth + 1),
    a,
    ...(kw.length > 0 && { kw }),
    kind: isNew ? 'new' : 'call',
    ...(t !== null && { t }),
    f: draft.fn,
  };
  draft.addCall(call);
  return call;
}

/** `flags["new"]`: a call of what by its name holds all flags. */
export function snapshotOf(draft: Draft, node: Node, depth = 0): Call {
  const [from, id] = draft.span(node);
  const known = draft.call(id);
  if (known) return known;
  const subscript = node.childForFieldName('subscript');
  const { a } = givenIn(draft, subscript, depth);
  const o = expression(draft, node.childForFieldName('expression'), depth + 1);
  const at = subscript ? draft.at(subscript) : from;
  const call: Call = { id, from, c: { k: 'mem', o, n: 'subscript', at }, a, kind: 'call', f: draft.fn };
  draft.addCall(call);
  return call;
}

/** `nameof(A.B)` is `"B"`; `string.Format("exp-{0}", x)` and `string.Concat` make texts; `a.Equals(b)` compares. */
function told(draft: Draft, node: Node, inner: Inner): Expr | undefined {
  const callee = node.childForFieldName('function');
  const given = argumentsIn(node.childForFieldName('arguments')).map(({ value }) => value);
  const name = callee ? draft.textOf(callee) : '';
  const at = draft.at(node);
  if (name === 'nameof') {
    const e = inner(given[0]);
    return e.k === 'id' || e.k === 'mem' ? { k: 'str', v: e.n, at } : undefined;
  }
  if (/^[sS]tring\.Concat$/.test(name) && given.length > 0 && given.length <= mostArguments)
    return given.map(inner).reduce((a, b) => joined(a, b, at));
  if (/^[sS]tring\.Equals$/.test(name)) return { k: 'cmp', eq: true, a: inner(given[0]), b: inner(given[1]) };
  if (/^[sS]tring\.Format$/.test(name)) {
    const format = inner(given[0]);
    if (format.k !== 'str') return undefined;
    const holes = [...format.v.matchAll(/\{(\d+)[^{}]*\}/g)];
    return { k: 'tpl', s: format.v.split(/\{\d+[^{}]*\}/), e: holes.map(([, i]) => inner(given[Number(i) + 1])), at };
  }
  const object = callee?.childForFieldName('expression');
  if (object && callee?.childForFieldName('name')?.text === 'Equals' && given[0])
    return { k: 'cmp', eq: true, a: inner(object), b: inner(given[0]) };
  return undefined;
}

/** What a `switch` gives: one of the values of its arms. */
function chosen(node: Node, inner: Inner): Expr {
  const values = parts(node)
    .filter((arm) => arm.type === 'switch_expression_arm')
    .slice(0, mostElements / 4)
    .map((arm) => inner(parts(arm).at(-1)));
  return values.length === 0 ? none : values.reduceRight((b, a) => ({ k: 'cond', a, b }));
}
