import type { Span } from '../summary';
import { closingBrace } from './braces';

/** How a kind of markup writes code between its tags: not at all, `{{ x }}` (Vue), `{x}` (Svelte). */
export type Holes = 'none' | 'double' | 'single';

export interface Attribute {
  readonly name: string;
  /** Where its `=` stands; -1 where it has none. */
  readonly equals: number;
  /** Its value without quotes or braces. */
  readonly value: Span | null;
  /** `"`, `'`, `{` of Svelte, or nothing. */
  readonly quote: string;
}

export type Token =
  | {
      readonly k: 'open';
      readonly name: string;
      readonly from: number;
      readonly to: number;
      readonly attributes: readonly Attribute[];
      readonly closed: boolean;
    }
  | { readonly k: 'close'; readonly name: string; readonly from: number; readonly to: number }
  /** What stands between the marks of a hole. */
  | { readonly k: 'hole'; readonly from: number; readonly to: number }
  /** What an element holds that has no markup inside. */
  | { readonly k: 'raw'; readonly name: string; readonly from: number; readonly to: number };

type Open = Extract<Token, { k: 'open' }>;

const rawElements = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'noembed', 'noframes']);
const tagName = /[a-zA-Z][^\s/>]*/y;
const attributeName = /[^\s=>/"'{][^\s=>/]*|["'/{]/y;
const unquoted = /[^\s>]+/y;
const spaces = /\s*/y;

/** After so many braces that nothing closes, braces are text: each costs a look through what follows. */
const mostUnclosed = 20;
/** No hole is longer. */
const longestHole = 200_000;

const marks = { none: /</g, double: /<|\{\{/g, single: /[<{]/g } as const;

/** Tags, raw text and holes of markup, in order, as browsers tell them apart: no text is an error. One pass. */
export class MarkupScanner {
  #at = 0;
  #raw: Open | undefined;
  #unclosed = 0;
  readonly #mark: RegExp;

  constructor(
    private readonly text: string,
    private readonly holes: Holes,
  ) {
    this.#mark = new RegExp(marks[holes]);
  }

  /** The next token; undefined at the end. */
  next(): Token | undefined {
    if (this.#raw) return this.#rawText(this.#raw.name);
    const { text } = this;
    for (;;) {
      this.#mark.lastIndex = this.#at;
      const found = this.#mark.exec(text);
      if (!found) {
        this.#at = text.length;
        return undefined;
      }
      const at = found.index;
      const token = found[0] === '<' ? this.#tag(at) : this.#hole(at, found[0].length);
      if (token) return token;
    }
  }

  /** Reads what the element just opened holds as raw text: custom blocks, templates of another language. */
  takeRaw(open: Open): void {
    if (!open.closed) this.#raw = open;
  }

  #rawText(name: string): Token {
    this.#raw = undefined;
    const end = new RegExp(`</${name.replace(/[^\w-]/g, '\\$&')}(?=[\\s/>]|$)`, 'gi');
    end.lastIndex = this.#at;
    const from = this.#at;
    this.#at = end.exec(this.text)?.index ?? this.text.length;
    return { k: 'raw', name, from, to: this.#at };
  }

  #hole(at: number, length: number): Token | undefined {
    const from = at + length;
    const to = length === 2 ? this.#closingPair(from) : this.#closing(from);
    // An unfinished one ends nowhere: the text goes on behind its mark.
    this.#at = to < 0 ? from : to + length;
    return to < 0 ? undefined : { k: 'hole', from, to };
  }

  #closingPair(from: number): number {
    if (this.#unclosed > 0) return -1;
    const to = this.text.indexOf('}}', from);
    if (to < 0) this.#unclosed++;
    return to;
  }

  #closing(from: number): number {
    if (this.#unclosed >= mostUnclosed) return -1;
    const to = closingBrace(this.text, from, Math.min(this.text.length, from + longestHole));
    if (to < 0) this.#unclosed++;
    return to;
  }

  #tag(at: number): Token | undefined {
    const { text } = this;
    if (text.startsWith('<!--', at)) {
      const end = text.indexOf('-->', at + 4);
      this.#at = end < 0 ? text.length : end + 3;
      return undefined;
    }
    const second = text.charAt(at + 1);
    const isClose = second === '/';
    tagName.lastIndex = at + (isClose ? 2 : 1);
    const name = tagName.exec(text)?.[0];
    if (name === undefined) {
      const end = second === '!' || second === '?' || isClose ? text.indexOf('>', at) : at;
      this.#at = end < 0 ? text.length : end + 1;
      return undefined;
    }
    this.#at = tagName.lastIndex;
    if (isClose) {
      const end = text.indexOf('>', this.#at);
      this.#at = end < 0 ? text.length : end + 1;
      return { k: 'close', name, from: at, to: this.#at };
    }
    return this.#open(name, at);
  }

  #open(name: string, from: number): Token {
    const { text } = this;
    const attributes: Attribute[] = [];
    let closed = false;
    while (this.#at < text.length) {
      this.#match(spaces);
      const c = text.charAt(this.#at);
      if (c === '>') {
        this.#at++;
        break;
      }
      closed = c === '/' && text.charAt(this.#at + 1) === '>';
      const attribute = this.#attribute();
      if (attribute) attributes.push(attribute);
    }
    const open: Open = { k: 'open', name, from, to: this.#at, attributes, closed };
    if (!closed && rawElements.has(name.toLowerCase())) this.#raw = open;
    return open;
  }

  #attribute(): Attribute | undefined {
    const { text } = this;
    if (this.holes === 'single' && text.charAt(this.#at) === '{') return this.#braced('', -1);
    const name = this.#match(attributeName);
    if (name === '') this.#at++;
    const end = this.#at;
    this.#match(spaces);
    const equals = this.#at;
    if (text.charAt(equals) !== '=' || /^["'/{]?$/.test(name)) {
      this.#at = end;
      return /^["'/{]?$/.test(name) ? undefined : { name, equals: -1, value: null, quote: '' };
    }
    this.#at++;
    this.#match(spaces);
    const quote = text.charAt(this.#at);
    if (this.holes === 'single' && quote === '{') return this.#braced(name, equals);
    if (quote !== '"' && quote !== "'") {
      const from = this.#at;
      this.#match(unquoted);
      return { name, equals, value: [from, this.#at], quote: '' };
    }
    const from = this.#at + 1;
    const to = this.#closingQuote(quote, from);
    this.#at = to < 0 ? text.length : to + 1;
    return { name, equals, value: to < 0 ? null : [from, to], quote };
  }

  /** Svelte's holes may have quotes of their own: `class="a {b ? "c" : ''}"`. */
  #closingQuote(quote: string, from: number): number {
    if (this.holes !== 'single') return this.text.indexOf(quote, from);
    const mark = quote === '"' ? /["{]/g : /['{]/g;
    mark.lastIndex = from;
    for (let found = mark.exec(this.text); found; found = mark.exec(this.text)) {
      if (found[0] === quote) return found.index;
      const end = this.#closing(found.index + 1);
      if (end >= 0) mark.lastIndex = end + 1;
    }
    return -1;
  }

  /** Svelte's `{x}` as a value, or as an attribute of that name. */
  #braced(name: string, equals: number): Attribute | undefined {
    const from = this.#at + 1;
    const to = this.#closing(from);
    this.#at = to < 0 ? from : to + 1;
    return to < 0 ? undefined : { name, equals, value: [from, to], quote: '{' };
  }

  #match(expression: RegExp): string {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}

/** Value of an attribute as written; undefined where it has none. */
export function attributeOf(text: string, open: Open, name: string): string | undefined {
  const found = open.attributes.find((attribute) => attribute.name.toLowerCase() === name);
  return found && (found.value ? text.slice(...found.value) : '');
}

export type { Open };
