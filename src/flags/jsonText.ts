import { findNodeAtLocation, parseTree, printParseErrorCode, stripComments, type ParseError } from 'jsonc-parser';
import { TextSyntaxError } from './textSyntax';

/** A syntax error of a JSON text. */
export class JsonSyntaxError extends TextSyntaxError {
  override readonly name = 'JsonSyntaxError';
}

const words: Readonly<Record<string, string>> = {
  InvalidSymbol: 'This is not JSON.',
  InvalidNumberFormat: 'This is not a number.',
  PropertyNameExpected: 'A name in double quotes is expected here (or a comma is left over).',
  ValueExpected: 'A value is expected here (or a comma is left over).',
  ColonExpected: 'A colon is expected here.',
  CommaExpected: 'A comma is expected here.',
  CloseBraceExpected: 'A closing brace } is missing.',
  CloseBracketExpected: 'A closing bracket ] is missing.',
  EndOfFileExpected: 'Nothing more is expected here.',
  UnexpectedEndOfString: 'A text is not closed.',
  UnexpectedEndOfComment: 'A comment is not closed.',
};

/**
 * Value of a JSON text; comments are allowed and told about in `comments`. Values come from JSON.parse, so a key
 * `__proto__` is a key like any other. Throws {@link JsonSyntaxError}.
 */
export function parseJson(text: string): { readonly value: unknown; readonly comments: boolean } {
  try {
    return { value: JSON.parse(text) as unknown, comments: false };
  } catch {
    // Comments are the usual reason, and are replaced by as many blanks.
  }
  try {
    return { value: JSON.parse(stripComments(text, ' ')) as unknown, comments: true };
  } catch (error) {
    throw syntaxError(text, error);
  }
}

function syntaxError(text: string, cause: unknown): JsonSyntaxError {
  const errors: ParseError[] = [];
  parseTree(text, errors, { allowTrailingComma: false, disallowComments: false });
  const first = errors[0];
  if (!first) return new JsonSyntaxError(cause instanceof Error ? cause.message : String(cause), 0);
  const code = printParseErrorCode(first.error);
  return new JsonSyntaxError(words[code] ?? code, first.offset);
}

/** Offsets of the value at a path of a JSON text; of the nearest one above it when that path is not there. */
export function spanOf(
  text: string,
  path: readonly (string | number)[],
): { readonly offset: number; readonly length: number } {
  const root = parseTree(text);
  for (let depth = path.length; root && depth >= 0; depth--) {
    const node = findNodeAtLocation(root, path.slice(0, depth));
    if (!node) continue;
    // A property's problem is shown from its name on, as a reader looks for it.
    const shown = node.parent?.type === 'property' ? node.parent : node;
    return { offset: shown.offset, length: shown.length };
  }
  return { offset: 0, length: text.length };
}
