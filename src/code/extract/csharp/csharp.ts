import type { SyntaxNode as Node, TreeShape } from '../../syntaxTree';
import { longClass, type Extractor, type Part } from '../extractor';
import { classes, CsharpBuilder } from './build';
import { parts as code } from './expressions';
import { namespaceName } from './usings';

const cut = new Set(['class_declaration', 'record_declaration', 'struct_declaration']);

const shape: TreeShape = {
  skipped: new Set(['comment']),
  leaves: new Set([
    'boolean_literal',
    'character_literal',
    'comment',
    'discard',
    'identifier',
    'implicit_parameter',
    'integer_literal',
    'modifier',
    'null_literal',
    'predefined_type',
    'raw_string_literal',
    'real_literal',
    'string_literal',
    'verbatim_string_literal',
  ]),
  tokens: new Set(),
  classes: cut,
  bodies: new Set(['declaration_list']),
  around: new Set(['namespace_declaration', 'declaration_list']),
};

/** Which file a name of a namespace stands in only the files themselves say. */
export const csharp: Extractor = { family: 'csharp', shape, shares: null, parts };

function* parts(root: Node): Generator<Part> {
  const own = root.namedChildren.find((child) => child.type === 'file_scoped_namespace_declaration');
  yield* partsOf(root.namedChildren, own ? namespaceName(own) : '');
}

function* partsOf(declarations: readonly Node[], namespace: string): Generator<Part> {
  for (const declaration of declarations) {
    const body = declaration.childForFieldName('body');
    const { startIndex: from, endIndex: to } = declaration;
    if (declaration.type === 'namespace_declaration') {
      const inner = [namespace, namespaceName(declaration)].filter(Boolean).join('.');
      const make: Part['make'] = (draft) => new CsharpBuilder(draft, inner).namespace();
      yield { from, to: body?.startIndex ?? to, owner: `namespace ${inner}`, make };
      if (body) yield* partsOf(code(body), inner);
    } else if (declaration.type === 'file_scoped_namespace_declaration') {
      const make: Part['make'] = (draft) => new CsharpBuilder(draft, namespace).namespace();
      yield { from, to, owner: `namespace ${namespace}`, make };
    } else if (body && cut.has(declaration.type) && body.endIndex - body.startIndex > longClass) {
      yield* members(declaration, body, namespace);
    } else {
      const make: Part['make'] = (draft) => new CsharpBuilder(draft, namespace).visit(declaration);
      yield { from, to, owner: classes.has(declaration.type) ? `in ${namespace}` : '', make };
    }
  }
}

function* members(declaration: Node, body: Node, namespace: string): Generator<Part> {
  const name = declaration.childForFieldName('name')?.text ?? '';
  yield {
    from: declaration.startIndex,
    to: body.startIndex,
    owner: `head in ${namespace}`,
    make: (draft) => void new CsharpBuilder(draft, namespace).classHead(declaration),
  };
  for (const member of code(body))
    yield {
      from: member.startIndex,
      to: member.endIndex,
      owner: `${namespace}.${name}`,
      make: (draft) => new CsharpBuilder(draft, namespace).members([member], name),
    };
}
