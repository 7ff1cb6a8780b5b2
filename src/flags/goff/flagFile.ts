import type { Problem } from '../../model/problem';
import { FileError } from '../../platform/files';
import type { SystemDeps } from '../deps';
import type { FlagsOfFile } from '../files/flagFileFormat';
import { FlagText } from '../files/flagText';
import { isObject } from '../issue';
import { parseJson, spanOf } from '../jsonText';
import { TextSyntaxError } from '../textSyntax';
import { LineIndex } from '../textPosition';
import type { Turns } from '../turns';
import { loadYaml, type Yaml } from '../yaml/yamlLibrary';
import { YamlText, yamlSpanOf } from '../yaml/yamlText';
import { definitionAt, readDefinition, type Definition, type DefinitionContext, type Entry } from './definition';
import { goffEntries, writingOf } from './entries';
import type { Writing } from './flagSchema';

/** A flag file of GO Feature Flag as last read well. */
export interface GoffFile extends FlagsOfFile {
  readonly definitions: ReadonlyMap<string, Definition>;
  /** The same file at another time: schedules and progressive roll-outs go on. */
  at(now: number): GoffFile;
  /** A flag of it with another text. Throws TextSyntaxError. */
  definitionWith(key: string, text: string): Definition | null;
  /** Edits of a flag's text; null for a flag that nobody may edit by itself. */
  edits(definition: Definition): TextEdits | null;
}

/** What JSON's and YAML's own edits have in common. */
export type TextEdits = Pick<FlagText, 'set' | 'remove' | 'text'>;

/**
 * Reads a flag file: a map of flags by their keys, in YAML or JSON. Rejects with TextSyntaxError when it is malformed; one
 * bad flag does not. Only the definition of `only` where that is given.
 */
export async function parseGoffFile(
  path: string,
  { text, hash }: { readonly text: string; readonly hash: string },
  deps: SystemDeps,
  turns: Turns,
  signal: AbortSignal,
  only?: string,
): Promise<GoffFile> {
  const { t } = deps.l10n;
  const writing = writingOf(path);
  if (writing === 'toml')
    throw new TextSyntaxError(t('TOML is not read here. Write the flags in YAML or JSON, or name the relay.'), 0);
  const yaml = writing === 'yaml' ? await loadYaml() : null;
  const read = await goffEntries(text, yaml, turns, signal);
  const lines = new LineIndex(text);
  const context = contextOf(path, writing, yaml, lines, deps);
  const entries = new Map<string, Entry>();
  for (const entry of read.entries) if (only === undefined || entry.key === only) entries.set(entry.key, entry);
  const definitions = new Map<string, Definition>();
  for (const [key, entry] of entries) {
    definitions.set(key, readDefinition(entry, context, deps.clock.now()));
    if (turns.over) await turns.rest(signal);
  }
  const said: Problem[] = read.comments
    ? [
        {
          severity: 'error',
          code: 'goff.comments',
          path,
          line: 1,
          column: 1,
          message: t('GO Feature Flag reads strict JSON and refuses a file with comments. Write it in YAML.'),
        },
      ]
    : [];
  return fileOf({ path, hash, text, entries, context, said, yaml, now: () => deps.clock.now() }, definitions);
}

interface Parts {
  readonly path: string;
  readonly hash: string;
  readonly text: string;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly context: DefinitionContext;
  readonly said: readonly Problem[];
  readonly yaml: Yaml | null;
  readonly now: () => number;
}

function fileOf(parts: Parts, definitions: ReadonlyMap<string, Definition>): GoffFile {
  const { path, hash, text, entries, context, said, yaml } = parts;
  const entryOf = (key: string, own: string): Entry | null => {
    const entry = entries.get(key);
    if (!entry) return null;
    if (!yaml) return { ...entry, text: own, value: parseJson(own).value };
    const document = yaml.parseDocument(own, { merge: true, prettyErrors: false, logLevel: 'silent' });
    const [error] = document.errors;
    if (error) throw new TextSyntaxError(error.message, error.pos[0]);
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return isObject(value) && Object.hasOwn(value, key) ? { ...entry, text: own, value: value[key] } : null;
  };
  return {
    path,
    hash,
    text,
    definitions,
    problems: [...said, ...[...definitions.values()].flatMap(({ unreadable }) => unreadable ?? [])],
    refusal: said[0] ?? [...definitions.values()].find(({ refusesFile }) => refusesFile)?.unreadable ?? null,
    at: (now) =>
      fileOf(
        parts,
        new Map(
          [...definitions].map(([key, definition]) => {
            const entry = entries.get(key);
            return [key, entry ? definitionAt(definition, entry, context, now) : definition];
          }),
        ),
      ),
    definitionWith: (key, own) => {
      const entry = entryOf(key, own);
      return entry && readDefinition(entry, context, parts.now());
    },
    edits: (definition) => {
      if (definition.tied || definition.remote) return null;
      return yaml
        ? new YamlText(definition.text, yaml)
        : new FlagText(definition.text, text.slice(0, definition.offset));
    },
  };
}

/** What definitions of one source have in common. `lines` null: it came from a server, and has no places. */
export function contextOf(
  path: string,
  writing: Writing,
  yaml: Yaml | null,
  lines: LineIndex | null,
  { hash, l10n }: SystemDeps,
): DefinitionContext {
  return {
    path,
    remote: lines === null,
    writing,
    hash,
    l10n,
    lineAt: (offset) => lines?.at(offset).line ?? 1,
    place: (entry, at, problem) => {
      if (!lines) return { ...problem, message: `${path}: ${problem.message}` };
      const span = yaml ? yamlSpanOf(entry.text, at, yaml) : spanOf(entry.text, at);
      const end = lines.at(entry.offset + span.offset + span.length);
      return { ...problem, path, ...lines.at(entry.offset + span.offset), endLine: end.line, endColumn: end.column };
    },
  };
}

/** Why a file could not be read, at its place. */
export function goffProblem(path: string, error: unknown, text: string | null, { l10n: { t } }: SystemDeps): Problem {
  if (error instanceof TextSyntaxError && text !== null) {
    const lines = new LineIndex(text);
    const end = lines.at(error.offset + 1);
    return {
      severity: 'error',
      code: 'goff.malformed',
      path,
      message: t('The flags cannot be read: {0} Until it is mended the last good state stays.', error.message),
      ...lines.at(error.offset),
      endLine: end.line,
      endColumn: end.column,
    };
  }
  const missing = FileError.is(error, 'notFound');
  const message = missing
    ? t('The flag file {0} does not exist. Create it, or correct "source" in .sightglass.json.', path)
    : t('The flag file {0} cannot be read: {1}', path, error instanceof Error ? error.message : String(error));
  return { severity: 'error', code: missing ? 'goff.missing' : 'goff.unreadable', message, path };
}
