import type { Call, Expr } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { binary } from '../operators';
import { unescape } from '../unescape';
import { typeName } from './typeName';

const none: Expr = { k: 'none' };
/** Chains and concatenations deeper than this name no flag. */
const deepest = 60;
const mostArguments = 8;
const mostProperties = 400;

/** Named children that are code. */
export const parts = (node: Node): Node[] => node.namedChildren.filter((child) => child.type !== 'comment');

/** What an expression says, as far as {@link Expr} goes. Never throws on broken trees. */
export function expression(draft: Draft, node: Node | null | undefined, depth = 0): Expr {
  if (!node || depth > deepest) return none;
  const inner = (child: Node | null | undefined): Expr => expression(draft, child, depth + 1);
  switch (node.type) {
    case 'parenthesized_expression':
    case 'expression_list':
    case 'expression_statement':
    case 'literal_element':
      return inner(parts(node)[0]);
    case 'type_assertion_expression':
    case 'type_conversion_expression':
      return inner(node.childForFieldName('operand'));
    case 'interpreted_string_literal':
    case 'raw_string_literal':
      return { k: 'str', v: stringValue(draft.textOf(node)), at: draft.at(node) };
    case 'int_literal':
    case 'float_literal': {
      const value = Number(draft.textOf(node).replaceAll('_', ''));
      return Number.isFinite(value) ? { k: 'lit', v: value } : none;
    }
    case 'true':
    case 'false':
      return { k: 'lit', v: node.type === 'true' };
    case 'nil':
      return { k: 'lit', v: null };
    case 'identifier':
    case 'type_identifier':
    case 'package_identifier':
      return { k: 'id', n: draft.self(draft.textOf(node)), at: draft.at(node) };
    case 'selector_expression':
      return member(draft, node.childForFieldName('operand'), node.childForFieldName('field'), depth);
    case 'qualified_type':
      return member(draft, node.childForFieldName('package'), node.childForFieldName('name'), depth);
    case 'generic_type':
      return inner(node.childForFieldName('type'));
    case 'index_expression': {
      const index = inner(node.childForFieldName('index'));
      if (index.k !== 'str') return none;
      return { k: 'mem', o: inner(node.childForFieldName('operand')), n: index.v, at: index.at };
    }
    case 'call_expression':
      return converted(draft, node, inner) ?? { k: 'call', id: callOf(draft, node, depth).id };
    case 'composite_literal':
      return composite(draft, node, depth);
    case 'literal_value':
      return literalValue(draft, node, depth);
    case 'unary_expression': {
      const e = inner(node.childForFieldName('operand'));
      const operator = node.childForFieldName('operator')?.type;
      if (operator === '!') return { k: 'not', e };
      if (operator === '-') return e.k === 'lit' && typeof e.v === 'number' ? { k: 'lit', v: -e.v } : none;
      return operator === '&' || operator === '*' ? e : none;
    }
    case 'binary_expression':
      return binary(draft, node, inner);
    case 'func_literal':
      return { k: 'fn', f: draft.functionAt(node, typeName(node.childForFieldName('result'))) };
    default:
      return none;
  }
}

function member(draft: Draft, object: Node | null, name: Node | null, depth: number): Expr {
  if (!name) return none;
  return { k: 'mem', o: expression(draft, object, depth + 1), n: draft.textOf(name), at: draft.at(name) };
}

/** The call at a node, made once. */
export function callOf(draft: Draft, node: Node, depth = 0): Call {
  const [from, id] = draft.span(node);
  const known = draft.call(id);
  if (known) return known;
  const list = node.childForFieldName('arguments');
  const call: Call = {
    id,
    from,
    c: expression(draft, node.childForFieldName('function'), depth + 1),
    a: (list ? parts(list) : []).slice(0, mostArguments).map((argument) => expression(draft, argument, depth + 1)),
    kind: 'call',
    f: draft.fn,
  };
  draft.addCall(call);
  return call;
}

/** `string(x)` is what it is given; `fmt.Sprintf("exp-%s", x)` is a text with holes. */
function converted(draft: Draft, node: Node, inner: (child: Node | null | undefined) => Expr): Expr | undefined {
  const callee = node.childForFieldName('function');
  const list = node.childForFieldName('arguments');
  const given = list ? parts(list) : [];
  if (!callee || given.length === 0) return undefined;
  const name = draft.textOf(callee);
  if (name === 'string' && given.length === 1) return inner(given[0]);
  if (name !== 'fmt.Sprintf') return undefined;
  const format = inner(given[0]);
  const strings = format.k === 'str' ? format.v.split(/%[-+# 0]*[\d.]*[a-zA-Z]/) : [];
  if (strings.length !== given.length || strings.length > mostArguments) return undefined;
  return { k: 'tpl', s: strings, e: given.slice(1).map(inner), at: draft.at(node) };
}

/**
 * `T{a: 1}` makes a T of what it is given; maps, slices and structs without a name are objects and lists.
 */
function composite(draft: Draft, node: Node, depth: number): Expr {
  const type = node.childForFieldName('type');
  const body = node.childForFieldName('body');
  if (!body) return none;
  const value = literalValue(draft, body, depth);
  if (type?.type !== 'type_identifier' && type?.type !== 'qualified_type' && type?.type !== 'generic_type')
    return value;
  const [from, id] = draft.span(node);
  if (!draft.call(id)) {
    const c = expression(draft, type, depth + 1);
    const a = value.k === 'arr' ? value.e : [];
    draft.addCall({ id, from, c, a, ...(value.k === 'obj' && { kw: value.m }), kind: 'new', f: draft.fn });
  }
  return { k: 'call', id };
}

function literalValue(draft: Draft, node: Node, depth: number): Expr {
  const elements = parts(node).slice(0, mostProperties);
  if (elements.length > 0 && elements[0]?.type !== 'keyed_element')
    return { k: 'arr', e: elements.map((element) => expression(draft, element, depth + 1)) };
  return {
    k: 'obj',
    m: elements.flatMap((element): [string, Expr][] => {
      const key = expression(draft, element.childForFieldName('key'), depth + 1);
      const name = key.k === 'str' ? key.v : key.k === 'id' || key.k === 'mem' ? key.n : undefined;
      return name === undefined ? [] : [[name, expression(draft, element.childForFieldName('value'), depth + 1)]];
    }),
  };
}

/** Value of a literal as written, quotes included. An unfinished one loses its first quote only. */
export function stringValue(quoted: string): string {
  const end = quoted.length > 1 && quoted.endsWith(quoted[0] ?? '') ? -1 : quoted.length;
  const text = quoted.slice(1, end);
  return quoted.startsWith('`') ? text : unescape(text);
}
