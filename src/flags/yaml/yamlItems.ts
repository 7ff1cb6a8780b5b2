import type { Node } from 'yaml';
import type { Turns } from '../turns';
import type { Yaml } from './yamlLibrary';
import {
  endOf,
  isTied,
  keyOf,
  parseYaml,
  rangeOf,
  valueOf,
  YamlSyntaxError,
  type YamlDocument,
  type YamlPair,
} from './yamlSyntax';

/** One item of a list of a YAML text. */
export interface YamlItem {
  readonly value: unknown;
  /** Its lines whole, from the blanks before its dash; of a list on one line what stands between the commas. */
  readonly text: string;
  readonly offset: number;
  /** It has an anchor or an alias, so that a change of it could be one of others. */
  readonly tied: boolean;
}

/** One document of a text, parsed whole once at most: where its parts stand on each other (anchors) each asks for it. */
export class WholeDocument {
  readonly text: string;
  readonly start: number;
  readonly #yaml: Yaml;
  #parsed: YamlDocument | null = null;

  /** `start`: where it is in the text that offsets are of. */
  constructor(text: string, start: number, yaml: Yaml) {
    this.text = text;
    this.start = start;
    this.#yaml = yaml;
  }

  /** Throws {@link YamlSyntaxError}, at its offset in the document. */
  get parsed(): YamlDocument {
    return (this.#parsed ??= parseYaml(this.text, this.#yaml));
  }
}

/** A member of a map in a text, and the document that it is in. */
export interface Place {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly document: WholeDocument;
  /** Only items whose text holds this are wanted; others may be left out. Absent: all. */
  readonly holding?: string | undefined;
}

/**
 * The items of the list that a member `name: …` holds, in its order; nothing for one that is empty. A block list is taken
 * apart by its lines and every item is parsed alone, in turns; where that does not work out the whole document is parsed,
 * which says why. Rejects with {@link YamlSyntaxError}, at its offset in the text.
 */
export async function itemsOf(
  place: Place,
  name: string,
  yaml: Yaml,
  turns: Turns,
  signal: AbortSignal,
): Promise<readonly YamlItem[]> {
  const items: YamlItem[] = [];
  const parts = linesOf(place) ?? [];
  const { text, holding } = place;
  for (const { start, end } of parts) {
    if (holding !== undefined && !text.slice(start, end).includes(holding)) continue;
    const item = itemAt(text, start, end, yaml);
    if (item === null) return wholeItems(place, name, yaml);
    items.push(item);
    if (turns.over) await turns.rest(signal);
  }
  return parts.length > 0 ? items : wholeItems(place, name, yaml);
}

/** Where the items of a block list stand, each with its own lines; null for a list written otherwise. */
function linesOf({ text, start, end }: Place): { readonly start: number; readonly end: number }[] | null {
  const header = /^\w+[ \t]*:[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/.exec(text.slice(start, Math.min(end, start + 1_000)));
  if (!header) return null;
  const parts: { start: number; end: number }[] = [];
  let indent: string | null = null;
  const lines = /([^\n]*)(?:\n|$)/y;
  for (let at = start + header[0].length; at < end; at = lines.lastIndex) {
    lines.lastIndex = at;
    const line = (lines.exec(text)?.[1] ?? '').trimEnd();
    const blanks = /^ */.exec(line)?.[0] ?? '';
    const own = line.slice(blanks.length);
    if (own === '') continue;
    const last = parts.at(-1);
    // What is said deeper belongs to the item, and may be text of it.
    if (own.startsWith('#') && !(last && indent !== null && blanks.length > indent.length)) continue;
    indent ??= blanks;
    if (blanks === indent) {
      if (!/^-(?: |$)/.test(own)) return null;
      parts.push({ start: at, end: at + line.length });
      continue;
    }
    if (!last || blanks.length < indent.length || own.startsWith('\t')) return null;
    last.end = at + line.length;
  }
  return parts;
}

/** One item parsed by itself; null where only the whole document can tell. */
function itemAt(text: string, start: number, end: number, yaml: Yaml): YamlItem | null {
  const own = text.slice(start, end);
  try {
    const document = parseYaml(own, yaml);
    if (!yaml.isSeq(document.contents) || document.contents.items.length !== 1) return null;
    const [node] = document.contents.items as Node[];
    return node ? { value: valueOf(node, document), text: own, offset: start, tied: isTied(node, yaml) } : null;
  } catch {
    return null;
  }
}

function wholeItems({ document: whole }: Place, name: string, yaml: Yaml): YamlItem[] {
  const { text: own, start } = whole;
  try {
    const document = whole.parsed;
    const { contents } = document as { readonly contents: Node | null };
    const pair = yaml.isMap(contents)
      ? (contents.items as YamlPair[]).find((each) => keyOf(each, yaml) === name)
      : undefined;
    const list = pair?.value ?? null;
    if (list === null || (yaml.isScalar(list) && list.value === null)) return [];
    if (!yaml.isSeq(list)) throw new YamlSyntaxError('A list is expected here.', rangeOf(list)[0]);
    return (list.items as Node[]).map((node) => ofWhole(node, list.flow === true, own, start, document, yaml));
  } catch (error) {
    throw error instanceof YamlSyntaxError ? new YamlSyntaxError(error.message, start + error.offset) : error;
  }
}

function ofWhole(node: Node, isFlow: boolean, own: string, base: number, document: YamlDocument, yaml: Yaml): YamlItem {
  const [from] = rangeOf(node);
  const end = endOf(node, own, yaml);
  const value = valueOf(node, document);
  const tied = isTied(node, yaml);
  if (isFlow) return { value, text: own.slice(from, end), offset: base + from, tied };
  const dash = own.lastIndexOf('-', from - 1);
  const start = own.lastIndexOf('\n', dash) + 1;
  // An item behind something else on its line has no text of its own.
  const alone =
    dash >= 0 && /^[ ]*$/.test(own.slice(start, dash)) && /^[\s]*(?:#[^\n]*\s*)*$/.test(own.slice(dash + 1, from));
  const lineEnd = own.indexOf('\n', end);
  const to = lineEnd < 0 ? own.length : own[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd;
  return { value, text: own.slice(start, to), offset: base + start, tied: tied || !alone };
}
