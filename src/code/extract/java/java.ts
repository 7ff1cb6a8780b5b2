import type { SyntaxNode as Node, TreeShape } from '../../syntaxTree';
import { longClass, type Extractor, type Part } from '../extractor';
import { JavaBuilder } from './build';
import { parts as code } from './expressions';
import { packageOf } from './imports';

const shape: TreeShape = {
  skipped: new Set(['block_comment', 'line_comment']),
  leaves: new Set([
    'block_comment',
    'boolean_type',
    'character_literal',
    'decimal_floating_point_literal',
    'decimal_integer_literal',
    'escape_sequence',
    'false',
    'identifier',
    'integral_type',
    'line_comment',
    'null_literal',
    'string_fragment',
    'string_literal',
    'this',
    'true',
    'type_identifier',
  ]),
  tokens: new Set(),
  classes: new Set(['class_declaration']),
  bodies: new Set(['class_body']),
  around: new Set(),
};

/** Files of a package see each other's classes, which have files of their names. */
export const java: Extractor = { family: 'java', shape, shares: null, parts };

function* parts(root: Node): Generator<Part> {
  const pkg = packageOf(root);
  for (const statement of root.namedChildren) {
    const body = statement.type === 'class_declaration' ? statement.childForFieldName('body') : null;
    const name = statement.childForFieldName('name')?.text ?? '';
    if (body && name !== '' && body.endIndex - body.startIndex > longClass) {
      yield {
        from: statement.startIndex,
        to: body.startIndex,
        owner: `head of ${pkg}`,
        make: (draft) => new JavaBuilder(draft, pkg).classHead(statement),
      };
      for (const member of code(body))
        yield {
          from: member.startIndex,
          to: member.endIndex,
          owner: `${pkg}.${name}`,
          make: (draft) => new JavaBuilder(draft, pkg).members([member], name),
        };
    } else {
      yield {
        from: statement.startIndex,
        to: statement.endIndex,
        owner: `package ${pkg}`,
        make: (draft) => new JavaBuilder(draft, pkg).visit(statement),
      };
    }
  }
}
