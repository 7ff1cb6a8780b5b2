import type { SyntaxNode as Node } from '../../syntaxTree';

/** What stands around a type and is seen through. */
const around =
  /^(Arc|Rc|Box|Option|Result|Mutex|RwLock|RefCell|Data|State|Extension|Lazy|LazyLock|OnceCell|OnceLock|Pin|Weak|MutexGuard|Inject|Json|Cow)$/;

const plain = /^(str|String|bool|char|[iuf](8|16|32|64|128|size)|Self|Vec|HashMap|BTreeMap)$/;

export function typeName(node: Node | null): string | null {
  switch (node?.type) {
    case 'type_identifier':
      return plain.test(node.text) ? null : node.text;
    case 'scoped_type_identifier':
      return node.text.replace(/\s/g, '');
    case 'generic_type': {
      const type = node.childForFieldName('type');
      const outer = type?.text ?? '';
      if (!around.test(outer.slice(outer.lastIndexOf(':') + 1))) return typeName(type);
      return typeName(
        node.childForFieldName('type_arguments')?.namedChildren.find(({ type: each }) => each !== 'lifetime') ?? null,
      );
    }
    case 'reference_type':
      return typeName(node.childForFieldName('type'));
    case 'dynamic_type':
    case 'abstract_type':
      return typeName(node.childForFieldName('trait'));
    case 'bounded_type':
      return typeName(node.firstNamedChild);
    default:
      return null;
  }
}
