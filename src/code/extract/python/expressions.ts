import type { Call, Expr } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { joined, type Template } from '../template';
import { formatted, stringOf } from './strings';

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
    case 'await':
    case 'expression_statement':
    case 'interpolation':
      return inner(parts(node)[0]);
    case 'named_expression':
      return inner(node.childForFieldName('value'));
    case 'string':
    case 'concatenated_string':
      return stringOf(draft, node, inner);
    case 'integer':
    case 'float': {
      const value = Number(draft.textOf(node).replaceAll('_', ''));
      return Number.isFinite(value) ? { k: 'lit', v: value } : none;
    }
    case 'true':
    case 'false':
      return { k: 'lit', v: node.type === 'true' };
    case 'none':
      return { k: 'lit', v: null };
    case 'identifier':
      return { k: 'id', n: draft.self(draft.textOf(node)), at: draft.at(node) };
    case 'attribute': {
      const name = node.childForFieldName('attribute');
      if (!name) return none;
      return { k: 'mem', o: inner(node.childForFieldName('object')), n: draft.textOf(name), at: draft.at(name) };
    }
    case 'subscript': {
      const index = inner(node.childForFieldName('subscript'));
      if (index.k !== 'str') return none;
      return { k: 'mem', o: inner(node.childForFieldName('value')), n: index.v, at: index.at };
    }
    case 'call': {
      const format = formatted(draft, node, inner);
      return format ?? { k: 'call', id: callOf(draft, node, 'call', depth).id };
    }
    case 'dictionary':
      return { k: 'obj', m: pairs(draft, node, depth) };
    case 'list':
    case 'tuple':
    case 'set':
      return {
        k: 'arr',
        e: parts(node)
          .slice(0, mostArguments * 8)
          .map(inner),
      };
    case 'not_operator':
      return { k: 'not', e: inner(node.childForFieldName('argument')) };
    case 'unary_operator': {
      const argument = inner(node.childForFieldName('argument'));
      const minus = node.childForFieldName('operator')?.type === '-';
      return minus && argument.k === 'lit' && typeof argument.v === 'number' ? { k: 'lit', v: -argument.v } : none;
    }
    case 'boolean_operator': {
      const a = inner(node.childForFieldName('left'));
      const b = inner(node.childForFieldName('right'));
      return { k: node.childForFieldName('operator')?.type === 'and' ? 'and' : 'or', a, b };
    }
    case 'comparison_operator':
      return comparison(node, inner);
    case 'binary_operator':
      return binary(draft, node, inner);
    case 'conditional_expression': {
      const [a, , b] = parts(node);
      return { k: 'cond', a: inner(a), b: inner(b) };
    }
    case 'lambda':
      return { k: 'fn', f: draft.functionAt(node, null) };
    default:
      return none;
  }
}

/** The call at a node, made once. `super()` and `str(x)` are what they hand through. */
export function callOf(draft: Draft, node: Node, kind: Call['kind'], depth = 0): Call {
  const [from, id] = draft.span(node);
  const known = draft.call(id);
  if (known) return known;
  const list = node.childForFieldName('arguments');
  const given = list?.type === 'argument_list' ? parts(list) : [];
  const named = given.filter((argument) => argument.type === 'keyword_argument').slice(0, mostArguments * 4);
  const kw = named.flatMap((argument): [string, Expr][] => {
    const name = argument.childForFieldName('name');
    return name ? [[draft.textOf(name), expression(draft, argument.childForFieldName('value'), depth + 1)]] : [];
  });
  const call: Call = {
    id,
    from,
    c: expression(draft, node.childForFieldName('function'), depth + 1),
    a: given
      .filter((argument) => !named.includes(argument) && argument.type !== 'keyword_argument')
      .slice(0, mostArguments)
      .map((argument) => expression(draft, argument, depth + 1)),
    ...(kw.length > 0 && { kw }),
    kind,
    f: draft.fn,
  };
  draft.addCall(call);
  return call;
}

function pairs(draft: Draft, node: Node, depth: number): [string, Expr][] {
  return parts(node)
    .slice(0, mostProperties)
    .flatMap((member): [string, Expr][] => {
      if (member.type === 'dictionary_splat') return [['...', expression(draft, parts(member)[0], depth + 1)]];
      const key = member.type === 'pair' ? expression(draft, member.childForFieldName('key'), depth + 1) : none;
      const name = key.k === 'str' ? key.v : key.k === 'mem' || key.k === 'id' ? key.n : undefined;
      return name === undefined ? [] : [[name, expression(draft, member.childForFieldName('value'), depth + 1)]];
    });
}

/** `==`, `is` and their opposites of two; longer chains say nothing of one flag. */
function comparison(node: Node, inner: (child: Node | undefined) => Expr): Expr {
  const operators = node.childrenForFieldName('operators');
  const [a, b] = parts(node);
  const operator = operators[0]?.type;
  if (operators.length !== 1 || operator === undefined) return none;
  if (operator === '==' || operator === 'is') return { k: 'cmp', eq: true, a: inner(a), b: inner(b) };
  if (operator === '!=' || operator === 'is not') return { k: 'cmp', eq: false, a: inner(a), b: inner(b) };
  if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=')
    return { k: 'rel', op: operator, a: inner(a), b: inner(b) };
  return none;
}

function binary(draft: Draft, node: Node, inner: (child: Node | null) => Expr): Expr {
  const operator = node.childForFieldName('operator')?.type;
  const a = inner(node.childForFieldName('left'));
  const b = inner(node.childForFieldName('right'));
  if (operator === '+') return joined(a, b, draft.at(node));
  if (operator !== '%' || a.k !== 'str') return none;
  // `'exp-%s' % name`
  const s = a.v.split(/%[sdr]/);
  const e = b.k === 'arr' ? b.e : [b];
  const template: Template = { s, e };
  return s.length === e.length + 1 ? { k: 'tpl', ...template, at: draft.at(node) } : none;
}
