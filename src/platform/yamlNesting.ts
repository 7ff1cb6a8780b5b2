import type * as yaml from 'yaml';

/**
 * Whether maps and lists of a YAML text stand in each other more than `most` deep. Told before it is parsed: a parser
 * that calls itself for each of them runs out of stack, which not every one of its parts survives.
 */
export function nestsDeeper(text: string, most: number, { Lexer, Parser }: typeof yaml): boolean {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    // What it hands out is not wanted, only how much of it is open.
    const tokens = parser.next(lexeme);
    while (tokens.next().done !== true);
    if (parser.stack.length > most) return true;
  }
  return false;
}
