import type { Call, Expr } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { binary } from '../operators';
import { stringValue } from './strings';
import { typeName } from './typeName';

const none: Expr = { k: 'none' };
/** Chains and concatenations deeper than this name no flag. */
const deepest = 60;
const mostArguments = 8;
const mostElements = 64;

const comments = new Set(['line_comment', 'block_comment']);

/** Named children that are code. */
export const parts = (node: Node): Node[] => node.namedChildren.filter((child) => !comments.has(child.type));

/** What an expression says, as far as {@link Expr} goes. Never throws on broken trees. */
export function expression(draft: Draft, node: Node | null | undefined, depth = 0): Expr {
  if (!node || depth > deepest) return none;
  const inner = (child: Node | null | undefined): Expr => expression(draft, child, depth + 1);
  switch (node.type) {
    case 'parenthesized_expression':
    case 'expression_statement':
    case 'yield_statement':
      return inner(parts(node)[0]);
    case 'cast_expression':
      return inner(node.childForFieldName('value'));
    case 'assignment_expression':
      return inner(node.childForFieldName('right'));
    case 'string_literal':
      return { k: 'str', v: stringValue(draft.textOf(node)), at: draft.at(node) };
    case 'decimal_integer_literal':
    case 'hex_integer_literal':
    case 'decimal_floating_point_literal': {
      const value = Number(
        draft
          .textOf(node)
          .replace(/_/g, '')
          .replace(/[lL]$|(?<!0x.*)[fFdD]$/, ''),
      );
      return Number.isFinite(value) ? { k: 'lit', v: value } : none;
    }
    case 'true':
    case 'false':
      return { k: 'lit', v: node.type === 'true' };
    case 'null_literal':
      return { k: 'lit', v: null };
    case 'identifier':
    case 'type_identifier':
    case 'this':
    case 'super':
      return { k: 'id', n: draft.textOf(node), at: draft.at(node) };
    case 'field_access':
      return member(draft, node.childForFieldName('object'), node.childForFieldName('field'), depth);
    case 'scoped_identifier':
      return member(draft, node.childForFieldName('scope'), node.childForFieldName('name'), depth);
    case 'scoped_type_identifier':
    case 'method_reference': {
      const [object, name] = parts(node);
      return member(draft, object, name, depth);
    }
    case 'generic_type':
      return inner(parts(node)[0]);
    case 'method_invocation':
      return told(draft, node, inner) ?? { k: 'call', id: callOf(draft, node, depth).id };
    case 'object_creation_expression':
      return { k: 'call', id: callOf(draft, node, depth).id };
    case 'array_creation_expression':
      return inner(node.childForFieldName('value'));
    case 'array_initializer':
    case 'element_value_array_initializer':
      return { k: 'arr', e: parts(node).slice(0, mostElements).map(inner) };
    case 'unary_expression': {
      const e = inner(node.childForFieldName('operand'));
      const operator = node.childForFieldName('operator')?.type;
      if (operator === '!') return { k: 'not', e };
      return operator === '-' && e.k === 'lit' && typeof e.v === 'number' ? { k: 'lit', v: -e.v } : none;
    }
    case 'binary_expression':
      return binary(draft, node, inner);
    case 'ternary_expression':
      return {
        k: 'cond',
        a: inner(node.childForFieldName('consequence')),
        b: inner(node.childForFieldName('alternative')),
      };
    case 'switch_expression':
      return chosen(node, inner);
    case 'lambda_expression':
      return { k: 'fn', f: draft.functionAt(node, null) };
    default:
      return none;
  }
}

function member(draft: Draft, object: Node | null | undefined, name: Node | null | undefined, depth: number): Expr {
  if (!name) return none;
  return { k: 'mem', o: expression(draft, object, depth + 1), n: draft.textOf(name), at: draft.at(name) };
}

/** The call or `new` at a node, made once. */
export function callOf(draft: Draft, node: Node, depth = 0): Call {
  const [from, id] = draft.span(node);
  const known = draft.call(id);
  if (known) return known;
  const type = node.childForFieldName('type');
  const object = node.childForFieldName('object');
  const name = node.childForFieldName('name');
  const call: Call = {
    id,
    from,
    c:
      type || object
        ? type
          ? expression(draft, type, depth + 1)
          : member(draft, object, name, depth)
        : expression(draft, name),
    a: argumentsOf(node)
      .slice(0, mostArguments)
      .map((argument) => expression(draft, argument, depth + 1)),
    kind: type ? 'new' : 'call',
    f: draft.fn,
  };
  draft.addCall(call);
  return call;
}

export function argumentsOf(node: Node): Node[] {
  const list = node.childForFieldName('arguments');
  return list ? parts(list) : [];
}

/** What some calls of Java's own library say: `"a".equals(x)` compares, `List.of(…)` lists, `String.format` makes a text. */
function told(draft: Draft, node: Node, inner: (child: Node | null | undefined) => Expr): Expr | undefined {
  const object = node.childForFieldName('object');
  const name = node.childForFieldName('name')?.text ?? '';
  const given = argumentsOf(node);
  const on = object ? draft.textOf(object) : '';
  if ((name === 'equals' || name === 'equalsIgnoreCase') && object) {
    const [a, b] = on === 'Objects' ? given : [object, given[0]];
    // `Boolean.TRUE.equals(flag)` is the flag, whatever else it may be.
    if (on === 'Boolean.TRUE') return inner(b);
    if (on === 'Boolean.FALSE') return { k: 'not', e: inner(b) };
    const [left, right] = [inner(a), inner(b)];
    return { k: 'cmp', eq: true, a: left, b: right };
  }
  if ((name === 'of' && /^(List|Set|Stream)$/.test(on)) || (name === 'asList' && on === 'Arrays'))
    return { k: 'arr', e: given.slice(0, mostElements).map(inner) };
  if (on === 'String' && name === 'valueOf') return inner(given[0]);
  const format =
    on === 'String' && name === 'format' ? given : name === 'formatted' && object ? [object, ...given] : [];
  const text = inner(format[0]);
  if (text.k !== 'str') return undefined;
  const strings = text.v.split(/%(?:\d+\$)?[-+# 0,(]*[\d.]*[a-zA-Z]/);
  if (strings.length !== format.length || strings.length > mostArguments) return undefined;
  return { k: 'tpl', s: strings, e: format.slice(1).map(inner), at: draft.at(node) };
}

/** What a `switch` gives: one of the values of its arrows. */
function chosen(node: Node, inner: (child: Node | undefined) => Expr): Expr {
  const body = node.childForFieldName('body');
  const values = (body ? parts(body) : [])
    .filter((rule) => rule.type === 'switch_rule')
    .slice(0, mostElements / 4)
    .map((rule) => parts(rule).at(-1))
    .filter((value) => value?.type === 'expression_statement')
    .map(inner);
  return values.length === 0 ? none : values.reduceRight((b, a) => ({ k: 'cond', a, b }));
}

/** Type and name of a parameter, whatever it is written like. */
export function parameterOf(node: Node): { readonly name: Node | null; readonly t: string | null } {
  if (node.type === 'identifier') return { name: node, t: null };
  if (node.type === 'spread_parameter')
    return { name: node.lastNamedChild?.childForFieldName('name') ?? null, t: null };
  return { name: node.childForFieldName('name'), t: typeName(node.childForFieldName('type')) };
}
