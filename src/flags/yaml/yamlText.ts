import type { Node, YAMLMap } from 'yaml';
import type { Json } from '../../model/json';
import type { Yaml } from './yamlLibrary';
import { endOf, endOfPair, keyOf, parseYaml, rangeOf, type YamlPair } from './yamlSyntax';

type Path = readonly (string | number)[];
type Quotes = 'single' | 'double' | 'plain';

/** What a text is one of: a member of a map (`key: value`), or an item of a list (`- …`, or a map on one line). */
export type YamlPart = 'member' | 'item';

/**
 * Edits of one member of a YAML map, or of one item of a list, that leave everything else as it is: comments, order,
 * indentation, quotes, line ends, maps on one line. Paths start at the member's value, or at the item. What cannot be
 * found is left alone.
 */
export class YamlText {
  #text: string;
  readonly #yaml: Yaml;
  readonly #part: YamlPart;
  readonly #eol: string;

  constructor(text: string, yaml: Yaml, part: YamlPart = 'member') {
    this.#text = text;
    this.#yaml = yaml;
    this.#part = part;
    this.#eol = text.includes('\r\n') ? '\r\n' : '\n';
  }

  get text(): string {
    return this.#text;
  }

  /** Replaces the value at a path; a missing member of a map is added at its end. */
  set(path: Path, value: Json): void {
    const parent = this.#find(path.slice(0, -1));
    if (!parent || !this.#yaml.isMap(parent)) return;
    const name = String(path.at(-1));
    const pair = this.#member(parent, name);
    if (pair) this.#replace(parent, pair, value);
    else this.#add(parent, name, value);
  }

  /** Removes a member of a map with what is said behind it on its line; the map it leaves empty says so. */
  remove(path: Path): void {
    const parent = this.#find(path.slice(0, -1));
    if (!parent || !this.#yaml.isMap(parent)) return;
    const pair = this.#member(parent, String(path.at(-1)));
    if (!pair) return;
    const items = parent.items as YamlPair[];
    const at = items.indexOf(pair);
    const [start] = rangeOf(pair.key);
    const end = endOfPair(pair, this.#text, this.#yaml);
    const [next, previous] = [items[at + 1], items[at - 1]];
    if (items.length === 1) {
      const [from] = rangeOf(parent);
      this.#splice(from, endOf(parent, this.#text, this.#yaml) - from, '{}');
    } else if (parent.flow === true) {
      if (next) this.#splice(start, rangeOf(next.key)[0] - start, '');
      else if (previous) {
        const from = endOfPair(previous, this.#text, this.#yaml);
        this.#splice(from, end - from, '');
      }
    } else if (next && !/^[ \t]*$/.test(this.#text.slice(this.#lineStart(start), start))) {
      // The first member of a list's item stands behind its dash.
      this.#splice(start, rangeOf(next.key)[0] - start, '');
    } else {
      const from = this.#lineStart(start);
      const to = this.#lineEnd(end);
      // Its line goes with it: the line end before it, so that a last line stays without one.
      const begin = from === 0 ? 0 : from - (this.#text.slice(0, from).endsWith('\r\n') ? 2 : 1);
      this.#splice(begin, to - begin, '');
    }
  }

  /** Adds an item at the end of a list, on lines of its own where the list is; one that is missing or empty is begun. */
  push(path: Path, item: Json): void {
    const list = this.#find(path);
    const last = this.#yaml.isSeq(list) ? (list.items.at(-1) as Node | undefined) : undefined;
    if (this.#yaml.isSeq(list) && last) {
      const end = endOf(last, this.#text, this.#yaml);
      if (list.flow === true) {
        this.#splice(end, 0, `, ${flowText(item)}`);
        return;
      }
      const indent = ' '.repeat(this.#column(this.#text.lastIndexOf('-', rangeOf(last)[0] - 1)));
      this.#splice(this.#lineEnd(end), 0, `${this.#eol}${indent}- ${this.#block(item, `${indent}  `)}`);
      return;
    }
    const parent = this.#find(path.slice(0, -1));
    const name = String(path.at(-1));
    if (!parent || !this.#yaml.isMap(parent)) return;
    this.set(path, []);
    const pair = this.#member(this.#find(path.slice(0, -1)) as YAMLMap, name);
    if (!pair?.value || parent.flow === true) {
      this.set(path, [item]);
      return;
    }
    const indent = ' '.repeat(this.#column(rangeOf(pair.key)[0])) + this.#listIndent();
    const colon = this.#text.indexOf(':', endOf(pair.key, this.#text, this.#yaml)) + 1;
    const end = endOfPair(pair, this.#text, this.#yaml);
    this.#splice(colon, end - colon, `${this.#eol}${indent}- ${this.#block(item, `${indent}  `)}`);
  }

  /** A value behind a dash: the first member of a map on its line, the others below it. */
  #block(value: Json, indent: string): string {
    if (isPlain(value) || Array.isArray(value) || isEmptyCollection(value)) return flowText(value);
    return Object.entries(value)
      .map(([name, item]) => `${scalarText(name, 'plain')}:${this.#below(item, indent)}`)
      .join(`${this.#eol}${indent}`);
  }

  #below(value: Json, indent: string): string {
    if (!Array.isArray(value) || value.length === 0) return this.#behindColon(value, indent);
    const inner = indent + this.#listIndent();
    return value.map((item: Json) => `${this.#eol}${inner}- ${this.#block(item, `${inner}  `)}`).join('');
  }

  /** How much deeper a list stands than its name: as one in the text does, else as the item itself does. */
  #listIndent(): string {
    const found = /\n( *)\S[^\n]*:[ \t]*(?:#[^\n]*)?\r?\n( *)- /.exec(`\n${this.#text}`.replace(/^\n( *)- /, '\n$1  '));
    const own = /^ */.exec(this.#text)?.[0].length ?? 0;
    const deeper = found ? (found[2]?.length ?? 0) - (found[1]?.length ?? 0) : own;
    return ' '.repeat(Math.max(0, Math.min(deeper, 8)));
  }

  #replace(parent: YAMLMap, pair: YamlPair, value: Json): void {
    const { value: node } = pair;
    const scalar = isPlain(value);
    const isEmpty = node === null || rangeOf(node)[1] === rangeOf(node)[0];
    if (node && !isEmpty && scalar && this.#yaml.isScalar(node) && !isBlockScalar(node.type)) {
      if (node.value === value) return;
      const [start] = rangeOf(node);
      const quotes = node.type === 'QUOTE_DOUBLE' ? 'double' : node.type === 'QUOTE_SINGLE' ? 'single' : 'plain';
      this.#splice(start, endOf(node, this.#text, this.#yaml) - start, scalarText(value, quotes));
      return;
    }
    const keyEnd = endOf(pair.key, this.#text, this.#yaml);
    const colon = this.#text.indexOf(':', keyEnd) + 1;
    const end = endOfPair(pair, this.#text, this.#yaml);
    const indent = ' '.repeat(this.#column(rangeOf(pair.key)[0]));
    const written = parent.flow === true ? ` ${flowText(value)}` : this.#behindColon(value, indent);
    this.#splice(colon, end - colon, written);
  }

  #add(parent: YAMLMap, name: string, value: Json): void {
    const items = parent.items as YamlPair[];
    const last = items.at(-1);
    const [start, end] = rangeOf(parent);
    const key = scalarText(name, 'plain');
    if (!last) {
      this.#splice(start, end - start, `{ ${key}: ${flowText(value)} }`);
    } else if (parent.flow === true) {
      const at = endOfPair(last, this.#text, this.#yaml);
      const isJson = this.#text[rangeOf(last.key)[0]] === '"';
      this.#splice(at, 0, `, ${isJson ? JSON.stringify(name) : key}: ${flowText(value)}`);
    } else {
      const indent = ' '.repeat(this.#column(rangeOf(last.key)[0]));
      const at = this.#lineEnd(endOfPair(last, this.#text, this.#yaml));
      this.#splice(at, 0, `${this.#eol}${indent}${key}:${this.#behindColon(value, indent)}`);
    }
  }

  /** What stands behind a colon in a block: a value on its line, or the lines of a map or list. */
  #behindColon(value: Json, indent: string): string {
    if (isPlain(value) || isEmptyCollection(value)) return ` ${flowText(value)}`;
    const inner = indent + this.#unit();
    const lines = Array.isArray(value)
      ? value.map((item: Json) => `${inner}- ${flowText(item)}`)
      : Object.entries(value).map(
          ([name, item]) => `${inner}${scalarText(name, 'plain')}:${this.#behindColon(item, inner)}`,
        );
    return `${this.#eol}${lines.join(this.#eol)}`;
  }

  /** How much deeper a map stands than what holds it, as this member has it. */
  #unit(): string {
    if (this.#part === 'item') {
      const found = /\n( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n( +)[^\s#-]/.exec(this.#text);
      const deeper = (found?.[2]?.length ?? 0) - (found?.[1]?.length ?? 0);
      return ' '.repeat(deeper > 0 ? Math.min(deeper, 8) : Math.max(2, /^ */.exec(this.#text)?.[0].length ?? 0));
    }
    const inner = /\n( +)\S/.exec(this.#text)?.[1]?.length ?? 2;
    const second = new RegExp(`\\n( {${String(inner + 1)},})[^\\s-]`).exec(this.#text)?.[1]?.length;
    const deeper = second === undefined ? inner : second - inner;
    return ' '.repeat(Math.min(deeper, 8));
  }

  #find(path: Path): Node | null {
    let node = rootOf(parseYaml(this.#text, this.#yaml).contents, this.#part, this.#yaml);
    for (const step of path) {
      if (this.#yaml.isMap(node)) node = this.#member(node, String(step))?.value ?? null;
      else if (this.#yaml.isSeq(node) && typeof step === 'number')
        node = (node.items[step] as Node | undefined) ?? null;
      else return null;
    }
    return node;
  }

  #member(map: YAMLMap, name: string): YamlPair | undefined {
    return (map.items as YamlPair[]).find((pair) => keyOf(pair, this.#yaml) === name);
  }

  #lineStart(offset: number): number {
    return this.#text.lastIndexOf('\n', offset - 1) + 1;
  }

  #lineEnd(offset: number): number {
    const end = this.#text.indexOf('\n', offset);
    if (end < 0) return this.#text.length;
    return this.#text[end - 1] === '\r' ? end - 1 : end;
  }

  #column(offset: number): number {
    return offset - this.#lineStart(offset);
  }

  #splice(offset: number, length: number, insert: string): void {
    this.#text = this.#text.slice(0, offset) + insert + this.#text.slice(offset + length);
  }
}

/** What paths start at. */
function rootOf(contents: unknown, part: YamlPart, yaml: Yaml): Node | null {
  if (part === 'member')
    return yaml.isMap(contents) ? ((contents.items[0] as YamlPair | undefined)?.value ?? null) : null;
  if (yaml.isSeq(contents)) return (contents.items[0] as Node | undefined) ?? null;
  return yaml.isMap(contents) ? contents : null;
}

/** Offsets of the value at a path of a part's text; of the nearest one above it when that path is not there. */
export function yamlSpanOf(
  text: string,
  path: Path,
  yaml: Yaml,
  part: YamlPart = 'member',
): { readonly offset: number; readonly length: number } {
  let span = { offset: 0, length: Math.max(1, text.trimEnd().length) };
  try {
    let node = rootOf(parseYaml(text, yaml).contents, part, yaml);
    for (const step of path) {
      let start: number | null = null;
      let end = 0;
      if (yaml.isMap(node)) {
        const pair = (node.items as YamlPair[]).find((each) => keyOf(each, yaml) === String(step));
        if (!pair) break;
        [start, end, node] = [rangeOf(pair.key)[0], endOfPair(pair, text, yaml), pair.value];
      } else if (yaml.isSeq(node) && typeof step === 'number') {
        node = (node.items[step] as Node | undefined) ?? null;
        if (!node) break;
        [start, end] = [rangeOf(node)[0], endOf(node, text, yaml)];
      } else break;
      span = { offset: start, length: Math.max(1, end - start) };
    }
  } catch {
    // Only what can be parsed has places.
  }
  return span;
}

const isPlain = (value: Json): value is string | number | boolean | null => typeof value !== 'object' || value === null;
const isEmptyCollection = (value: Json): boolean => !isPlain(value) && Object.keys(value).length === 0;
const isBlockScalar = (type: unknown): boolean => type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';

/** Words that YAML 1.1 or 1.2 reads as something else than a text. */
const reserved = /^(true|false|yes|no|on|off|y|n|null|~)$/i;

/** A text stays without quotes only where every reader takes it for a text. */
function scalarText(value: string | number | boolean | null, quotes: Quotes): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const isPlainText = /^[A-Za-z_][\w.-]*(?: [\w.-]+)*$/.test(value) && !reserved.test(value);
  if (quotes === 'single' && !/[\p{Cc}]/u.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return quotes === 'plain' && isPlainText ? value : JSON.stringify(value);
}

/** A value on one line. */
export function flowText(value: Json): string {
  if (isPlain(value)) return scalarText(value, 'plain');
  if (Array.isArray(value)) return `[${value.map((item: Json) => flowText(item)).join(', ')}]`;
  const members = Object.entries(value).map(([name, item]) => `${scalarText(name, 'plain')}: ${flowText(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
