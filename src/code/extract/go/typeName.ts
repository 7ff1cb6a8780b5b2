import type { SyntaxNode as Node } from '../../syntaxTree';

/** The one name that tells a type: `Client` of `*Client`, `ld.LDClient` as written, the first of several results. */
export function typeName(node: Node | null | undefined, depth = 0): string | null {
  if (!node || depth > 8) return null;
  switch (node.type) {
    case 'type_identifier':
    case 'qualified_type':
      return node.text.replace(/\s/g, '');
    case 'pointer_type':
    case 'parenthesized_type':
      return typeName(node.firstNamedChild, depth + 1);
    case 'generic_type':
      return typeName(node.childForFieldName('type'), depth + 1);
    case 'parameter_list':
      return typeName(node.firstNamedChild, depth + 1);
    case 'parameter_declaration':
      return typeName(node.childForFieldName('type'), depth + 1);
    default:
      return null;
  }
}
