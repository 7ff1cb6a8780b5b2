import type { SyntaxNode as Node, TreeShape } from '../../syntaxTree';
import type { Extractor, Part } from '../extractor';
import { GoBuilder } from './build';

const shape: TreeShape = {
  skipped: new Set(['comment']),
  leaves: new Set([
    'comment',
    'false',
    'field_identifier',
    'float_literal',
    'identifier',
    'int_literal',
    'interpreted_string_literal',
    'nil',
    'package_identifier',
    'raw_string_literal',
    'true',
    'type_identifier',
  ]),
  tokens: new Set(),
  // Methods stand beside their type: there are no bodies to cut.
  classes: new Set(),
  bodies: new Set(),
  around: new Set(),
};

/** Files of a folder see each other's names. */
export const go: Extractor = { family: 'go', shape, shares: '.', parts };

function* parts(root: Node): Generator<Part> {
  for (const declaration of root.namedChildren)
    yield {
      from: declaration.startIndex,
      to: declaration.endIndex,
      owner: '',
      make: (draft) => new GoBuilder(draft).visit(declaration),
    };
}
