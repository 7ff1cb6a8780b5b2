/**
 * Offset of the `}` that closes what is open at `from`, past strings, templates and comments of JavaScript or Ruby;
 * -1 where there is none before `to`. Linear and without recursion.
 */
export function closingBrace(text: string, from: number, to: number): number {
  /** What is open: braces, and templates that a hole interrupts. */
  const open: ('{' | '`')[] = [];
  let quote = '';
  for (let at = from; at < to; at++) {
    const c = text.charAt(at);
    if (quote !== '') {
      if (c === '\\') at++;
      else if (c === quote) quote = '';
      else if (quote === '`' && c === '$' && text.charAt(at + 1) === '{') {
        open.push('`');
        quote = '';
        at++;
      }
      // A quote that its line does not close is an apostrophe.
      else if (c === '\n' && quote !== '`') quote = '';
    } else if (c === '"' || c === "'" || c === '`') quote = c;
    else if (c === '/' && text.charAt(at + 1) === '*') {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 || end >= to ? to : end + 1;
    } else if (c === '{') open.push('{');
    else if (c === '}') {
      const closed = open.pop();
      if (!closed) return at;
      if (closed === '`') quote = '`';
    }
  }
  return -1;
}
