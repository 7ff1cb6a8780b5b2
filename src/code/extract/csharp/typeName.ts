import type { SyntaxNode as Node } from '../../syntaxTree';

/** Generic types that stand for what they hold. */
const transparent = new Set(['Task', 'ValueTask', 'Lazy', 'Nullable']);

/** The one name that tells a type: `IFlags` of `Task<IFlags?>`, `Acme.IFlags` as written; null for texts, numbers and arrays. */
export function typeName(node: Node | null | undefined, depth = 0): string | null {
  if (!node || depth > 8) return null;
  switch (node.type) {
    case 'identifier':
      return node.text;
    case 'qualified_name':
    case 'alias_qualified_name':
      return /^[\w.:]+$/.test(node.text) ? node.text.replace(/^\w+::/, '') : null;
    case 'nullable_type':
      return typeName(node.childForFieldName('type') ?? node.firstNamedChild, depth + 1);
    case 'generic_name': {
      const name = node.firstNamedChild?.text ?? '';
      const inner = node.namedChildren.find((child) => child.type === 'type_argument_list')?.firstNamedChild;
      return transparent.has(name) ? typeName(inner, depth + 1) : name || null;
    }
    default:
      return null;
  }
}
