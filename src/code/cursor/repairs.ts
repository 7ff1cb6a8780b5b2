import type { Family } from '../summary';
import { calleeStart, closers, openOnLine } from './openQuotes';

/** Stands for what is being written: a word that is none of anybody's, and reads as a setting's name of a flag. */
export const cursorMark = 'featureFlagAtCursorQ7z';

/** A text in which something is whole that is being written: {@link cursorMark} stands where the cursor is. */
export interface Repair {
  readonly text: string;
  /** The quotes that have to be written around it; null where it stands in quotes, or needs none. */
  readonly quotes: string | null;
  /** How much of a bare word before and after the cursor it stands for. */
  readonly behind: number;
  readonly ahead: number;
  /** Where the mark is in the text. */
  readonly at: number;
}

export interface Written {
  readonly text: string;
  readonly offset: number;
  readonly family: Family;
  /** Code that stands inside markup. */
  readonly embedded: boolean;
  /** Whether a call of this name may ask for a flag: what is written in others is none of ours. */
  mayAsk(name: string): boolean;
}

/** A case ends like this, so that it is one before its body is written. */
const caseEnds: Partial<Readonly<Record<Family, string>>> = {
  ecmascript: ': break;',
  java: ': break;',
  csharp: ': break;',
  php: ': break;',
  swift: ': break',
  go: ': break',
  python: ': pass',
  ruby: ' then nil',
  rust: ' => {}',
};

/**
 * The texts to read for what is at the cursor, the likeliest first, few of them: the text as it is, where all that is
 * open is closed further on; the same with what is open on the line closed; the call alone, since half a statement
 * around it (`if flags.is_on("`) may keep it from being read.
 */
export function* repairs(written: Written): Generator<Repair> {
  const { text, offset, family, embedded } = written;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', offset);
  const lineEnd = next < 0 ? text.length : next;
  const before = text.slice(lineStart, offset);
  const after = text.slice(offset, lineEnd).replace(/\r$/, '');
  const rest = text.slice(lineEnd);
  const head = text.slice(0, lineStart);
  const { quotes, brackets } = openOnLine(before, embedded);
  const quote = quotes.at(-1);
  const whole = (line: string, more: Partial<Repair> = {}): Repair => ({
    text: `${head}${line}${rest}`,
    quotes: null,
    behind: 0,
    ahead: 0,
    at: lineStart + line.indexOf(cursorMark),
    ...more,
  });

  if (quote === undefined) {
    if (/(^|[^:]):\w*$/.test(before)) yield whole(`${before}${cursorMark}${after}`);
    const bracket = brackets.at(-1);
    const called = bracket && calledAt(before, bracket.at);
    if (called === undefined || !written.mayAsk(called)) return;
    const behind = /[\p{L}\p{N}_-]*$/u.exec(before)?.[0].length ?? 0;
    const ahead = /^[\p{L}\p{N}_-]*/u.exec(after)?.[0].length ?? 0;
    const own = usualQuote(text, family, embedded);
    const bare = { quotes: own, behind, ahead };
    const start = before.slice(0, before.length - behind);
    const end = after.slice(ahead);
    yield whole(`${start}${own}${cursorMark}${own}${end}`, bare);
    yield callAlone(`${own}${cursorMark}${own}`, start, bare);
    return;
  }

  // A call that nobody's flag comes from says no more alone.
  const isAlone =
    !embedded &&
    brackets.some(({ sign, at }) => {
      const called = sign === '(' ? calledAt(before, at) : undefined;
      return sign === '[' || (sign === '(' && (called === undefined || written.mayAsk(called)));
    });
  const isClosed = after.replace(/\\./g, '').includes(quote);
  const end = caseEnds[family];
  // `case 'blue'` without what follows, in languages whose cases begin with a word or are a pattern alone.
  const isCase = /^\s*(?:case|when)\b/.test(before) || (/^\s*["']/.test(before) && /rust|java/.test(family));
  const caseEnd = family === 'java' && !/^\s*case\b/.test(before) ? ' -> {}' : end;
  if (isClosed) {
    const afterQuote = after.slice(after.indexOf(quote) + 1);
    // Else it falls into the next one, and stands for that one's values too.
    if (isCase && caseEnd !== undefined && /^\s*:?\s*$/.test(afterQuote))
      yield whole(`${before}${cursorMark}${after.trimEnd()}${afterQuote.trim() === ':' ? caseEnd.slice(1) : caseEnd}`);
    yield whole(`${before}${cursorMark}${after}`);
    if (isAlone) yield callAlone(`${cursorMark}${quote}`, before, {});
    return;
  }
  if (isCase && caseEnd !== undefined) yield whole(`${before}${cursorMark}${quote}${caseEnd}`);
  // Nobody has written on: brackets that are left open would take in what follows, and cost reading it.
  if (after.trim() !== '') yield whole(`${before}${cursorMark}${quote}${after}`);
  yield whole(`${before}${cursorMark}${quote}${closers(brackets)}${[...quotes].reverse().slice(1).join('')}`);
  if (isAlone) yield callAlone(`${cursorMark}${quote}`, before, {});

  /** The line as nothing but the outermost call that is open on it. */
  function callAlone(key: string, start: string, more: Partial<Repair>): Repair {
    const [outer] = brackets.filter(({ sign }) => sign !== '{');
    const from = outer ? calleeStart(start, outer.at) : start.length;
    const open = brackets.filter(({ at }) => at >= from);
    const line = `${start.slice(0, from).replace(/\S/g, ' ')}${start.slice(from)}${key}${closers(open)};`;
    return whole(line, more);
  }
}

/** The name that is called at an opening bracket. */
const calledAt = (line: string, bracket: number): string | undefined =>
  /([\p{L}\p{N}_$]+[?!]?)\s*(?:<[^<>()]*>)?$/u.exec(line.slice(0, bracket))?.[1];

const doubleOnly: ReadonlySet<Family> = new Set(['go', 'java', 'csharp', 'rust', 'swift', 'shell']);

/** The quotes that the file mostly writes where the language leaves the choice. */
function usualQuote(text: string, family: Family, embedded: boolean): string {
  if (embedded) return "'";
  if (doubleOnly.has(family)) return '"';
  const start = text.slice(0, 20_000);
  const count = (sign: string): number => start.split(sign).length;
  return count('"') > count("'") ? '"' : "'";
}
