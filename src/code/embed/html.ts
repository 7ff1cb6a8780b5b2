import { InnerText, type Inner } from './inner';
import { MarkupScanner, type Open } from './markup';
import { holdsCode } from './scripts';

/** The inline scripts of a page. */
export function scriptsOfHtml(text: string): Inner {
  const inner = new InnerText(text);
  const scanner = new MarkupScanner(text, 'none');
  let script: Open | undefined;
  for (let token = scanner.next(); token; token = scanner.next()) {
    if (token.k === 'open')
      script = token.name.toLowerCase() === 'script' && holdsCode(text, token) ? token : undefined;
    if (token.k !== 'raw' || !script) continue;
    // What one script leaves unfinished is none of the next one's.
    inner.put(token.from - 1, ';');
    inner.keep(token.from, token.to);
  }
  return { text: inner.finish(), guards: [] };
}
