import { numberOf } from '../grammar/nodes';
import { unescape } from '../unescape';
import type { Role } from '../grammar/role';
import type { SyntaxNode as Node } from '../../syntaxTree';

/** A variable's name without its sign. */
export const bare = (name: string): string => name.replace(/^\$/, '');

export function numberIn(node: Node): Role | null {
  const v = numberOf(node.text);
  return Number.isFinite(v) ? { is: 'value', v } : null;
}

/** What stands before the word that ends a heredoc stands before each of its lines, and is not of its text. */
export const indentOf = (node: Node): string => /\n([ \t]*)\w+$/.exec(node.text)?.[1] ?? '';

export function dedented(text: string, indent: string): string {
  const lines = text.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
  return lines.join('\n').replace(/^\r?\n|\r?\n$/g, '');
}

export function partsOf(node: Node | null, indent: string): (string | Node)[] {
  return (node?.namedChildren ?? []).map((part) => {
    if (part.type === 'string_content') return indent === '' ? part.text : dedented(part.text, indent);
    return part.type === 'escape_sequence' ? unescape(part.text) : part;
  });
}
