import type { Node } from 'yaml';
import type { Turns } from '../turns';
import type { Yaml } from './yamlLibrary';
import {
  endOfPair,
  isTied,
  keyOf,
  parseYaml,
  rangeOf,
  valueOf,
  YamlSyntaxError,
  type YamlDocument,
  type YamlPair,
} from './yamlSyntax';

/** One member of a map of a YAML text. */
export interface YamlEntry {
  readonly key: string;
  readonly value: unknown;
  /** From its key to the end of its value, and where that starts. */
  readonly text: string;
  readonly offset: number;
  /** It has an anchor or an alias, so that a change of it could be one of others. */
  readonly tied: boolean;
}

/**
 * The members of the map that a text is, in its order. A block map is taken apart by its lines and every member is parsed
 * alone, in turns, so that thousands stop nothing; where that does not work out the text is parsed whole, which says why.
 * Only the first document of a text counts, as Go's yaml.v3 has it. Rejects with {@link YamlSyntaxError}.
 */
export async function readYamlEntries(
  text: string,
  yaml: Yaml,
  turns: Turns,
  signal: AbortSignal,
): Promise<readonly YamlEntry[]> {
  const document = firstDocument(text);
  const parts = membersOf(document);
  const entries: YamlEntry[] = [];
  const seen = new Set<string>();
  for (const { start, end } of parts ?? []) {
    const entry = entryAt(document, start, end, yaml);
    if (entry === null || seen.has(entry.key)) return wholeEntries(document, yaml);
    seen.add(entry.key);
    entries.push(entry);
    if (turns.over) await turns.rest(signal);
  }
  return parts === null ? wholeEntries(document, yaml) : entries;
}

/** One member parsed by itself; null where only the whole text can tell. */
function entryAt(text: string, start: number, end: number, yaml: Yaml): YamlEntry | null {
  const own = text.slice(start, end);
  try {
    const document = parseYaml(own, yaml);
    if (!yaml.isMap(document.contents) || document.contents.items.length !== 1) return null;
    const [pair] = document.contents.items as YamlPair[];
    return pair ? entryOf(pair, own, start, document, yaml) : null;
  } catch {
    return null;
  }
}

function wholeEntries(text: string, yaml: Yaml): YamlEntry[] {
  const document = parseYaml(text, yaml);
  const { contents } = document as { readonly contents: Node | null };
  if (contents === null || (yaml.isScalar(contents) && contents.value === null)) return [];
  if (!yaml.isMap(contents)) throw new YamlSyntaxError('A map of flags by their keys is expected here.', 0);
  return (contents.items as YamlPair[]).map((pair) => {
    const [start] = rangeOf(pair.key);
    const own = text.slice(start, endOfPair(pair, text, yaml));
    const entry = entryOf(pair, own, start, document, yaml);
    if (entry === null || entry.key === '<<')
      throw new YamlSyntaxError('A key of a flag is expected here: a text on one line.', start);
    return entry;
  });
}

function entryOf(pair: YamlPair, own: string, offset: number, document: YamlDocument, yaml: Yaml): YamlEntry | null {
  const key = keyOf(pair, yaml);
  if (key === null) return null;
  const { value } = pair;
  return {
    key,
    value: value ? valueOf(value, document) : null,
    text: own,
    offset,
    tied: pair.key.anchor !== undefined || (value !== null && isTied(value, yaml)),
  };
}

/** The text up to the second document, its marks blanked: offsets stay. */
function firstDocument(text: string): string {
  const opened = /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*---(?=[ \t]*(?:#[^\n]*)?(?:\r?\n|$))/.exec(text);
  const from = opened ? opened[0].length : 0;
  const body = opened ? `${opened[0].slice(0, -3)}   ${text.slice(from)}` : text;
  const next = /(?:^|\n)(?:---|\.\.\.)(?=[ \t\r\n]|$)/.exec(body.slice(from));
  return next ? body.slice(0, from + next.index) : body;
}

/**
 * Where the members of a block map stand: each from a line that starts at the margin to the last line before the next.
 * null for what is no such map.
 */
function membersOf(text: string): { readonly start: number; readonly end: number }[] | null {
  const parts: { start: number; end: number }[] = [];
  const lines = /([^\n]*)(?:\n|$)/y;
  for (let at = 0; at < text.length; at = lines.lastIndex) {
    lines.lastIndex = at;
    const line = (lines.exec(text)?.[1] ?? '').trimEnd();
    if (line === '') continue;
    const first = line[0] ?? '';
    const last = parts.at(-1);
    if (first === '#') continue;
    if (first === ' ' || first === '\t') {
      if (line.trimStart() === '' || !last) {
        if (line.trimStart().startsWith('#')) continue;
        return null;
      }
      last.end = at + line.length;
      continue;
    }
    if ('{[-?%&*!|>@`'.includes(first)) return null;
    parts.push({ start: at, end: at + line.length });
  }
  return parts;
}
