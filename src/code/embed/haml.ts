import { closingBrace } from './braces';
import { InnerText, type Inner, type MarkupGuard } from './inner';
import { longestChain } from './markupGuards';

/** A condition while the lines that it decides are read. */
interface Condition {
  readonly cond: MarkupGuard['cond'];
  readonly isUnless: boolean;
  /** What runs when the line's own word holds, and what runs otherwise. */
  own: MarkupGuard['then'];
  rest: MarkupGuard['other'];
}

/** A line that others are nested below. */
interface Block {
  readonly indent: number;
  /** Where what is nested starts. */
  readonly from: number;
  /** The conditions of an `if` and its `elsif`s so far; null where the line is none of that. */
  readonly chain: readonly Condition[] | null;
  /** The line's own, among these; null for `else`. */
  readonly condition: Condition | null;
}

const tag = /^(?:%[\w:-]+|[.#][\w:-]+)(?:[.#][\w:-]+)*/;
const script = /^(?:[!&]?=(?!=)|~|-)\s*/;
const keyword =
  /^(if|unless|elsif|else|while|until|case|when|in|begin|ensure|rescue|end|for\b[^\n]*?\bin)(?![\w?!:])\s*/;
/** Words behind which no expression stands. */
const noExpression = /^(when|in|rescue|else|begin|ensure|end)$/;
/** `do |x|` at the end of a line, whose block no `end` closes. */
const opensBlock = /\s(?:do|\{)\s*(?:\|[^|\n]*\|)?\s*(?:#(?!\{)[^\n]*)?$/;
/** Ruby goes on in the next line behind a comma, and where HAML's own `|` says so. */
const goesOn = /(?:,|\s\|)\s*$/;
const longestHash = 20_000;

/**
 * The Ruby of a HAML template: scripts, values of tags, hashes of attributes, interpolation. Nesting is told by indents,
 * not by `end`: every line becomes a statement of its own, and conditions guard the lines below them.
 */
export function rubyOfHaml(text: string): Inner {
  return new HamlReader(text).read();
}

class HamlReader {
  readonly #inner: InnerText;
  readonly #conditions: Condition[] = [];
  readonly #blocks: Block[] = [];
  /** The conditions that an `else` in the next line would be the other side of. */
  #chain: Block['chain'] = null;
  /** Lines deeper than this are a comment's, or a filter's. */
  #hidden = Infinity;
  #hiddenIsText = false;

  constructor(private readonly text: string) {
    this.#inner = new InnerText(text);
  }

  read(): Inner {
    const { text } = this;
    for (let start = 0; start < text.length;) {
      let end = this.#lineEnd(start);
      const indent = /^[ \t]*/.exec(text.slice(start, end))?.[0].length ?? 0;
      const from = start + indent;
      if (text.slice(from, end).trim() === '') {
        // Blank lines end nothing.
      } else if (indent > this.#hidden) {
        if (this.#hiddenIsText) this.#interpolations(from, end);
      } else {
        this.#hidden = Infinity;
        this.#close(indent, start);
        end = this.#line(from, end, indent);
      }
      start = end + 1;
    }
    this.#close(0, text.length);
    const guards = this.#conditions.map(({ cond, isUnless, own, rest }) =>
      isUnless ? { cond, then: rest, other: own } : { cond, then: own, other: rest },
    );
    return { text: this.#inner.finish(), guards };
  }

  #lineEnd(from: number): number {
    const found = this.text.indexOf('\n', from);
    return found < 0 ? this.text.length : found;
  }

  /** Answers where the line ends, with those that it goes on in. */
  #line(from: number, end: number, indent: number): number {
    const line = this.text.slice(from, end);
    if (line.startsWith('-#') || /^\/(?!\[)/.test(line)) {
      this.#hide(indent, false);
      return end;
    }
    if (/^:\w/.test(line)) {
      if (/^:ruby\s*$/.test(line)) return this.#rubyFilter(indent, end);
      this.#hide(indent, true);
      return end;
    }
    const value = script.exec(line)?.[0];
    if (value !== undefined) return this.#script(from, from + value.length, indent);
    const name = line.startsWith('#{') ? undefined : tag.exec(line)?.[0];
    if (name !== undefined) return this.#tag(from + name.length, end, indent);
    this.#interpolations(from, end);
    this.#chain = null;
    return end;
  }

  #hide(indent: number, isText: boolean): void {
    this.#hidden = indent;
    this.#hiddenIsText = isText;
  }

  /** Plain Ruby. */
  #rubyFilter(indent: number, end: number): number {
    let last = end;
    for (let from = end + 1; from < this.text.length;) {
      const to = this.#lineEnd(from);
      const [blank = ''] = /^\s*/.exec(this.text.slice(from, to)) ?? [];
      if (blank.length <= indent && from + blank.length < to) break;
      this.#inner.keep(from, to);
      last = to;
      from = to + 1;
    }
    return last;
  }

  /** What follows `%a.b`: `{ … }(…)[…]= x`. */
  #tag(at: number, lineEnd: number, indent: number): number {
    const { text } = this;
    let next = at;
    let end = lineEnd;
    if (text.charAt(at) === '{') {
      const close = closingBrace(text, at + 1, Math.min(text.length, at + longestHash));
      if (close < 0) return end;
      // `_={ … }`: a hash that is a statement of its own.
      this.#inner.put(at - 2, '_');
      this.#inner.put(at - 1, '=');
      this.#inner.keep(at, close + 1);
      next = close + 1;
      end = this.#lineEnd(next);
    }
    next += /^(?:\([^)\n]*\))?(?:\[[^\]\n]*\])?[<>]*\/?/.exec(text.slice(next, end))?.[0].length ?? 0;
    const value = /^(?:[!&]?=(?!=)|~)\s*/.exec(text.slice(next, end))?.[0];
    if (value !== undefined) return this.#script(next, next + value.length, indent);
    this.#interpolations(next, end);
    this.#open({ indent, from: end, chain: null, condition: null });
    return end;
  }

  #script(mark: number, at: number, indent: number): number {
    const { text } = this;
    let end = this.#lineEnd(at);
    while (end < text.length && goesOn.test(text.slice(Math.max(at, end - 40), end))) end = this.#lineEnd(end + 1);
    const code = text.slice(at, end);
    const [before = '', word = ''] = keyword.exec(code) ?? [];
    const from = at + before.length;
    const to = from + (opensBlock.exec(code.slice(before.length))?.index ?? code.length - before.length);
    if (from < to && !noExpression.test(word)) {
      this.#inner.put(mark, ';');
      this.#keepLines(from, to);
    }
    const condition: Condition | null = /^(if|unless|elsif)$/.test(word)
      ? { cond: [from, to], isUnless: word === 'unless', own: null, rest: null }
      : null;
    if (condition) this.#conditions.push(condition);
    const earlier = word === 'elsif' || word === 'else' ? (this.#chain ?? []).slice(0, longestChain) : [];
    const chain = condition ? [...earlier, condition] : word === 'else' ? earlier : null;
    this.#open({ indent, from: end, chain, condition });
    return end;
  }

  /** HAML's `|` at the end of a line is none of Ruby's. */
  #keepLines(from: number, to: number): void {
    let at = from;
    for (const { 0: bar, index } of this.text.slice(from, to).matchAll(/\s\|[ \t\r]*(?=\n|$)/g)) {
      this.#inner.keep(at, from + index);
      at = from + index + bar.length;
    }
    this.#inner.keep(at, to);
  }

  /** `#{x}` in text. */
  #interpolations(from: number, to: number): void {
    const text = this.text.slice(from, to);
    for (let at = text.indexOf('#{'); at >= 0; at = text.indexOf('#{', at + 2)) {
      const close = closingBrace(text, at + 2, text.length);
      if (close < 0) return;
      if (text.charAt(at - 1) !== '\\') {
        this.#inner.put(from + at, ';');
        this.#inner.put(from + at + 1, '(');
        this.#inner.keep(from + at + 2, from + close);
        this.#inner.put(from + close, ')');
      }
      at = close - 1;
    }
  }

  #open(block: Block): void {
    this.#chain = null;
    this.#blocks.push(block);
  }

  /** A line of this indent ends what is nested deeper, and as deep. */
  #close(indent: number, to: number): void {
    let last: Block | undefined;
    for (let block = this.#blocks.at(-1); block && block.indent >= indent; block = this.#blocks.at(-1)) {
      this.#blocks.pop();
      this.#end(block, to);
      last = block;
    }
    this.#chain = last?.indent === indent ? last.chain : null;
  }

  #end({ from, chain, condition }: Block, to: number): void {
    const span: MarkupGuard['cond'] = [Math.min(from, to), to];
    for (const each of chain ?? []) {
      if (each === condition) each.own = span;
      else each.rest = [each.rest?.[0] ?? span[0], to];
    }
  }
}
