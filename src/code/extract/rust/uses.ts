import type { Imported } from '../grammar/role';
import type { SyntaxNode as Node } from '../../syntaxTree';

const segments = (path: Node | null): string[] =>
  (path?.text ?? '')
    .replace(/\s/g, '')
    .split('::')
    .filter((part) => part !== '');

/** `use a::{b, c::{self, d as e}, f::*};` */
export function usedBy(node: Node | null, above: readonly string[]): Imported[] {
  if (!node) return [];
  switch (node.type) {
    case 'use_list':
      return node.namedChildren.flatMap((child) => usedBy(child, above));
    case 'scoped_use_list':
      return usedBy(node.childForFieldName('list'), [...above, ...segments(node.childForFieldName('path'))]);
    case 'use_wildcard':
      return [{ all: [...above, ...segments(node.firstNamedChild)].join('::') }];
    case 'use_as_clause':
      return imported(
        [...above, ...segments(node.childForFieldName('path'))],
        node,
        node.childForFieldName('alias')?.text,
      );
    default:
      return imported([...above, ...segments(node)], node, undefined);
  }
}

export function imported(path: readonly string[], at: Node, alias: string | undefined): Imported[] {
  const whole = path.at(-1) === 'self' && path.length > 1 ? path.slice(0, -1) : path;
  const name = whole.at(-1);
  if (name === undefined || alias === '_') return [];
  const n = alias ?? name;
  if (whole.length === 1) return [{ n, module: name, imported: '*', at }];
  return [{ n, module: whole.slice(0, -1).join('::'), imported: name, at }];
}
