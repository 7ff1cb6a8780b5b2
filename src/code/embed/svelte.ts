import { closingBrace } from './braces';
import { InnerText, type Inner, type MarkupGuard } from './inner';
import { MarkupScanner, type Open } from './markup';
import { longestChain } from './markupGuards';
import { holdsCode } from './scripts';

type Guard = { -readonly [Name in keyof MarkupGuard]: MarkupGuard[Name] };

/** An open `{#if}`: its guards, the one whose side is being read last. */
interface Chain {
  readonly guards: Guard[];
  /** Where the side that is being read starts. */
  from: number;
}

/** `{#if x}`, `{:else if x}`, `{/if}`, `{@html x}`; the expression is what follows. */
const block = /^([#:/@])\s*(else\s+if|\w+)\s*/;
const mostOpen = 2_000;

/** Scripts of a component, and what its markup writes in code. */
export function scriptOfSvelte(text: string): Inner {
  return new SvelteReader(text).read();
}

class SvelteReader {
  readonly #inner: InnerText;
  readonly #scanner: MarkupScanner;
  readonly #guards: Guard[] = [];
  /** The blocks around, from the outermost in; null where one has no condition. */
  readonly #open: (Chain | null)[] = [];
  /** What the component declares: `$name` reads the store of that name. */
  readonly #declared: ReadonlySet<string>;

  constructor(private readonly text: string) {
    this.#inner = new InnerText(text);
    this.#scanner = new MarkupScanner(text, 'single');
    this.#declared = new Set(
      [...text.matchAll(/\b(?:const|let|var)\s+([\w$]+)\s*[:=]/g)].map(([, name]) => name ?? ''),
    );
  }

  read(): Inner {
    let script: Open | undefined;
    for (let token = this.#scanner.next(); token; token = this.#scanner.next()) {
      if (token.k === 'open') {
        script = token.name === 'script' && holdsCode(this.text, token) ? token : undefined;
        this.#attributes(token);
      } else if (token.k === 'hole') this.#hole(token.from, token.to);
      else if (token.k === 'raw' && script) {
        this.#inner.put(token.from - 1, ';');
        this.#keep(token.from, token.to);
      }
    }
    return { text: this.#inner.finish(), guards: this.#guards };
  }

  #attributes({ attributes }: Open): void {
    for (const { value, quote, equals } of attributes) {
      if (!value) continue;
      if (quote === '{') this.#value(equals, ...value);
      else if (quote !== '') this.#holesIn(...value);
    }
  }

  /** `x={y}` may hold an object; `{...y}` and `{@attach y}` have no name. */
  #value(equals: number, from: number, to: number): void {
    if (equals < 0) {
      this.#hole(from, to);
      return;
    }
    this.#inner.put(equals, ';');
    this.#inner.put(from - 1, '(');
    this.#keep(from, to);
    this.#inner.put(to, ')');
  }

  /** `class="a {b}"` */
  #holesIn(from: number, to: number): void {
    const text = this.text.slice(from, to);
    for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
      const end = closingBrace(text, at + 1, text.length);
      if (end < 0) return;
      this.#expression(from + at + 1, from + end);
      at = end;
    }
  }

  #hole(from: number, to: number): void {
    const found = block.exec(this.text.slice(from, to));
    if (!found) {
      this.#expression(from, to);
      return;
    }
    const [whole, mark, word = ''] = found;
    const at = from + whole.length;
    if (mark === '@') this.#special(word, at, from, to);
    else if (mark === '#') this.#opened(word, at, from, to);
    else if (mark === ':' && word.startsWith('else')) this.#otherwise(at, from, to);
    else if (mark === '/') this.#closed(from - 1);
  }

  #special(word: string, at: number, from: number, to: number): void {
    if (word === 'html' || word === 'render' || word === 'attach') this.#condition(at, from, to);
    else if (word === 'const') {
      this.#inner.put(from - 1, ';');
      this.#keep(from + 1, to);
      this.#inner.put(to, ';');
    }
  }

  #opened(word: string, at: number, from: number, to: number): void {
    const chain: Chain | null =
      word === 'if'
        ? { guards: [{ cond: this.#condition(at, from, to), then: null, other: null }], from: to + 1 }
        : null;
    if (this.#open.length < mostOpen) this.#open.push(chain);
    if (word === 'key') this.#condition(at, from, to);
    else if (word === 'each' || word === 'await') {
      const text = this.text.slice(at, to);
      const end = word === 'each' ? text.lastIndexOf(' as ') : text.search(/\s(then|catch)\s/);
      this.#condition(at, from, end < 0 ? to : at + end);
    }
  }

  #otherwise(at: number, from: number, to: number): void {
    const chain = this.#open.at(-1);
    const isIf = /if\s*$/.test(this.text.slice(from, at));
    const cond = isIf ? this.#condition(at, from, to) : null;
    if (!chain) return;
    this.#end(chain, from - 1);
    if (cond && chain.guards.length < longestChain) chain.guards.push({ cond, then: null, other: null });
    chain.from = to + 1;
  }

  #closed(at: number): void {
    const chain = this.#open.pop();
    if (!chain) return;
    this.#end(chain, at);
    this.#guards.push(...chain.guards);
  }

  /** Ends the side that is being read: that of the last condition, and the other one of those before. */
  #end({ guards, from }: Chain, to: number): void {
    for (const [index, guard] of guards.entries()) {
      if (index === guards.length - 1 && !guard.then) guard.then = [from, to];
      else guard.other = [guard.other?.[0] ?? from, to];
    }
  }

  /** `(` in place of the mark, `)` at the end; answers where it stands. */
  #condition(at: number, from: number, to: number): MarkupGuard['cond'] {
    this.#inner.put(from - 1, ';');
    this.#inner.put(from, '(');
    this.#keep(at, to);
    this.#inner.put(to, ')');
    return [from, to + 1];
  }

  #expression(from: number, to: number): void {
    const spread = /^\s*\.\.\./.exec(this.text.slice(from, to))?.[0].length ?? 0;
    this.#inner.put(from - 1, ';');
    this.#keep(from + spread, to);
    this.#inner.put(to, ';');
  }

  /** Code, in which `$name` is what `name` holds. */
  #keep(from: number, to: number): void {
    let at = from;
    for (const found of this.text.slice(from, to).matchAll(/(?<![\w$"'`])\$([A-Za-z_][\w$]*)/g)) {
      if (!this.#declared.has(found[1] ?? '')) continue;
      this.#inner.keep(at, from + found.index);
      at = from + found.index + 1;
    }
    this.#inner.keep(at, to);
  }
}
