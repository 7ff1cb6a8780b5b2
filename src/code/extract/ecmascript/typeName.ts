import type { SyntaxNode as Node } from '../../syntaxTree';

/** Generic types that stand for what they hold. */
const transparent = new Set(['Promise', 'Readonly', 'Partial', 'Required', 'Awaited', 'NonNullable', 'PromiseLike']);

/** The one name that tells a type: `Client` of `Promise<ns.Client | undefined>`; null for anything richer. */
export function typeName(node: Node | null, depth = 0): string | null {
  if (!node || depth > 8) return null;
  switch (node.type) {
    case 'type_annotation':
    case 'parenthesized_type':
    case 'readonly_type':
      return typeName(node.firstNamedChild, depth + 1);
    case 'type_identifier':
    case 'identifier':
      return node.text;
    case 'nested_type_identifier':
      return node.lastNamedChild?.text ?? null;
    case 'generic_type': {
      const name = node.firstNamedChild?.text ?? '';
      if (!transparent.has(name)) return name.slice(name.lastIndexOf('.') + 1) || null;
      return typeName(node.lastNamedChild?.firstNamedChild ?? null, depth + 1);
    }
    case 'union_type': {
      const names = node.namedChildren.map((part) => typeName(part, depth + 1)).filter((name) => name !== null);
      return names.length === 1 ? (names[0] ?? null) : null;
    }
    case 'type_query':
      return null;
    default:
      return null;
  }
}
