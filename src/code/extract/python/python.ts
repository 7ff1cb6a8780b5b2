import type { SyntaxNode as Node, TreeShape } from '../../syntaxTree';
import { longClass, type Extractor, type Part } from '../extractor';
import { PythonBuilder } from './build';
import { isEnum } from './classes';
import { parts as code } from './expressions';

const shape: TreeShape = {
  skipped: new Set(['comment']),
  leaves: new Set(['comment', 'false', 'float', 'identifier', 'integer', 'none', 'string_content', 'true']),
  tokens: new Set(),
  classes: new Set(['class_definition']),
  bodies: new Set(['block']),
  around: new Set(['decorated_definition']),
};

export const python: Extractor = { family: 'python', shape, shares: null, parts };

function* parts(root: Node): Generator<Part> {
  for (const statement of root.namedChildren) {
    const definition =
      statement.type === 'decorated_definition' ? statement.childForFieldName('definition') : statement;
    const body = definition?.type === 'class_definition' ? definition.childForFieldName('body') : null;
    // Members of an enum are one object.
    if (definition && body && body.endIndex - body.startIndex > longClass && !isEnum(definition)) {
      yield {
        from: statement.startIndex,
        to: body.startIndex,
        owner: ' head',
        make: (draft) => new PythonBuilder(draft).classHead(statement, definition),
      };
      const name = definition.childForFieldName('name')?.text ?? '';
      for (const member of code(body))
        yield {
          from: member.startIndex,
          to: member.endIndex,
          owner: name,
          make: (draft) => new PythonBuilder(draft).members([member], name),
        };
    } else {
      yield {
        from: statement.startIndex,
        to: statement.endIndex,
        owner: '',
        make: (draft) => new PythonBuilder(draft).visit(statement),
      };
    }
  }
}
