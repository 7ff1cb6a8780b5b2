import { InnerText, type Inner } from './inner';
import { longestChain, MarkupGuards } from './markupGuards';

/** How Laravel Pennant's `@feature` is called in the PHP of a template: as nothing that PHP itself declares. */
export const bladeFeature = 'þeature';

/** Directives whose argument is a condition, and that are keywords of PHP: only the argument is kept. */
const conditions = new Set(['if', 'elseif', 'unless', 'isset', 'empty', 'while', 'switch', 'case', 'php']);
/** What they are to the markup between them. */
const sides: Readonly<Record<string, string>> = {
  if: 'if',
  unless: 'unless',
  feature: 'if',
  elseif: 'else-if',
  else: 'else',
  endif: 'end',
  endunless: 'end',
  endfeature: 'end',
};
/** Directives whose arguments are no expressions. */
const others = new Set(['foreach', 'forelse', 'for', 'props', 'use', 'verbatim']);
/** No argument of a directive is longer. */
const longest = 5_000;

/**
 * The PHP of a Blade template: what `{{ }}` and `{!! !!}` print, `@php` blocks, and what directives are given, each a
 * statement. What stands between `@if` or `@feature` and its end is guarded by it. Never throws.
 */
export function phpOfBlade(text: string): Inner {
  return new Blade(text).read();
}

class Blade {
  readonly #inner: InnerText;
  readonly #guards = new MarkupGuards();

  constructor(private readonly text: string) {
    this.#inner = new InnerText(text);
  }

  read(): Inner {
    const { text } = this;
    // The whole of it is PHP; its tag takes the place of the first two characters, which no expression starts with.
    this.#inner.put(0, '<');
    this.#inner.put(1, '?');
    this.#guards.open('root', 0, null);
    const marks = /\{\{--|@?\{\{|@?\{!!|<\?(?:php|=)|@@?[A-Za-z]+|(?<=\s):[A-Za-z][\w.:-]*=["']/g;
    for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
      const to = this.#marked(mark[0], mark.index, mark.index + mark[0].length);
      marks.lastIndex = Math.max(to, mark.index + 1);
    }
    return { guards: this.#guards.finish(text.length), text: this.#inner.finish() };
  }

  /** Reads what starts here; answers how far it read. */
  #marked(mark: string, from: number, start: number): number {
    if (mark === '{{--') return this.#until('--}}', start);
    if (mark.startsWith('@{') || mark.startsWith('@@')) return start;
    if (mark.startsWith(':')) return this.#attribute(start);
    if (mark === '{{') return this.#printed(from, start, '}}');
    if (mark === '{!!') return this.#printed(from, start, '!!}');
    if (mark.startsWith('<?')) return this.#printed(from, start, '?>');
    return this.#directive(mark.slice(1), from, start);
  }

  /** `:on="Feature::active('new')"` of a component; what has no `::` in it may as well be a script's. */
  #attribute(start: number): number {
    const to = this.text.indexOf(this.text.charAt(start - 1), start);
    if (to < 0 || to > start + longest || !this.text.slice(start, to).includes('::')) return start;
    this.#statement(start - 1, start, to);
    return to;
  }

  #until(end: string, from: number): number {
    const at = this.text.indexOf(end, from);
    return at < 0 ? this.text.length : at + end.length;
  }

  #printed(from: number, start: number, end: string): number {
    const to = this.text.indexOf(end, start);
    if (to < 0) return start;
    this.#statement(from, start, to);
    return to + end.length;
  }

  #statement(before: number, from: number, to: number): void {
    this.#inner.put(before, ';');
    this.#inner.keep(from, to);
    this.#inner.put(to, ';');
  }

  #directive(name: string, from: number, start: number): number {
    const open = start + (/^[ \t]*/.exec(this.text.slice(start, start + 20))?.[0].length ?? 0);
    const close = this.text.charAt(open) === '(' ? closing(this.text, open) : -1;
    if (name === 'php' && close < 0) return this.#printed(from, start, '@endphp');
    if (name === 'verbatim') return this.#until('@endverbatim', start);
    const side = sides[name];
    if (side === 'end') this.#guards.close('block', from);
    if (side === 'else' && close < 0) this.#open(side, from, null);
    if (close < 0 || others.has(name)) return start;
    this.#inner.put(from, ';');
    const cond = this.#given(name, from, open, close);
    if (side !== undefined) this.#open(side, from, side === 'unless' ? null : cond);
    return close + 1;
  }

  /** Keeps what a directive is given; answers where that stands as an expression. */
  #given(name: string, from: number, open: number, close: number): readonly [number, number] {
    if (name === 'feature' || name === 'featureany') {
      this.#inner.put(from + 1, bladeFeature.charAt(0));
      this.#inner.keep(from + 2, from + 1 + bladeFeature.length);
      this.#inner.keep(open, close + 1);
      return [from + 1, close + 1];
    }
    // A call of what is certainly no function of the project: a directive may take several arguments.
    if (!conditions.has(name)) this.#inner.put(from + 1, '_');
    this.#inner.keep(open, close + 1);
    return [conditions.has(name) ? open : from + 1, close + 1];
  }

  #open(side: string, from: number, cond: readonly [number, number] | null): void {
    if (side === 'else' || side === 'else-if') this.#guards.close('side', from);
    if (side === 'if' || side === 'unless') this.#guards.open('block', from, null);
    if (this.#guards.depth < longestChain)
      this.#guards.open('side', from, { is: side === 'unless' ? 'if' : side, cond: cond && [...cond] });
  }
}

/** Where the parenthesis that opens here is closed; -1 where it is not. */
function closing(text: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let at = open; at < text.length && at < open + longest; at++) {
    const c = text.charAt(at);
    if (quote !== '') {
      if (c === '\\') at++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '(' || c === '[' || c === '{') depth++;
    else if ((c === ')' || c === ']' || c === '}') && --depth === 0) return at;
  }
  return -1;
}
