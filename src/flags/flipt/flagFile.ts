import type { Problem } from '../../model/problem';
import { FileError } from '../../platform/files';
import type { SystemDeps } from '../deps';
import type { FlagsOfFile } from '../files/flagFileFormat';
import { isObject, type Issue } from '../issue';
import { TextSyntaxError } from '../textSyntax';
import { LineIndex } from '../textPosition';
import type { Turns } from '../turns';
import { loadYaml, type Yaml } from '../yaml/yamlLibrary';
import { parseYaml, valueOf } from '../yaml/yamlSyntax';
import { YamlText, yamlSpanOf } from '../yaml/yamlText';
import { readAmong, readDefinition, type Definition, type DefinitionContext, type Entry } from './definition';
import { readDocuments, type FliptDocument } from './documents';
import { namedSegments, segmentPrint, type FliptSegment, type Segments } from './flagModel';
import { readSegment } from './flagSchema';

/** A file of features as last read well: the flags of one namespace. */
export interface FliptFile extends FlagsOfFile {
  readonly definitions: ReadonlyMap<string, Definition>;
  /** Those that it defines itself. */
  readonly segments: Segments;
  /** The same where other files of its namespace define these segments; its own go first. */
  among(others: Segments, turns: Turns, signal: AbortSignal): Promise<FliptFile>;
  /** A flag of it with another text. Throws TextSyntaxError. */
  definitionWith(key: string, text: string): Definition | null;
  /** Edits of a flag's text; null for a flag that nobody may edit by itself. */
  edits(definition: Definition): YamlText | null;
}

/**
 * Reads a file of features (https://docs.flipt.io, `features.yaml`): the flags of the namespace that the project is named
 * after. Rejects with TextSyntaxError when it is malformed; one bad flag does not. Only the definition of `only` where that
 * is given.
 */
export async function parseFliptFile(
  path: string,
  { text, hash }: { readonly text: string; readonly hash: string },
  namespace: string,
  deps: SystemDeps,
  turns: Turns,
  signal: AbortSignal,
  only?: string,
): Promise<FliptFile> {
  const { t } = deps.l10n;
  if (/\.json$/i.test(path)) throw new TextSyntaxError(t('JSON is not read here. Write the features in YAML.'), 0);
  const yaml = await loadYaml();
  const documents = await readDocuments(text, yaml, turns, signal, only);
  const own = documents.filter((document) => document.namespace === namespace);
  const lines = new LineIndex(text);
  const segments = new Map<string, FliptSegment>();
  for (const document of own)
    for (const value of document.segments) {
      const segment = readSegment(value);
      if (segment) segments.set(segment.key, segment);
    }
  const context = contextOf(path, segments, yaml, lines, deps);
  const definitions = new Map<string, Definition>();
  const entries = new Map<string, Entry>();
  const said = documentProblems(path, documents, namespace, lines, deps);
  for (const document of own)
    for (const item of document.flags) {
      const key = isObject(item.value) && typeof item.value.key === 'string' ? item.value.key : null;
      if (key === null || key === '') {
        const message = t('A flag without a "key". Flipt refuses the whole file until this is mended.');
        said.push(context.place({ ...item, key: '', format: null, alone: false }, [], message));
        continue;
      }
      if (only !== undefined && key !== only) continue;
      const entry = { ...item, key, format: document.version, alone: document.flags.length === 1 };
      entries.set(key, entry);
      definitions.set(key, readDefinition(entry, context));
      if (turns.over) await turns.rest(signal);
    }
  return fileOf({ read: { text, hash }, entries, said, segments, yaml }, context, definitions);
}

interface Parts {
  readonly read: { readonly text: string; readonly hash: string };
  readonly entries: ReadonlyMap<string, Entry>;
  readonly said: readonly Problem[];
  readonly segments: Segments;
  readonly yaml: Yaml;
}

function fileOf(parts: Parts, context: DefinitionContext, definitions: ReadonlyMap<string, Definition>): FliptFile {
  const { read, entries, said, segments, yaml } = parts;
  const wrong = [...definitions.values()].flatMap(({ unreadable }) => unreadable ?? []);
  return {
    path: context.path,
    ...read,
    definitions,
    segments,
    problems: [...said, ...wrong],
    refusal: said.find(({ severity }) => severity === 'error') ?? wrong[0] ?? null,
    beside: (name) => segmentPrint(context.segments.get(name), context.hash),
    among: async (others, turns, signal) => {
      const known = { ...context, segments: new Map([...others, ...segments]) };
      const isNews = (name: string): boolean => !segments.has(name) && others.has(name);
      const among = new Map<string, Definition>();
      for (const [key, definition] of definitions) {
        among.set(key, namedSegments(definition.flag).some(isNews) ? readAmong(definition, known) : definition);
        if (turns.over) await turns.rest(signal);
      }
      return fileOf(parts, known, among);
    },
    definitionWith: (key, written) => {
      const entry = entries.get(key);
      if (!entry) return null;
      const document = parseYaml(written, yaml);
      const { contents } = document;
      const value: unknown = contents === null ? null : valueOf(contents, document);
      const item: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
      return isObject(item) && item.key === key
        ? readDefinition({ ...entry, text: written, value: item }, context)
        : null;
    },
    edits: ({ tied, text: written }) => (tied ? null : new YamlText(written, yaml, 'item')),
  };
}

function contextOf(
  path: string,
  segments: Segments,
  yaml: Yaml,
  lines: LineIndex,
  { hash, l10n }: SystemDeps,
): DefinitionContext {
  return {
    path,
    segments,
    hash,
    l10n,
    lineAt: (offset) => lines.at(offset).line,
    place: (entry, at, message) => {
      const span = yamlSpanOf(entry.text, at, yaml, 'item');
      const start = at.length === 0 ? Math.max(0, entry.text.search(/\S/)) : span.offset;
      const end = lines.at(entry.offset + span.offset + span.length);
      const key = entry.key === '' ? {} : { key: entry.key };
      const where = { path, ...lines.at(entry.offset + start), endLine: end.line, endColumn: end.column };
      return { severity: 'error', code: 'flipt.flag', message, ...where, ...key };
    },
  };
}

function documentProblems(
  path: string,
  documents: readonly FliptDocument[],
  namespace: string,
  lines: LineIndex,
  { l10n: { t } }: SystemDeps,
): Problem[] {
  const at = (offset: number): Pick<Problem, 'path' | 'line' | 'column'> => ({ path, ...lines.at(offset) });
  const refused = documents.flatMap(({ issues, offset }) =>
    issues.map(({ message }: Issue): Problem => ({
      severity: 'error',
      code: 'flipt.document',
      message: t('{0} Flipt refuses the whole file until this is mended.', message),
      ...at(offset),
    })),
  );
  const names = [...new Set(documents.map((document) => document.namespace))];
  if (names.length === 0 || names.includes(namespace)) return refused;
  const message = t(
    '{0} has no namespace "{1}", it has: {2}. Name the project in .sightglass.json after the namespace.',
    path,
    namespace,
    names.join(', '),
  );
  return [...refused, { severity: 'warning', code: 'flipt.namespace', message, ...at(0) }];
}

/** Why a file could not be read, at its place. */
export function fliptProblem(path: string, error: unknown, text: string | null, { l10n: { t } }: SystemDeps): Problem {
  if (error instanceof TextSyntaxError && text !== null) {
    const lines = new LineIndex(text);
    const end = lines.at(error.offset + 1);
    return {
      severity: 'error',
      code: 'flipt.malformed',
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
  return { severity: 'error', code: missing ? 'flipt.missing' : 'flipt.unreadable', message, path };
}
