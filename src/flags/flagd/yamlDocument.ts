import { isObject, type Issue, type JsonObject } from '../issue';
import type { Turns } from '../turns';
import { readYamlEntries } from '../yaml/yamlEntries';
import type { Yaml } from '../yaml/yamlLibrary';
import {
  endOfPair,
  keyOf,
  parseYaml,
  rangeOf,
  valueOf,
  YamlSyntaxError,
  type YamlDocument,
  type YamlPair,
} from '../yaml/yamlSyntax';
import type { FlagDocument, FlagEntry } from './document';
import { yamlFlags } from './yamlFlags';

/**
 * Takes a flag file in YAML apart, as {@link readDocument} does one in JSON. Where `flags` is a block every flag of it is
 * parsed alone, in turns; else, and where a flag stands on what is elsewhere (anchors), the text is parsed whole. A flag's
 * text starts with its key. Rejects with {@link YamlSyntaxError}.
 */
export async function readYamlDocument(
  text: string,
  yaml: Yaml,
  turns: Turns,
  signal: AbortSignal,
): Promise<FlagDocument> {
  try {
    const found = await blockOf(text, yaml, turns, signal);
    if (found) return found;
  } catch (error) {
    if (!(error instanceof YamlSyntaxError)) throw error;
  }
  return wholeDocument(text, yaml);
}

const flagsLine = /^(["']?)flags\1[ \t]*:[ \t]*(?:#.*)?\r?$/;

interface Line {
  /** Where it starts in the text, and among the dedented lines. */
  readonly start: number;
  readonly own: number;
  readonly indent: number;
}

/** null where `flags` is no block map at the margin. */
async function blockOf(text: string, yaml: Yaml, turns: Turns, signal: AbortSignal): Promise<FlagDocument | null> {
  const block = linesOfFlags(text);
  const first = block?.lines.find((line) => !/^[ \t]*(?:#.*)?\r?$/.test(line));
  const indent = /^ +(?=[^ \t-])/.exec(first ?? '')?.[0].length;
  if (!block || indent === undefined) return null;
  const lines: Line[] = [];
  const parts: string[] = [];
  let [start, own] = [block.start, 0];
  for (const line of block.lines) {
    const blanks = Math.min(/^ */.exec(line)?.[0].length ?? 0, indent);
    if (blanks < indent && !/^[ \t]*(?:#.*)?\r?$/.test(line)) return null;
    lines.push({ start, own, indent: blanks });
    parts.push(line.slice(blanks));
    start += line.length + 1;
    own += line.length - blanks + 1;
  }
  const place = (offset: number): number => {
    let [low, high] = [0, lines.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((lines[middle]?.own ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const line = lines[low] ?? { start: 0, own: 0, indent: 0 };
    return line.start + line.indent + offset - line.own;
  };
  const read = await readYamlEntries(parts.join('\n'), yaml, turns, signal);
  const entries = read.map(({ key, value, text: own, offset }): FlagEntry => {
    const at = place(offset);
    const whole = text.slice(at, place(offset + own.length - 1) + 1);
    return { key, value, text: whole, offset: at, issues: keyIssues(own, yaml) };
  });
  const frame = parseYaml(text.slice(0, block.start) + text.slice(block.end), yaml);
  return documentOf('map', entries, { ...frameOf(frame), flags: {} }, yaml);
}

interface Block {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** The lines below `flags:` at the margin, up to the next line that stands there. */
function linesOfFlags(text: string): Block | null {
  const all = text.split('\n');
  const at = all.findIndex((line) => flagsLine.test(line));
  // Of several documents only the whole tells which is which.
  if (at < 0 || all.some((line, index) => index > 0 && /^(?:---|\.\.\.)(?:\s|$)/.test(line))) return null;
  const next = all.findIndex((line, index) => index > at && /^[^\s#]/.test(line));
  const lines = all.slice(at + 1, next < 0 ? all.length : next);
  const sizeOf = (some: readonly string[]): number => some.reduce((sum, line) => sum + line.length + 1, 0);
  const start = sizeOf(all.slice(0, at + 1));
  return { start, end: Math.min(start + sizeOf(lines), text.length), lines };
}

function wholeDocument(text: string, yaml: Yaml): FlagDocument {
  const document = parseYaml(text, yaml);
  const frame = frameOf(document);
  const { contents } = document;
  const pairs = yaml.isMap(contents) ? (contents.items as unknown as YamlPair[]) : [];
  const value = pairs.find((pair) => keyOf(pair, yaml) === 'flags')?.value;
  if (!yaml.isMap(value)) return documentOf('none', [], frame, yaml);
  const entries = (value.items as YamlPair[]).map((pair): FlagEntry => {
    const [offset] = rangeOf(pair.key);
    return {
      key: keyOf(pair, yaml),
      value: pair.value ? valueOf(pair.value, document) : null,
      text: text.slice(offset, endOfPair(pair, text, yaml)),
      offset,
      issues: nonTextKeys(pair, yaml) ? [issue] : [],
    };
  });
  return documentOf('map', entries, { ...frame, flags: {} }, yaml);
}

function frameOf(document: YamlDocument): JsonObject {
  const { contents } = document as { readonly contents: YamlDocument['contents'] | null };
  const frame = contents === null ? {} : valueOf(contents, document);
  if (!isObject(frame)) throw new YamlSyntaxError('A flag definition file is a map with "flags".', 0);
  return frame;
}

const documentOf = (
  form: FlagDocument['form'],
  entries: readonly FlagEntry[],
  frame: JsonObject,
  yaml: Yaml,
): FlagDocument => ({
  form,
  entries,
  frame,
  spanInFrame: () => ({ offset: 0, length: 1 }),
  comments: false,
  syntax: yamlFlags(yaml),
});

/** Go's JSON encoder refuses maps with such keys, and flagd the whole file with it (seen at 0.11.2). */
const issue: Issue = {
  path: [],
  message: 'A name that YAML takes for true, null or a number is put in quotes, or flagd cannot read the file.',
};

/** Cheap to tell for nearly all flags. */
const suspicious = /(?:^|[\n{,?])[ \t]*(?:true|false|null|~|[-+.]?\d[\w.+-]*)[ \t]*:/i;

function keyIssues(own: string, yaml: Yaml): Issue[] {
  if (!suspicious.test(own)) return [];
  const { contents } = parseYaml(own, yaml);
  const [pair] = yaml.isMap(contents) ? (contents.items as unknown as YamlPair[]) : [];
  return pair && nonTextKeys(pair, yaml) ? [issue] : [];
}

function nonTextKeys({ key, value }: YamlPair, yaml: Yaml): boolean {
  const isText = (node: unknown): boolean => yaml.isScalar(node) && typeof node.value === 'string';
  let found = !isText(key);
  if (value)
    yaml.visit(value, {
      Pair: (_key, pair) => {
        found ||= !isText(pair.key);
      },
    });
  return found;
}
