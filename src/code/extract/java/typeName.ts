import type { SyntaxNode as Node } from '../../syntaxTree';

/** What a type of these names says is told by the value. */
const plain = new Set(['var', 'String', 'CharSequence', 'Object', 'Boolean', 'Integer', 'Long', 'Double', 'Float']);

/** The one name that tells a type: `Client`, `Outer.Client` as written, `List` of `List<T>`; null for texts, numbers and arrays. */
export function typeName(node: Node | null | undefined): string | null {
  switch (node?.type) {
    case 'type_identifier':
    case 'identifier':
      return plain.has(node.text) ? null : node.text;
    case 'scoped_type_identifier':
      return node.text.replace(/\s/g, '');
    case 'generic_type':
    case 'annotated_type':
      return typeName(node.namedChildren.find((child) => child.type.endsWith('type_identifier')));
    default:
      return null;
  }
}
