import { InnerText, type Inner } from './inner';

const branch = /^(if|for|foreach|while|switch|lock|using)\s*\(/;
const block = /^(?:(?:functions|code)\s*)?\{/;
const directive =
  /^(model|page|section|inherits|layout|namespace|addTagHelper|removeTagHelper|tagHelperPrefix|attribute|typeparam|implements|rendermode)\b/;
/** No statement of a template is longer. */
const longest = 20_000;

/**
 * The C# of a Razor template: blocks, branches, expressions behind `@`, usings and injected services. Inside a block, a
 * line that starts a tag is markup until the tag is closed. Read line by line; never throws.
 */
export function csharpOfRazor(text: string): Inner {
  return { text: new Razor(text).read(), guards: [] };
}

class Razor {
  readonly #inner: InnerText;
  /** Braces open in code, and elements open inside of them. */
  #braces = 0;
  #elements = 0;
  /** The next line goes on with code: a brace, or `else` after one. */
  #goesOn = false;

  constructor(private readonly text: string) {
    this.#inner = new InnerText(text);
  }

  read(): string {
    const { text } = this;
    for (let at = 0; at < text.length;) {
      const newline = text.indexOf('\n', at);
      const end = newline < 0 ? text.length : newline;
      at = Math.max(this.#line(at, end), end) + 1;
    }
    return this.#inner.finish();
  }

  /** Reads one line; answers how far it read, which may be further. */
  #line(from: number, end: number): number {
    const line = this.text.slice(from, end);
    const start = from + (line.length - line.trimStart().length);
    const first = this.text.charAt(start);
    if (start >= end) return end;
    const isCode = /^(\{|else\b)/.test(line.trimStart()) ? this.#goesOn || this.#braces > 0 : this.#braces > 0;
    const isMarkup = this.#elements > 0 ? first !== '}' : first === '<' || first === '@';
    this.#goesOn = false;
    if (isCode && !isMarkup) return this.#code(start, end);
    return this.#markup(start, end);
  }

  /** Code to the end of the line. */
  #code(from: number, end: number): number {
    this.#inner.keep(from, end);
    let quoted = false;
    for (let at = from; at < end; at++) {
      const c = this.text.charAt(at);
      if (c === '"' && this.text.charAt(at - 1) !== '\\') quoted = !quoted;
      else if (!quoted && c === '{') this.#braces++;
      else if (!quoted && c === '}') this.#braces = Math.max(0, this.#braces - 1);
    }
    this.#goesOn = this.#braces === 0 || this.text.slice(from, end).trimEnd().endsWith(')');
    return end;
  }

  #markup(from: number, end: number): number {
    const { text } = this;
    for (let at = from; at < end; at++) {
      const c = text.charAt(at);
      if (this.#braces > 0 && c === '<') this.#tag(at, end);
      else if (this.#braces > 0 && c === '/' && text.charAt(at + 1) === '>')
        this.#elements = Math.max(0, this.#elements - 1);
      if (c !== '@' || /\w/.test(text.charAt(at - 1))) continue;
      if (text.charAt(at + 1) === '@') at++;
      else if (text.charAt(at + 1) === '*') {
        const close = text.indexOf('*@', at + 2);
        return close < 0 ? text.length : close + 1;
      } else {
        const to = this.#transition(at, end);
        if (to >= end) return to;
        at = Math.max(at, to - 1);
      }
    }
    return end;
  }

  #tag(at: number, end: number): void {
    const [, close, name = ''] = /^<(\/?)([A-Za-z][\w:-]*)/.exec(this.text.slice(at, Math.min(end, at + 60))) ?? [];
    if (name === '' || /^(input|br|hr|img|meta|link|area|base|col|embed|source|wbr)$/i.test(name)) return;
    this.#elements = Math.max(0, this.#elements + (close === '' ? 1 : -1));
  }

  /** What stands behind an `@`; answers where it ends. */
  #transition(at: number, end: number): number {
    const { text } = this;
    const rest = text.slice(at + 1, Math.min(text.length, at + 200));
    const inner = this.#inner;
    if (block.test(rest)) {
      const brace = text.indexOf('{', at);
      this.#braces++;
      inner.put(at, ';');
      return brace + 1 < end ? this.#code(brace + 1, end) : end;
    }
    if (branch.test(rest)) {
      const close = this.#closing(text.indexOf('(', at));
      inner.put(at, ';');
      inner.keep(at + 1, close);
      const lineEnd = text.indexOf('\n', close);
      const stop = lineEnd < 0 ? text.length : lineEnd;
      this.#goesOn = true;
      return /^\s*\{/.test(text.slice(close, stop)) ? this.#code(close, stop) : stop;
    }
    const directed = /^(using|inject)\s+/.exec(rest);
    if (directed) {
      inner.put(at, ';');
      inner.keep(at + 1 + (directed[1] === 'using' ? 0 : directed[0].length), end);
      return end;
    }
    if (directive.test(rest)) return end;
    const to = this.#expression(at + 1);
    if (to > at + 1) {
      inner.put(at, ';');
      inner.keep(at + 1, to);
    }
    return to;
  }

  /** End of `await a.b(c)[d]?.e` or `(a + b)`. */
  #expression(from: number): number {
    const { text } = this;
    let at = from + (/^await\s+/.exec(text.slice(from, from + 20))?.[0].length ?? 0);
    if (text.charAt(at) === '(') return this.#closing(at);
    const name = /\w+/y;
    for (;;) {
      name.lastIndex = at;
      const found = name.exec(text);
      if (!found) return at;
      at += found[0].length;
      while (text.charAt(at) === '(' || text.charAt(at) === '[') at = this.#closing(at);
      const dot = /^(?:\?|!)?\.(?=\w)/.exec(text.slice(at, at + 3));
      if (!dot) return at;
      at += dot[0].length;
    }
  }

  /** Behind what closes the bracket here. */
  #closing(from: number): number {
    const stop = Math.min(this.text.length, from + longest);
    let depth = 0;
    let quoted = false;
    for (let at = from; at < stop; at++) {
      const c = this.text.charAt(at);
      if (c === '"' && this.text.charAt(at - 1) !== '\\') quoted = !quoted;
      else if (!quoted && (c === '(' || c === '[')) depth++;
      else if (!quoted && (c === ')' || c === ']') && --depth === 0) return at + 1;
    }
    return stop;
  }
}
