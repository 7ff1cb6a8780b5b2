import { InnerText, type Inner } from './inner';

/** The Ruby of an ERB template: what stands between `<%` and `%>`, each tag a statement or part of one. */
export function rubyOfErb(text: string): Inner {
  const inner = new InnerText(text);
  let isAfterCase = false;
  for (let from = text.indexOf('<%'); from >= 0;) {
    const mark = text.charAt(from + 2);
    // `<%%` is text that says `<%`.
    if (mark === '%') {
      from = text.indexOf('<%', from + 3);
      continue;
    }
    const end = text.indexOf('%>', from + 2);
    if (end < 0) break;
    if (mark !== '#') isAfterCase = ruby(text, inner, from, end, isAfterCase);
    from = text.indexOf('<%', end + 2);
  }
  return { text: inner.finish(), guards: [] };
}

/** Nothing may stand between it and its first `when`. */
const isCase = /^\s*case\b[^\n]*$/;

/** Tells what a tag says; answers whether it is a `case` that waits for its `when`. */
function ruby(text: string, inner: InnerText, from: number, end: number, isAfterCase: boolean): boolean {
  const [marks = ''] = /^(=+|-)?/.exec(text.slice(from + 2, Math.min(end, from + 6))) ?? [];
  const start = from + 2 + marks.length;
  const to = end > start && text.charAt(end - 1) === '-' ? end - 1 : end;
  // Both ends part statements, so that what stands between two tags is a side of its condition even where it is text.
  if (!isAfterCase) inner.put(from, ';');
  inner.keep(start, commentIn(text, start, to));
  if (isCase.test(text.slice(start, to))) return true;
  inner.put(end, ';');
  return false;
}

/** Where a comment starts on the last line of a tag, whose end is the comment's too; `to` where there is none. */
function commentIn(text: string, from: number, to: number): number {
  const code = text.slice(from, to);
  const line = code.lastIndexOf('\n') + 1;
  let quote = '';
  for (let at = line; at < code.length; at++) {
    const c = code.charAt(at);
    if (quote !== '') {
      if (c === '\\') at++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'" || c === '`') quote = c;
    else if (c === '#' && (at === line || /\s/.test(code.charAt(at - 1)))) return from + at;
  }
  return to;
}
