/** What stands open on a line before the cursor. Offsets are of that text. */
export interface OpenOnLine {
  /** Quotes that are open, the outer one first: two where code stands in an attribute (`v-if="isOn('`). */
  readonly quotes: readonly string[];
  /** Brackets that are open outside of quotes, the outer one first. */
  readonly brackets: readonly { readonly sign: '(' | '[' | '{'; readonly at: number }[];
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const opening = new Set(Object.keys(closing));
const quoteSigns = new Set(['"', "'", '`']);

/**
 * Reads a line up to the cursor as nearly all languages write strings. No parser: what it takes for a quote in a comment
 * or in a lifetime of Rust's leads to a repair that the finder then finds nothing in.
 */
export function openOnLine(before: string, nested: boolean): OpenOnLine {
  const quotes: string[] = [];
  const brackets: { sign: '(' | '[' | '{'; at: number }[] = [];
  for (let at = 0; at < before.length; at++) {
    const sign = before.charAt(at);
    const quote = quotes.at(-1);
    if (sign === '\\') at++;
    else if (sign === quote) quotes.pop();
    else if (quoteSigns.has(sign) && (quote === undefined || (nested && quotes.length === 1))) quotes.push(sign);
    else if (quote !== undefined && !nested) continue;
    else if (opening.has(sign)) brackets.push({ sign: sign as '(', at });
    else if (sign === closing[brackets.at(-1)?.sign ?? '']) brackets.pop();
  }
  return { quotes, brackets };
}

/** What closes the brackets, the inner one first. */
export function closers(brackets: OpenOnLine['brackets']): string {
  return [...brackets]
    .reverse()
    .map(({ sign }) => closing[sign])
    .join('');
}

/** Where the expression starts that is called at an opening bracket: `client.isOn` of `if (await client.isOn(`. */
export function calleeStart(line: string, bracket: number): number {
  let at = bracket;
  while (at > 0) {
    const sign = line.charAt(at - 1);
    if (/[\p{L}\p{N}_$@.:?!\\>]/u.test(sign)) at--;
    else if (sign === '-' && line.charAt(at) === '>') at--;
    else if (sign === ')') {
      const open = matching(line, at - 1);
      if (open < 0) break;
      at = open;
    } else break;
  }
  return at;
}

function matching(line: string, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (line.charAt(at) === ')') depth++;
    else if (line.charAt(at) === '(' && --depth === 0) return at;
  }
  return -1;
}
