import type { Json } from '../../model/json';
import { isObject, type At } from '../issue';
import { flowText, YamlText, yamlSpanOf } from '../yaml/yamlText';
import type { Yaml } from '../yaml/yamlLibrary';
import { isTied, parseYaml, valueOf, type YamlPair } from '../yaml/yamlSyntax';
import { isSame } from '../canonical';
import { EditRefused, type FlagEdits } from './flagSyntax';
import { atPath, changedAt } from './jsonPaths';

/**
 * Edits of a flag in YAML. They are made on its value; what has become different of it is then written into the text, and
 * read back: it comes out as meant with all comments but those of what was taken out, or not at all.
 */
export class YamlEdits implements FlagEdits {
  #indent: string;
  readonly #original: string;
  readonly #yaml: Yaml;
  readonly #was: Json;
  #value: Json;
  /** Comments that go with what was taken out. */
  readonly #gone: string[] = [];

  /** `column`: where the flag's key stands on its line. Its text is edited as if it stood at the margin. */
  constructor(text: string, column: number, yaml: Yaml) {
    this.#indent = ' '.repeat(column);
    this.#original = this.#atMargin(text);
    this.#yaml = yaml;
    this.#was = this.#value = valueIn(text, yaml);
  }

  get text(): string {
    return this.#edited().replace(/\n(?!\r?\n|$)/g, `\n${this.#indent}`);
  }

  #edited(): string {
    if (isSame(this.#was, this.#value)) return this.#original;
    const text = new ValueWriter(this.#original, this.#yaml).write([], this.#was, this.#value);
    let written: Json;
    try {
      written = valueIn(text, this.#yaml);
    } catch {
      throw new EditRefused('unsafe');
    }
    if (!isSame(written, this.#value)) throw new EditRefused('unsafe');
    const left = [...commentsIn(text, this.#yaml), ...this.#gone];
    for (const comment of commentsIn(this.#original, this.#yaml)) {
      const at = left.indexOf(comment);
      if (at < 0) throw new EditRefused('comments');
      left.splice(at, 1);
    }
    return text;
  }

  set(path: At, value: Json): void {
    if (typeof value !== 'object') this.#letGo(path);
    this.#change(path, () => value);
  }

  prepend(path: At, items: readonly Json[]): void {
    this.#change(path, (list) => (isList(list) && list.length > 0 ? [...items, ...list] : list));
  }

  enclose(path: At, name: string, items: readonly Json[]): void {
    this.#change(path, (value) => (value === undefined ? value : { [name]: [...items, value] }));
  }

  replaceBy(path: At, below: At): void {
    const inner = atPath(this.#value, below);
    if (inner !== undefined) this.#change(path, () => inner);
  }

  remove(path: At): void {
    this.#letGo(path);
    this.#change(path, () => undefined);
  }

  #atMargin(text: string): string {
    const [first = '', ...others] = text.split('\n');
    // Blanks on a line without anything would not be put back; a line further left is not below the key.
    const can = others.every((line) => /^\r?$/.test(line) || (line.startsWith(this.#indent) && /\S/.test(line)));
    if (!can) this.#indent = '';
    return [first, ...others.map((line) => line.slice(line.length > 1 ? this.#indent.length : 0))].join('\n');
  }

  #change(path: At, change: (value: Json | undefined) => Json | undefined): void {
    this.#value = changedAt(this.#value, path, change) ?? null;
  }

  #letGo(path: At): void {
    if (atPath(this.#was, path) === undefined) return;
    const { offset, length } = yamlSpanOf(this.#original, path, this.#yaml);
    const to = this.#original.indexOf('\n', offset + length);
    this.#gone.push(...commentsIn(this.#original.slice(offset, to < 0 ? undefined : to), this.#yaml));
  }
}

/** Writes what is different of a value into the text that it was read from. */
class ValueWriter {
  #text: string;
  readonly #yaml: Yaml;

  constructor(text: string, yaml: Yaml) {
    this.#text = text;
    this.#yaml = yaml;
  }

  write(path: At, was: Json, now: Json): string {
    this.#write(path, was, now);
    return this.#text;
  }

  #write(path: At, was: Json, now: Json): void {
    if (isSame(was, now)) return;
    if (isList(was) && isList(now) && was.length > 0 && now.length > 0) this.#list(path, was, now);
    else if (isMap(was) && isMap(now) && Object.keys(was).some((name) => Object.hasOwn(now, name))) {
      for (const name of Object.keys(was))
        if (!Object.hasOwn(now, name)) this.#edit((text) => text.remove([...path, name]));
      for (const [name, value] of Object.entries(now)) {
        const before = Object.hasOwn(was, name) ? was[name] : undefined;
        if (before === undefined) this.#edit((text) => text.set([...path, name], value));
        else this.#write([...path, name], before, value);
      }
    } else this.#replace(path, now);
  }

  #list(path: At, was: readonly Json[], now: readonly Json[]): void {
    const more = now.length - was.length;
    if (more === 0) now.forEach((item, index) => this.#write([...path, index], was[index] ?? null, item));
    else if (more > 0 && isSame(now.slice(more), was)) this.#insert(path, now.slice(0, more));
    else if (more < 0 && isSame(was.slice(-more), now)) this.#dropFirst(path, -more);
    else if (more > 0 && was.every((item, index) => isOneBucket(item, now[index]))) {
      was.forEach((item, index) => this.#write([...path, index], item, now[index] ?? null));
      this.#append([...path, was.length - 1], now.slice(was.length));
    } else this.#replace(path, now);
  }

  #replace(path: At, now: Json): void {
    if (typeof path.at(-1) !== 'number') {
      this.#edit((text) => text.set(path, now));
      return;
    }
    const { offset, length } = this.#span(path);
    const quoted = this.#text[offset] === '"' && typeof now === 'string';
    this.#splice(offset, length, quoted ? JSON.stringify(now) : flowText(now));
  }

  #insert(path: At, items: readonly Json[]): void {
    const { offset } = this.#span([...path, 0]);
    const dash = this.#dashBefore(offset);
    if (dash === null) {
      this.#splice(offset, 0, items.map((item) => `${flowText(item)}, `).join(''));
      return;
    }
    const lines = items.map((item) => `- ${flowText(item)}${this.#eol}${dash.indent}`);
    this.#splice(dash.offset, 0, lines.join(''));
  }

  #append(last: At, items: readonly Json[]): void {
    const { offset, length } = this.#span(last);
    const dash = this.#dashBefore(offset);
    if (dash === null) {
      this.#splice(offset + length, 0, items.map((item) => `, ${flowText(item)}`).join(''));
      return;
    }
    const end = /\r?\n|$/.exec(this.#text.slice(offset + length))?.index ?? 0;
    const lines = items.map((item) => `${this.#eol}${dash.indent}- ${flowText(item)}`);
    this.#splice(offset + length + end, 0, lines.join(''));
  }

  #dropFirst(path: At, count: number): void {
    const [from, to] = [this.#span([...path, 0]).offset, this.#span([...path, count]).offset];
    const [first, next] = [this.#dashBefore(from), this.#dashBefore(to)];
    if (first === null || next === null) this.#splice(from, to - from, '');
    else this.#splice(first.offset, next.offset - first.offset, '');
  }

  /** The dash of an item that stands on a line of its own; null for what is in brackets. */
  #dashBefore(offset: number): { readonly offset: number; readonly indent: string } | null {
    const start = this.#text.lastIndexOf('\n', offset - 1) + 1;
    const indent = /^([ ]*)-[ \t]+$/.exec(this.#text.slice(start, offset))?.[1];
    return indent === undefined ? null : { offset: start + indent.length, indent };
  }

  get #eol(): string {
    return this.#text.includes('\r\n') ? '\r\n' : '\n';
  }

  #span(path: At): { readonly offset: number; readonly length: number } {
    return yamlSpanOf(this.#text, path, this.#yaml);
  }

  #edit(change: (text: YamlText) => void): void {
    const text = new YamlText(this.#text, this.#yaml);
    change(text);
    this.#text = text.text;
  }

  #splice(offset: number, length: number, insert: string): void {
    this.#text = this.#text.slice(0, offset) + insert + this.#text.slice(offset + length);
  }
}

/** The value of `key: value`; what hangs together with other texts is not changed. */
function valueIn(text: string, yaml: Yaml): Json {
  try {
    const document = parseYaml(text, yaml);
    const { contents } = document;
    const [pair] = yaml.isMap(contents) ? (contents.items as unknown as YamlPair[]) : [];
    if (!pair?.value || pair.key.anchor !== undefined || isTied(pair.value, yaml)) throw new EditRefused('tied');
    return valueOf(pair.value, document) as Json;
  } catch {
    // What it is tied to may be elsewhere, and missing here.
    throw new EditRefused('tied');
  }
}

function commentsIn(text: string, yaml: Yaml): string[] {
  const comments: string[] = [];
  let previous = '';
  for (const token of new yaml.Lexer().lex(text)) {
    // A scalar follows its mark, and may begin with anything.
    if (token.startsWith('#') && previous !== '\u001f') comments.push(token.trimEnd());
    previous = token;
  }
  return comments;
}

/** The same side of a split, whatever its weight. */
const isOneBucket = (was: Json, now: Json | undefined): boolean =>
  isSame(was, now) || (isList(was) && isList(now) && was.length === now.length && was[0] === now[0]);

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const isMap = (value: Json): value is Readonly<Record<string, Json>> => isObject(value);
