import type { Expr } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { unescape } from '../unescape';

/** What a literal says, as written with its quotes: `"a"`, `@"a"`, `"""a"""`. */
export function stringValue(literal: string): string {
  const text = literal.replace(/u8$/, '');
  if (text.startsWith('"""')) return withoutIndent(text.replace(/^"{3,}/, '').replace(/"{3,}$/, ''));
  if (text.startsWith('@')) return text.slice(2).replace(/"$/, '').replaceAll('""', '"');
  return unescape(text.replace(/^"|"$/g, ''));
}

/** Raw texts of several lines stand as far right as their last line says. */
function withoutIndent(text: string): string {
  const lines = text.split(/\r?\n/);
  if (lines.length < 2) return text;
  const indent = /^[ \t]*/.exec(lines.at(-1) ?? '')?.[0] ?? '';
  return lines
    .slice(1, -1)
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .join('\n');
}

/** `$"exp-{name}"`, verbatim and raw ones too. */
export function interpolated(draft: Draft, node: Node, inner: (child: Node | undefined) => Expr): Expr {
  const written = draft.textOf(node);
  const opening = /^[$@]*"+/.exec(written)?.[0] ?? '';
  const quotes = opening.replace(/[$@]/g, '').length;
  const holds = opening.includes('@') || quotes > 1;
  const read = (from: number, to: number): string => {
    const text = draft.text.slice(from, Math.max(from, to)).replaceAll('{{', '{').replaceAll('}}', '}');
    return holds ? text.replaceAll('""', '"') : unescape(text);
  };
  const s: string[] = [];
  const e: Expr[] = [];
  let at = node.startIndex + opening.length;
  for (const part of node.namedChildren) {
    if (part.type !== 'interpolation') continue;
    s.push(read(at, part.startIndex));
    e.push(inner(part.namedChildren.find((child) => child.type !== 'interpolation_brace')));
    at = part.endIndex;
  }
  const last = read(at, written.endsWith('"') ? node.endIndex - quotes : node.endIndex);
  return e.length === 0
    ? { k: 'str', v: last, at: draft.at(node) }
    : { k: 'tpl', s: [...s, last], e, at: draft.at(node) };
}
