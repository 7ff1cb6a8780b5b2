import type { SystemDeps } from './deps';
import type { FlagEntry } from './flagd/document';
import { readFlagDocument } from './flagd/readFlagDocument';
import { readDocuments } from './flipt/documents';
import { MAX_FLAG_FILE_BYTES } from './files/readFlagText';
import { goffEntries, writingOf } from './goff/entries';
import { isObject } from './issue';
import { LineIndex } from './textPosition';
import { Turns } from './turns';
import { loadYaml, type Yaml } from './yaml/yamlLibrary';
import { yamlSpanOf } from './yaml/yamlText';

/** A key where a file defines it. Lines and columns are 1-based (UTF-16 units), of the key with its quotes. */
export interface DefinedKey {
  readonly key: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/** The keys of one flag file in its order, and what kind of file it is. */
export interface FlagFileKeys {
  readonly format: 'flagd' | 'goff' | 'flipt' | 'openfeature';
  /** What they are in, where files of the format say so. */
  readonly namespace?: string;
  readonly keys: readonly DefinedKey[];
}

/**
 * The keys that a file defines: definitions of flagd (`state` and `variants`, https://flagd.dev/schema/v0/flags.json), of
 * GO Feature Flag (`variations` and `defaultRule`, https://gofeatureflag.org/docs/configure_flag/create-flags), of Flipt (a
 * list of `key` and `name`, of the first namespace of the file) or the manifest of OpenFeature's command line (`flagType` and `defaultValue`,
 * https://github.com/open-feature/cli/blob/main/schema/v0/flag-manifest.json). undefined where it is none of them, or cannot
 * be read. Rejects with the signal's reason only.
 */
export async function keysOfFlagFile(
  path: string,
  { files, clock }: Pick<SystemDeps, 'files' | 'clock'>,
  signal: AbortSignal,
): Promise<FlagFileKeys | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await files.read(path, MAX_FLAG_FILE_BYTES));
    const turns = new Turns(clock);
    return (
      (await inFeatures(path, text, turns, signal)) ??
      (await withFrame(path, text, turns, signal)) ??
      (await withoutFrame(path, text, turns, signal))
    );
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** Files whose flags are a list: Flipt's. */
async function inFeatures(
  path: string,
  text: string,
  turns: Turns,
  signal: AbortSignal,
): Promise<FlagFileKeys | undefined> {
  if (!/(^|[\\/.])features\.ya?ml$/i.test(path)) return undefined;
  const yaml = await loadYaml();
  const [first, ...others] = await readDocuments(text, yaml, turns, signal);
  if (!first) return undefined;
  const { namespace } = first;
  const flags = [first, ...others].flatMap((each) => (each.namespace === namespace ? each.flags : []));
  const shaped = flags.flatMap(({ value, text: own, offset }) =>
    isObject(value) && typeof value.key === 'string' && isOf.flipt(value)
      ? [{ key: value.key, text: own, offset }]
      : [],
  );
  if (shaped.length * 2 <= flags.length) return undefined;
  const lines = new LineIndex(text);
  const keys: DefinedKey[] = [];
  for (const entry of shaped) {
    keys.push(placedInItem(entry, yaml, lines));
    if (turns.over) await turns.rest(signal);
  }
  return { format: 'flipt', namespace, keys };
}

/** Files that have their flags below `flags`. */
async function withFrame(
  path: string,
  text: string,
  turns: Turns,
  signal: AbortSignal,
): Promise<FlagFileKeys | undefined> {
  const { entries, syntax } = await readFlagDocument(path, text, turns, signal);
  const place = syntax.keyed ? placedFirst : placed;
  const lines = new LineIndex(text);
  for (const format of ['flagd', 'openfeature'] as const) {
    const shaped = entries.filter(({ value }) => isObject(value) && isOf[format](value));
    // Other programs have a `flags.json` too: most of its members must be flags of this kind.
    if (shaped.length * 2 > entries.length)
      return { format, keys: shaped.flatMap((entry) => place(entry, text, lines)) };
  }
  return undefined;
}

/** Files whose members are flags: GO Feature Flag's. */
async function withoutFrame(
  path: string,
  text: string,
  turns: Turns,
  signal: AbortSignal,
): Promise<FlagFileKeys | undefined> {
  const writing = writingOf(path);
  if (writing === 'toml') return undefined;
  const { entries } = await goffEntries(text, writing === 'yaml' ? await loadYaml() : null, turns, signal);
  const shaped = entries.filter(({ value }) => isObject(value) && isOf.goff(value));
  if (shaped.length * 2 <= entries.length) return undefined;
  const lines = new LineIndex(text);
  const place = writing === 'yaml' ? placedFirst : placed;
  return { format: 'goff', keys: shaped.flatMap((entry) => place(entry, text, lines)) };
}

const isOf = {
  flagd: (value: Record<string, unknown>) => 'state' in value && isObject(value.variants),
  goff: (value: Record<string, unknown>) => isObject(value.variations) && 'defaultRule' in value,
  flipt: (value: Record<string, unknown>) => typeof value.name === 'string',
  openfeature: (value: Record<string, unknown>) => typeof value.flagType === 'string' && 'defaultValue' in value,
};

type Placed = Pick<FlagEntry, 'key' | 'offset' | 'text'>;

/** Where a flag's own text starts with its key, in quotes or not. */
function placedFirst({ key, offset, text: own }: Placed, _text: string, lines: LineIndex): DefinedKey[] {
  if (key === null) return [];
  const quoted = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(own)?.[0];
  const { line, column } = lines.at(offset);
  return [{ key, line, column, endColumn: column + (quoted ?? key).length }];
}

/**
 * Where an item of a list says `key: …`: its own, not that of a variant or in its description. Where the item begins for a
 * key that it has from elsewhere (`<<` of YAML).
 */
function placedInItem(
  { key, offset, text: own }: { key: string; offset: number; text: string },
  yaml: Yaml,
  lines: LineIndex,
): DefinedKey {
  const span = yamlSpanOf(own, ['key'], yaml, 'item');
  const member = own.slice(span.offset, span.offset + span.length);
  const name = /^["']?key["']?\s*:\s*/.exec(member)?.[0].length;
  if (name === undefined) {
    const { line, column } = lines.at(offset + Math.max(0, own.search(/\S/)));
    return { key, line, column, endColumn: column + key.length };
  }
  const { line, column } = lines.at(offset + span.offset + name);
  return { key, line, column, endColumn: column + member.length - name };
}

/** No more than this is between a key and its definition. */
const mostBetween = 1_000;

/** The key stands before its definition in a map, inside it in a list. */
function placed({ key, offset, text: own }: Placed, text: string, lines: LineIndex): DefinedKey[] {
  if (key === null) return [];
  const quoted = JSON.stringify(key);
  const from = Math.max(0, offset - quoted.length - mostBetween);
  const before = from + text.slice(from, offset).lastIndexOf(quoted);
  const isBefore = before >= from && /^\s*:\s*$/.test(text.slice(before + quoted.length, offset));
  const inside = own.indexOf(quoted);
  const at = isBefore ? before : inside >= 0 ? offset + inside : offset;
  const { line, column } = lines.at(at);
  return [{ key, line, column, endColumn: column + (isBefore || inside >= 0 ? quoted.length : 1) }];
}
