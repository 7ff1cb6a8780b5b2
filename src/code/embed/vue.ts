import type { Span } from '../summary';
import { InnerText, type Inner, type MarkupGuard } from './inner';
import { attributeOf, MarkupScanner, type Attribute, type Open } from './markup';
import { MarkupGuards } from './markupGuards';
import { holdsCode } from './scripts';

/** Conditions on an element. */
const conditions = /^v-(if|else-if|show)$/;
/** Names that a slot or a loop gives, and directives without an expression. */
const noExpression = /^(#|v-(slot|else|pre|once|cloak)(?![\w-]))/;
const handler = /^(@|v-on:)/;
const directive = /^([:@#.]|v-)/;
const voidElements = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

/** Scripts of a single-file component, and what its template writes in code. */
export function scriptOfVue(text: string): Inner {
  return new VueReader(text).read();
}

/** JSX in a component needs the grammar that reads it. */
export function isJsxInVue(text: string): boolean {
  return /<script\b[^>]*\slang=["']?[jt]sx\b/.test(text);
}

class VueReader {
  readonly #inner: InnerText;
  readonly #scanner: MarkupScanner;
  readonly #guards = new MarkupGuards();
  #script = false;

  constructor(private readonly text: string) {
    this.#inner = new InnerText(text);
    this.#scanner = new MarkupScanner(text, 'double');
  }

  read(): Inner {
    const guards = this.#guards;
    for (let token = this.#scanner.next(); token; token = this.#scanner.next()) {
      if (token.k === 'open') this.#open(token);
      else if (token.k === 'close') guards.close(token.name, token.to);
      else if (token.k === 'hole' && guards.depth > 0)
        this.#expression(token.from - 2, [token.from, token.to], token.to);
      else if (token.k === 'raw' && this.#script) {
        this.#inner.put(token.from - 1, ';');
        this.#inner.keep(token.from, token.to);
        this.#script = false;
      }
    }
    return { text: this.#inner.finish(), guards: guards.finish(this.text.length) };
  }

  #open(open: Open): void {
    const { text } = this;
    const name = open.name.toLowerCase();
    this.#script = false;
    if (this.#guards.depth === 0) {
      const lang = attributeOf(text, open, 'lang');
      this.#script = name === 'script' && holdsCode(text, open);
      // Blocks of the project's own (`i18n`, `docs`) and templates that are no HTML.
      if (name !== 'template' || (lang !== undefined && lang !== 'html')) this.#scanner.takeRaw(open);
      else if (!open.closed) this.#guards.open(open.name, open.from, null);
      return;
    }
    const condition = this.#attributes(open);
    this.#guards.open(open.name, open.from, condition);
    if (open.closed || voidElements.test(name)) this.#guards.close(open.name, open.to);
  }

  /** Tells its expressions; answers what the element depends on. */
  #attributes({ attributes }: Open): Parameters<MarkupGuards['open']>[2] {
    let condition: { readonly is: string; readonly cond: MarkupGuard['cond'] | null } | null = null;
    for (const attribute of attributes) {
      const { name, value, quote, equals } = attribute;
      if (name === 'v-else') condition = { is: 'else', cond: null };
      if (!value || !directive.test(name) || noExpression.test(name)) continue;
      const kind = conditions.exec(name)?.[1];
      if (kind !== undefined) condition = { is: kind, cond: [value[0] - 1, value[1] + 1] };
      if (quote === '') {
        this.#inner.put(equals, ';');
        this.#inner.keep(...value);
      } else if (name === 'v-for') this.#loop(attribute, value);
      else if (handler.test(name)) this.#statements(equals, value);
      else this.#expression(equals, value, value[1]);
    }
    return condition;
  }

  /** `;(` … `)`: an expression that is a statement of its own, whatever stands before it. */
  #expression(start: number, value: Span, end: number): void {
    this.#inner.put(start, ';');
    this.#inner.put(value[0] - 1, '(');
    this.#inner.keep(...value);
    this.#inner.put(end, ')');
  }

  /** What a handler does may be several statements. */
  #statements(equals: number, value: Span): void {
    this.#inner.put(equals, ';');
    this.#inner.put(value[0] - 1, '{');
    this.#inner.keep(...value);
    this.#inner.put(value[1], '}');
  }

  /** Of `item in items` what is gone through. */
  #loop({ equals }: Attribute, [from, to]: Span): void {
    const found = /\s(in|of)\s/.exec(this.text.slice(from, to));
    if (found) this.#expression(equals, [from + found.index + found[0].length, to], to);
  }
}
