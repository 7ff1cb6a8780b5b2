import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Call, Expr } from '../../summary';
import type { Draft } from '../draft';
import { joined } from '../template';
import { typeName } from './typeName';
import { unescape } from '../unescape';

const none: Expr = { k: 'none' };
/** Chains and concatenations deeper than this name no flag. */
const deepest = 60;
const mostArguments = 8;
const mostProperties = 400;

export const functionTypes: ReadonlySet<string> = new Set([
  'arrow_function',
  'function_expression',
  'function_declaration',
  'generator_function',
  'generator_function_declaration',
  'method_definition',
]);
export const isFunction = (node: Node): boolean => functionTypes.has(node.type);

/** Named children that are code: all of them, the tree is read without comments. */
export const parts = (node: Node): readonly Node[] => node.namedChildren;

/** What an expression says, as far as {@link Expr} goes. Never throws on broken trees. */
export function expression(draft: Draft, node: Node | null | undefined, depth = 0): Expr {
  if (!node || depth > deepest) return none;
  const inner = (child: Node | null | undefined): Expr => expression(draft, child, depth + 1);
  switch (node.type) {
    case 'parenthesized_expression':
    case 'await_expression':
    case 'non_null_expression':
    case 'as_expression':
    case 'satisfies_expression':
    case 'jsx_expression':
      return inner(parts(node)[0]);
    case 'type_assertion':
      return inner(parts(node).at(-1));
    case 'string':
      return { k: 'str', v: stringValue(draft.textOf(node)), at: draft.at(node) };
    case 'template_string':
      return template(draft, node, depth);
    case 'number': {
      const value = Number(draft.textOf(node).replaceAll('_', ''));
      return Number.isFinite(value) ? { k: 'lit', v: value } : none;
    }
    case 'true':
    case 'false':
      return { k: 'lit', v: node.type === 'true' };
    case 'null':
      return { k: 'lit', v: null };
    case 'identifier':
    case 'shorthand_property_identifier':
    case 'this':
    case 'super':
    case 'undefined':
      return { k: 'id', n: draft.textOf(node), at: draft.at(node) };
    case 'member_expression': {
      const property = node.childForFieldName('property');
      if (!property) return none;
      return {
        k: 'mem',
        o: inner(node.childForFieldName('object')),
        n: draft.textOf(property),
        at: draft.at(property),
      };
    }
    case 'subscript_expression': {
      const index = inner(node.childForFieldName('index'));
      if (index.k !== 'str') return none;
      return { k: 'mem', o: inner(node.childForFieldName('object')), n: index.v, at: index.at };
    }
    case 'call_expression':
    case 'new_expression':
      return { k: 'call', id: callOf(draft, node, 'call', depth).id };
    case 'object':
      return object(draft, node, depth);
    case 'array':
      return {
        k: 'arr',
        e: parts(node)
          .slice(0, mostArguments * 8)
          .map(inner),
      };
    case 'unary_expression':
      return unary(draft, node, depth);
    case 'binary_expression':
      return binary(draft, node, depth);
    case 'ternary_expression':
      return {
        k: 'cond',
        a: inner(node.childForFieldName('consequence')),
        b: inner(node.childForFieldName('alternative')),
      };
    default:
      return isFunction(node)
        ? { k: 'fn', f: draft.functionAt(node, typeName(node.childForFieldName('return_type'))) }
        : none;
  }
}

/** The call at a node, made once. Decorators and `new` keep their kind. */
export function callOf(draft: Draft, node: Node, kind: Call['kind'], depth = 0): Call {
  const [from, id] = draft.span(node);
  const known = draft.call(id);
  if (known) return known;
  const isNew = node.type === 'new_expression';
  const callee = node.childForFieldName(isNew ? 'constructor' : 'function');
  const list = node.childForFieldName('arguments');
  const call: Call = {
    id,
    from,
    c: expression(draft, callee, depth + 1),
    a:
      list?.type === 'arguments'
        ? parts(list)
            .slice(0, mostArguments)
            .map((argument) => expression(draft, argument, depth + 1))
        : [],
    kind: isNew ? 'new' : kind,
    f: draft.fn,
  };
  draft.addCall(call);
  return call;
}

function object(draft: Draft, node: Node, depth: number): Expr {
  const members: [string, Expr][] = [];
  for (const member of parts(node).slice(0, mostProperties)) {
    if (member.type === 'pair') {
      const name = propertyName(draft, member.childForFieldName('key'));
      if (name !== undefined) members.push([name, expression(draft, member.childForFieldName('value'), depth + 1)]);
    } else if (member.type === 'shorthand_property_identifier') {
      members.push([draft.textOf(member), expression(draft, member, depth + 1)]);
    } else if (member.type === 'method_definition') {
      const name = propertyName(draft, member.childForFieldName('name'));
      if (name !== undefined) members.push([name, expression(draft, member, depth + 1)]);
    } else if (member.type === 'spread_element') {
      members.push(['...', expression(draft, parts(member)[0], depth + 1)]);
    }
  }
  return { k: 'obj', m: members };
}

/** Name of a property where it is written out: identifier, string, number or a computed string. */
export function propertyName(draft: Draft, node: Node | null): string | undefined {
  if (!node) return undefined;
  if (node.type === 'computed_property_name') {
    const inner = parts(node)[0];
    return inner?.type === 'string' ? stringValue(draft.textOf(inner)) : undefined;
  }
  return node.type === 'string' ? stringValue(draft.textOf(node)) : draft.textOf(node);
}

function template(draft: Draft, node: Node, depth: number): Expr {
  const strings: string[] = [''];
  const values: Expr[] = [];
  let at = node.startIndex + 1;
  for (const part of parts(node)) {
    if (part.type !== 'template_substitution') continue;
    strings[strings.length - 1] = draft.text.slice(at, part.startIndex);
    values.push(expression(draft, parts(part)[0], depth + 1));
    strings.push('');
    at = part.endIndex;
  }
  strings[strings.length - 1] = draft.text.slice(at, Math.max(at, node.endIndex - 1));
  if (values.length === 0) return { k: 'str', v: unescape(strings[0] ?? ''), at: draft.at(node) };
  return { k: 'tpl', s: strings, e: values, at: draft.at(node) };
}

function unary(draft: Draft, node: Node, depth: number): Expr {
  const operator = node.childForFieldName('operator')?.type;
  const argument = expression(draft, node.childForFieldName('argument'), depth + 1);
  if (operator === '!') return { k: 'not', e: argument };
  if (operator === '-' && argument.k === 'lit' && typeof argument.v === 'number') return { k: 'lit', v: -argument.v };
  return none;
}

function binary(draft: Draft, node: Node, depth: number): Expr {
  const a = expression(draft, node.childForFieldName('left'), depth + 1);
  const right = (): Expr => expression(draft, node.childForFieldName('right'), depth + 1);
  const operator = node.childForFieldName('operator')?.type;
  switch (operator) {
    case '&&':
      return { k: 'and', a, b: right() };
    case '||':
      return { k: 'or', a, b: right() };
    // `flag ?? false`: the flag, as far as anyone can tell.
    case '??':
      return a;
    case '==':
    case '===':
      return { k: 'cmp', eq: true, a, b: right() };
    case '!=':
    case '!==':
      return { k: 'cmp', eq: false, a, b: right() };
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { k: 'rel', op: operator, a, b: right() };
    case '+':
      return joined(a, right(), draft.at(node));
    default:
      return none;
  }
}

/** Value of a quoted string as written, quotes included. An unfinished one loses its first quote only. */
function stringValue(quoted: string): string {
  const quote = quoted[0];
  const end = quoted.length > 1 && quoted.endsWith(quote ?? '') ? -1 : quoted.length;
  return unescape(quoted.slice(1, end));
}
