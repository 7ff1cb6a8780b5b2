import type { SyntaxNode as Node, TreeShape } from '../../syntaxTree';
import { bagNames, bagReads } from './bags';
import { Builder } from './build';
import { parts } from './expressions';
import { longClass, type Extractor, type Part } from '../extractor';
import { skimOf } from './skim';

const shape: TreeShape = {
  skipped: new Set(['comment', 'html_comment', 'hash_bang_line']),
  leaves: new Set([
    'false',
    'identifier',
    'null',
    'number',
    'predefined_type',
    'property_identifier',
    'regex',
    'shorthand_property_identifier',
    'shorthand_property_identifier_pattern',
    'string',
    'this',
    'true',
    'type_identifier',
  ]),
  // `export default` is told by its token alone.
  tokens: new Set(['default']),
  classes: new Set(['class_declaration', 'abstract_class_declaration']),
  bodies: new Set(['class_body']),
  around: new Set(['export_statement']),
};

/** TypeScript, TSX and JavaScript: the node types of TypeScript's grammar are a superset of JavaScript's. */
export const ecmascript: Extractor = {
  family: 'ecmascript',
  shape,
  shares: null,
  parts: partsOf,
  skim: skimOf,
  bags: { names: bagNames, reads: bagReads },
};

function* partsOf(root: Node): Generator<Part> {
  for (const statement of root.namedChildren) {
    const declaration = statement.type === 'export_statement' ? statement.childForFieldName('declaration') : statement;
    const body =
      declaration?.type.endsWith('class_declaration') === true ? declaration.childForFieldName('body') : null;
    if (declaration && body && body.endIndex - body.startIndex > longClass)
      yield* classParts(statement, declaration, body);
    else
      yield {
        from: statement.startIndex,
        to: statement.endIndex,
        owner: '',
        make: (draft) => new Builder(draft).visit(statement),
      };
  }
}

function* classParts(statement: Node, declaration: Node, body: Node): Generator<Part> {
  const name = declaration.childForFieldName('name')?.text ?? '';
  yield {
    from: statement.startIndex,
    to: body.startIndex,
    owner: ' head',
    make: (draft) => new Builder(draft).classHead(statement, declaration),
  };
  let group: Node[] = [];
  for (const member of parts(body)) {
    group.push(member);
    if (member.type === 'decorator') continue;
    const members = group;
    group = [];
    yield {
      from: (members[0] ?? member).startIndex,
      to: member.endIndex,
      owner: name,
      make: (draft) => new Builder(draft).members(members, name),
    };
  }
}
