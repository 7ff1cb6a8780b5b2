import type { Json } from '../../model/json';

/** How a flag's text is written: on lines or on one, with what indentation, line ends and blanks. */
export class JsonStyle {
  readonly eol: string;
  readonly unit: string;
  readonly colon: string;
  /** Behind a comma on one line. */
  readonly space: string;
  readonly #onLines: boolean;
  /** Blanks before the line the flag itself starts on. */
  readonly #base: string;

  constructor(text: string, before: string) {
    this.#base = leading(before.slice(before.lastIndexOf('\n') + 1));
    this.eol = (text.includes('\n') ? text : before).includes('\r\n') ? '\r\n' : '\n';
    const inner = /\n([ \t]+)"/.exec(text)?.[1];
    this.#onLines = inner !== undefined;
    this.unit =
      inner !== undefined && inner.length > this.#base.length && inner.startsWith(this.#base)
        ? inner.slice(this.#base.length)
        : this.#base.slice(0, Math.ceil(this.#base.length / 2)) || '  ';
    const tight = /":\S/.test(text) && !text.includes('": ');
    this.colon = tight ? ':' : ': ';
    this.space = tight ? '' : ' ';
  }

  /** Blanks at the start of the line an offset of the flag's text stands on. */
  indentOf(text: string, offset: number): string {
    const start = text.lastIndexOf('\n', offset - 1) + 1;
    return start === 0 ? this.#base : leading(text.slice(start));
  }

  /** A value in this style, for a place on a line with this indentation. */
  write(value: Json, indent: string): string {
    return this.#onLines ? this.#lines(value, indent) : this.#line(value);
  }

  #lines(value: Json, indent: string): string {
    const inner = indent + this.unit;
    const wrap = (open: string, items: readonly string[], close: string): string =>
      `${open}${this.eol}${items.map((item) => inner + item).join(`,${this.eol}`)}${this.eol}${indent}${close}`;
    if (isList(value))
      // A bucket such as ["on", 25] stays on one line.
      return value.every(isPlain)
        ? this.#line(value)
        : wrap(
            '[',
            value.map((item) => this.#lines(item, inner)),
            ']',
          );
    if (isPlain(value)) return JSON.stringify(value);
    const members = Object.entries(value).map(
      ([name, item]) => `${JSON.stringify(name)}${this.colon}${this.#lines(item, inner)}`,
    );
    return members.length === 0 ? '{}' : wrap('{', members, '}');
  }

  #line(value: Json): string {
    if (isPlain(value)) return JSON.stringify(value);
    const comma = `,${this.space}`;
    if (isList(value)) return `[${value.map((item) => this.#line(item)).join(comma)}]`;
    const members = Object.entries(value).map(
      ([name, item]) => `${JSON.stringify(name)}${this.colon}${this.#line(item)}`,
    );
    return members.length === 0 ? '{}' : `{${this.space}${members.join(comma)}${this.space}}`;
  }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isPlain = (value: Json): value is string | number | boolean | null => typeof value !== 'object' || value === null;
const leading = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';
