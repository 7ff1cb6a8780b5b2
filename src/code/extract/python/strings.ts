import type { Expr } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { joined } from '../template';
import { unescape } from '../unescape';

type Inner = (child: Node | null | undefined) => Expr;

/** A string, an f-string, or several written side by side. */
export function stringOf(draft: Draft, node: Node, inner: Inner): Expr {
  if (node.type === 'concatenated_string') {
    const all = node.namedChildren
      .filter((child) => child.type === 'string')
      .map((child) => stringOf(draft, child, inner));
    return all.reduce((before, next) => joined(before, next, draft.at(node)));
  }
  const start = node.namedChildren.find((child) => child.type === 'string_start');
  const end = node.namedChildren.findLast((child) => child.type === 'string_end');
  const opening = start ? draft.textOf(start) : '';
  const raw = /r/i.test(opening);
  const read = (from: number, to: number): string => {
    const text = draft.text.slice(from, to);
    return raw ? text : unescape(text);
  };
  const strings: string[] = [];
  const values: Expr[] = [];
  let at = start?.endIndex ?? node.startIndex;
  for (const part of node.namedChildren) {
    if (part.type !== 'interpolation') continue;
    strings.push(read(at, part.startIndex).replace(/\{\{/g, '{').replace(/\}\}/g, '}'));
    values.push(inner(part.childForFieldName('expression')));
    at = part.endIndex;
  }
  const last = read(at, Math.max(at, end?.startIndex ?? node.endIndex));
  if (values.length === 0) return { k: 'str', v: last, at: draft.at(node) };
  return { k: 'tpl', s: [...strings, last], e: values, at: draft.at(node) };
}

/** `'exp-{}'.format(name)`; undefined for any other call. */
export function formatted(draft: Draft, node: Node, inner: Inner): Expr | undefined {
  const callee = node.childForFieldName('function');
  const object = callee?.type === 'attribute' ? callee.childForFieldName('object') : null;
  const name = callee?.childForFieldName('attribute');
  if (object?.type !== 'string' || !name || draft.textOf(name) !== 'format') return undefined;
  const text = stringOf(draft, object, inner);
  if (text.k !== 'str') return undefined;
  const e: Expr[] = [];
  const given = node.childForFieldName('arguments')?.namedChildren.filter((child) => child.type !== 'comment') ?? [];
  const s = text.v.split(/\{[^{}]*\}/);
  for (let i = 0; i < s.length - 1; i++) {
    const argument = given[i];
    e.push(inner(argument?.type === 'keyword_argument' ? argument.childForFieldName('value') : argument));
  }
  return { k: 'tpl', s, e, at: draft.at(node) };
}
