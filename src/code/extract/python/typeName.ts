import type { SyntaxNode as Node } from '../../syntaxTree';

/** Generic types that stand for what they hold. */
const transparent = new Set(['Optional', 'Annotated', 'Final', 'ClassVar', 'Awaitable', 'Type', 'type']);

/** The one name that tells a type: `Client` of `Optional[Client]`, `api.Client` as written; null for anything richer. */
export function typeName(node: Node | null | undefined, depth = 0): string | null {
  if (!node || depth > 8) return null;
  switch (node.type) {
    case 'type':
    case 'parenthesized_expression':
      return typeName(node.firstNamedChild, depth + 1);
    case 'identifier':
      return node.text === 'None' ? null : node.text;
    case 'attribute':
    case 'member_type':
      return /^[\w.]+$/.test(node.text) ? node.text : null;
    case 'string':
      return /^['"][\w.]+['"]$/.test(node.text) ? node.text.slice(1, -1) : null;
    case 'generic_type':
    case 'subscript': {
      const name = (node.firstNamedChild?.text ?? '').split('.').at(-1) ?? '';
      if (!transparent.has(name)) return name || null;
      const inner =
        node.type === 'subscript' ? node.childForFieldName('subscript') : node.lastNamedChild?.firstNamedChild;
      return typeName(inner, depth + 1);
    }
    case 'union_type':
    case 'binary_operator': {
      const names = node.namedChildren.map((part) => typeName(part, depth + 1)).filter((name) => name !== null);
      return names.length === 1 ? (names[0] ?? null) : null;
    }
    default:
      return null;
  }
}
