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

  /** Puts items before all others of a list; a list on lines gets lines of its own for them. */
  prepend(path: Path, items: readonly Json[]): void {
    const list = this.#find(path);
    const first = list?.children?.[0];
    if (list?.type !== 'array' || !first) return;
    const inner = this.#indentAt(first.offset);
    const ownLine = /\n[ \t]*$/.test(this.#text.slice(list.offset, first.offset));
    const separator = ownLine ? `,${this.#style.eol}${inner}` : `,${this.#style.space}`;
    const written = items.map((item) => this.#style.write(item, inner) + separator).join('');
    this.#splice(first.offset, 0, written);
  }

  /** Puts the value at a path, as it is written, behind these items in a list under this name. */
  enclose(path: Path, name: string, items: readonly Json[]): void {
    const node = this.#find(path);
    if (!node) return;
    const indent = this.#indentAt(node.offset);
    const kept = this.#text.slice(node.offset, node.offset + node.length);
    const placeholder = 'value-as-it-is-written';
    const around = this.#style.write({ [name]: [...items, placeholder] }, indent);
    const at = around.lastIndexOf(JSON.stringify(placeholder));
    const deeper = this.#style.indentOf(around, at).slice(around.includes('\n') ? indent.length : 0);
    // No text of JSON goes over lines: what begins one is a blank that may be another.
    const moved = around.includes('\n') ? kept.replaceAll('\n', `\n${deeper}`) : kept;
    const end = at + JSON.stringify(placeholder).length;
    this.#splice(node.offset, node.length, around.slice(0, at) + moved + around.slice(end));
  }

  /** Puts one of the values below a path in its place, as it is written. */
  replaceBy(path: Path, below: Path): void {
    const [node, inner] = [this.#find(path), this.#find(below)];
    if (!node || !inner) return;
    const kept = this.#text.slice(inner.offset, inner.offset + inner.length);
    const [from, to] = [this.#indentAt(inner.offset), this.#indentAt(node.offset)];
    const moved = from.startsWith(to) ? kept.replaceAll(`\n${from}`, `\n${to}`) : kept;
    this.#splice(node.offset, node.length, moved);
  }

  /** A new member at the end, its value as written; what is said behind the last one stays behind that. */
  append(path: Path, name: string | null, written: string): void {
    const parent = this.#find(path);
    if (!parent) return;
    const member = name === null ? written : `${JSON.stringify(name)}${this.#style.colon}${written}`;
    const { eol, unit } = this.#style;
    const last = parent.children?.at(-1);
    if (!last) {
      const outer = this.#indentAt(parent.offset);
      const closing = this.#text.slice(parent.offset + 1, parent.offset + parent.length - 1).includes('\n');
      this.#splice(parent.offset + 1, 0, `${eol}${outer}${unit}${member}${closing ? '' : `${eol}${outer}`}`);
      return;
    }
    const end = last.offset + last.length;
    const ownLine = /\n[ \t]*$/.test(this.#text.slice(0, last.offset));
    const said = /^[ \t]*(?:\/\*(?:(?!\*\/)[^\n])*\*\/[ \t]*)*(?:\/\/[^\n\r]*)?/.exec(this.#text.slice(end))?.[0] ?? '';
    const behind = end + said.trimEnd().length;
    this.#splice(
      behind,
      0,
      ownLine ? `${eol}${this.#indentAt(last.offset)}${member}` : `${this.#style.space}${member}`,
    );
    this.#splice(end, 0, ',');
  }

  /** Removes a property or an item with its comma; comments beside it stay. */
  remove(path: Path): void {
    const value = this.#find(path);
    const property = value?.parent?.type === 'array' ? value : value?.parent;
    if (!property || (property === value?.parent && property.type !== 'property')) return;
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
