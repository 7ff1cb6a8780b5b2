import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { Json } from '../../model/json';
import { JsonStyle } from './jsonStyle';

type Path = readonly (string | number)[];

/**
 * Edits of one flag's text that leave everything else as it is: comments, order, indentation, line ends, one-line
 * objects. Works on the flag's own text alone, so the rest of the file cannot be touched.
 */
export class FlagText {
  #text: string;
  readonly #style: JsonStyle;

  /** `before`: the file's text up to the flag. */
  constructor(text: string, before: string) {
    this.#text = text;
    this.#style = new JsonStyle(text, before);
  }

  get text(): string {
    return this.#text;
  }

  /** Replaces the value at a path; a missing property or the next item of a list is added. */
  set(path: Path, value: Json): void {
    const node = this.#find(path);
    if (node) {
      this.#splice(node.offset, node.length, this.#style.write(value, this.#indentAt(node.offset)));
      return;
    }
    const parent = this.#find(path.slice(0, -1));
    if (parent?.type === 'object') this.#addProperty(parent, String(path.at(-1)), value);
    else if (parent?.type === 'array') this.#addTo(parent, parent.children?.at(-1), '', value);
  }

  /** Removes a property with its comma; comments beside it stay. */
  remove(path: Path): void {
    const property = this.#find(path)?.parent;
    if (property?.type !== 'property') return;
    let start = property.offset;
    let end = start + property.length;
    const comma = this.#commaAfter(end);
    const before = /(\r?\n)?[ \t]*$/.exec(this.#text.slice(0, start));
    if (comma !== undefined) {
      // Up to its own line's end when nothing else stands there, else up to the next member.
      end = comma + 1;
      if (before?.[1] && /^[ \t]*\r?\n/.test(this.#text.slice(end))) start -= before[0].length;
      else end += /^[ \t]*/.exec(this.#text.slice(end))?.[0].length ?? 0;
      this.#splice(start, end - start, '');
      return;
    }
    start -= before?.[0].length ?? 0;
    this.#splice(start, end - start, '');
    const siblings = property.parent?.children ?? [];
    const previous = siblings[siblings.indexOf(property) - 1];
    const leftOver = previous && this.#commaAfter(previous.offset + previous.length);
    if (leftOver !== undefined) this.#splice(leftOver, 1, '');
  }

  /** Behind `defaultVariant` or `variants`, where flagd's own examples have what we add; else at the end. */
  #addProperty(parent: Node, name: string, value: Json): void {
    const members = parent.children ?? [];
    const named = (wanted: string): Node | undefined =>
      members.find((member) => member.children?.[0]?.value === wanted);
    const after = named('defaultVariant') ?? named('variants') ?? members.at(-1);
    this.#addTo(parent, after, `${JSON.stringify(name)}${this.#style.colon}`, value);
  }

  #addTo(parent: Node, after: Node | undefined, prefix: string, value: Json): void {
    const inner = after ? this.#indentAt(after.offset) : `${this.#indentAt(parent.offset)}${this.#style.unit}`;
    const content = `${prefix}${this.#style.write(value, inner)}`;
    if (!after) {
      this.#splice(parent.offset + 1, 0, content);
      return;
    }
    const ownLine = /\n[ \t]*$/.test(this.#text.slice(0, after.offset));
    const separator = ownLine ? `,${this.#style.eol}${inner}` : `,${this.#style.space}`;
    this.#splice(after.offset + after.length, 0, `${separator}${content}`);
  }

  #find(path: Path): Node | undefined {
    const root = parseTree(this.#text);
    return root && findNodeAtLocation(root, [...path]);
  }

  /** Offset of the comma behind a value, comments between them skipped. */
  #commaAfter(offset: number): number | undefined {
    const match = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*,/.exec(this.#text.slice(offset));
    return match ? offset + match[0].length - 1 : undefined;
  }

  #indentAt(offset: number): string {
    return this.#style.indentOf(this.#text, offset);
  }

  #splice(offset: number, length: number, insert: string): void {
    this.#text = this.#text.slice(0, offset) + insert + this.#text.slice(offset + length);
  }
}
