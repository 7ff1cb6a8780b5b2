import type { Node } from 'yaml';
import { isObject, type Issue } from '../issue';
import type { Turns } from '../turns';
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
import { itemsOf, WholeDocument, type YamlItem } from '../yaml/yamlItems';

/** One document of a file: YAML files may hold several, each with its namespace. */
export interface FliptDocument {
  readonly namespace: string;
  /** As written; null: the newest is meant. */
  readonly version: string | null;
  readonly flags: readonly YamlItem[];
  readonly segments: readonly unknown[];
  /** What is wrong with the document itself, for which Flipt refuses the file. */
  readonly issues: readonly Issue[];
  readonly offset: number;
}

export const DEFAULT_NAMESPACE = 'default';
const members = new Set(['version', 'namespace', 'flags', 'segments']);

interface Member {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Where the parser has given it already. */
  readonly value?: unknown;
}

/**
 * The documents of a file, read in turns. Rejects with {@link YamlSyntaxError}, at its offset in the text. `only`: flags of
 * other keys may be left out.
 */
export async function readDocuments(
  text: string,
  yaml: Yaml,
  turns: Turns,
  signal: AbortSignal,
  only?: string,
): Promise<readonly FliptDocument[]> {
  // A byte order mark becomes an empty line: offsets stay those of the file, and nothing is indented by it.
  const own = text.replace(/^\uFEFF/, '\n');
  const documents: FliptDocument[] = [];
  for (const { start, end } of partsOf(own)) {
    if (
      own
        .slice(start, end)
        .replaceAll(/^[ \t]*#.*$/gm, '')
        .trim() === ''
    )
      continue;
    documents.push(await readDocument(own, start, end, yaml, turns, signal, only));
  }
  return documents;
}

async function readDocument(
  text: string,
  start: number,
  end: number,
  yaml: Yaml,
  turns: Turns,
  signal: AbortSignal,
  only: string | undefined,
): Promise<FliptDocument> {
  const own = text.slice(start, end);
  const whole = new WholeDocument(own, start, yaml);
  const found = membersOf(own) ?? wholeMembers(whole, yaml);
  const rest: Record<string, unknown> = {};
  let flags: readonly YamlItem[] = [];
  let segments: readonly unknown[] = [];
  for (const { name, start: from, end: to, ...known } of found) {
    const place = { text, start: start + from, end: start + to, document: whole };
    if (name === 'flags') flags = await itemsOf({ ...place, holding: only }, 'flags', yaml, turns, signal);
    else if (name === 'segments')
      segments = (await itemsOf(place, 'segments', yaml, turns, signal)).map(({ value }) => value);
    else rest[name] = 'value' in known ? known.value : valueAt(own.slice(from, to), name, whole, yaml);
  }
  const { namespace, version } = rest;
  const issues: Issue[] = Object.keys(rest).flatMap((name) =>
    members.has(name) ? [] : [{ path: [name], message: `A file of Flipt has no "${name}".` }],
  );
  const said = isObject(namespace) ? namespace.key : namespace;
  if (said !== undefined && said !== null && typeof said !== 'string')
    issues.push({ path: ['namespace'], message: 'A namespace has a key.' });
  if (version !== undefined && version !== null && typeof version !== 'string')
    issues.push({ path: ['version'], message: 'The version is a text in quotes, such as "1.4".' });
  return {
    namespace: typeof said === 'string' && said !== '' ? said : DEFAULT_NAMESPACE,
    version: typeof version === 'string' ? version : null,
    flags,
    segments,
    issues,
    offset: start + own.search(/\S/),
  };
}

/** Where the documents of a text are, without the marks between them. */
function partsOf(text: string): { readonly start: number; readonly end: number }[] {
  const parts: { start: number; end: number }[] = [];
  const mark = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm;
  let start = 0;
  for (const found of text.matchAll(mark)) {
    parts.push({ start, end: found.index });
    start = found.index + 3;
  }
  return [...parts, { start, end: text.length }];
}

/** The members of a block map by their lines; null for what is written otherwise. A list may stand at the margin. */
function membersOf(text: string): Member[] | null {
  const found: { name: string; start: number; end: number }[] = [];
  const lines = /([^\n]*)(?:\n|$)/y;
  for (let at = 0; at < text.length; at = lines.lastIndex) {
    lines.lastIndex = at;
    const line = (lines.exec(text)?.[1] ?? '').trimEnd();
    const first = line[0];
    if (first === undefined || first === '#') continue;
    const last = found.at(-1);
    if (first === ' ' || first === '\t' || (first === '-' && /^-(?: |$)/.test(line))) {
      // What looks like a comment may be text of the member.
      if (last) last.end = at + line.length;
      else if (!line.trimStart().startsWith('#')) return null;
      continue;
    }
    const name = /^([A-Za-z_]\w*)[ \t]*:(?=[ \t]|$)/.exec(line)?.[1];
    if (name === undefined || found.some((one) => one.name === name)) return null;
    found.push({ name, start: at, end: at + line.length });
  }
  return found;
}

/** By the parser, which also says what is wrong. */
function wholeMembers(whole: WholeDocument, yaml: Yaml): Member[] {
  const { text, start: base } = whole;
  const document = at(base, () => whole.parsed);
  const { contents } = document as { readonly contents: Node | null };
  if (contents === null || (yaml.isScalar(contents) && contents.value === null)) return [];
  if (!yaml.isMap(contents)) throw new YamlSyntaxError('A map with "flags" and "segments" is expected here.', base);
  return (contents.items as YamlPair[]).map((pair) => ({
    name: keyOf(pair, yaml) ?? '',
    start: rangeOf(pair.key)[0],
    end: endOfPair(pair, text, yaml),
    value: pair.value && valueOf(pair.value, document),
  }));
}

/** By its own lines; what stands on others (aliases) by the whole document, which also says what is wrong. */
function valueAt(text: string, name: string, whole: WholeDocument, yaml: Yaml): unknown {
  const memberOf = (document: YamlDocument): unknown => {
    const { contents } = document as { readonly contents: Node | null };
    const value = contents === null ? null : valueOf(contents, document);
    return isObject(value) ? value[name] : undefined;
  };
  try {
    return memberOf(parseYaml(text, yaml));
  } catch {
    return at(whole.start, () => memberOf(whole.parsed));
  }
}

/** A syntax error is told at its offset in the text, not in a part of it that starts at `base`. */
function at<T>(base: number, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof YamlSyntaxError ? new YamlSyntaxError(error.message, base + error.offset) : error;
  }
}
