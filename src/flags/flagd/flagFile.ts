import type { Problem } from '../../model/problem';
import { FileError } from '../../platform/files';
import type { SystemDeps } from '../deps';
import { JsonSyntaxError, parseJson, spanOf } from '../jsonText';
import { LineIndex } from '../textPosition';
import type { Turns } from '../turns';
import { readDefinition, type Definition, type DefinitionContext } from './definition';
import { readDocument } from './document';
import { frameIssues } from './flagSchema';
import { isObject } from './issue';

/** Larger than this no flag file is; reading on would only hold up everything else. */
export const MAX_FLAG_FILE_BYTES = 8 * 1024 * 1024;

/** One source file as last read well. */
export interface FlagFile {
  readonly path: string;
  /** sha256 of the bytes. */
  readonly hash: string;
  readonly text: string;
  /** By key; the last definition of a key counts, as JSON parsers have it. */
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly problems: readonly Problem[];
  readonly context: DefinitionContext;
}

/** The bytes of a flag file as text. Rejects with {@link FileError} when it is too large or not UTF-8. */
export async function readFlagText(path: string, deps: SystemDeps): Promise<{ text: string; hash: string }> {
  const data = await deps.files.read(path, MAX_FLAG_FILE_BYTES);
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data),
      hash: deps.hash.sha256(data),
    };
  } catch (error) {
    throw new FileError('other', path, deps.l10n.t('{0} is not UTF-8 text.', path), { cause: error });
  }
}

/**
 * Reads a flag file's text; only the definitions of `only` where that is given. Throws {@link JsonSyntaxError} when
 * it is malformed; one bad flag does not throw.
 */
export async function parseFlagFile(
  path: string,
  { text, hash }: { readonly text: string; readonly hash: string },
  deps: SystemDeps,
  turns: Turns,
  signal: AbortSignal,
  only?: string,
): Promise<FlagFile> {
  const { t } = deps.l10n;
  // A byte order mark is blanked, so that offsets stay those of the file.
  const document = await readDocument(text.replace(/^\uFEFF/, ' '), turns, signal);
  const { frame } = document;
  const lines = new LineIndex(text);
  const problems: Problem[] = [];
  const tell = (severity: Problem['severity'], code: string, message: string, span: Span): void => {
    problems.push({ severity, code, message, path, ...rangeOf(lines, span) });
  };
  const top = { offset: 0, length: 1 };
  for (const issue of frameIssues(frame))
    tell('error', 'flagd.file', issue.message, spanOf(document.frameText, issue.path));
  if (document.form === 'none') tell('error', 'flagd.file', t('"flags" is missing, or is no object.'), top);
  if (document.comments)
    tell('warning', 'flagd.comments', t('flagd reads strict JSON and refuses a file with comments.'), top);
  const context: DefinitionContext = {
    path,
    lines,
    form: document.form,
    evaluators: isObject(frame.$evaluators) ? frame.$evaluators : {},
    metadata: isObject(frame.metadata) ? frame.metadata : {},
    hash: deps.hash,
    l10n: deps.l10n,
  };
  const definitions = new Map<string, Definition>();
  for (const [index, entry] of document.entries.entries()) {
    const key = entry.key ?? `#${String(index)}`;
    if (only !== undefined && key !== only) continue;
    if (definitions.has(key))
      tell('warning', 'flagd.twice', t('"{0}" is defined twice; the last one counts.', key), {
        offset: entry.offset,
        length: 1,
      });
    definitions.set(key, readDefinition(entry, key, context));
    if (turns.over) await turns.rest(signal);
  }
  for (const { unreadable, warnings } of definitions.values()) {
    if (unreadable) problems.push(unreadable);
    problems.push(...warnings);
  }
  return { path, hash, text, definitions, problems, context };
}

/** A flag of this file as it would be with another text. Throws {@link JsonSyntaxError}. */
export function definitionWith(file: FlagFile, definition: Definition, text: string): Definition {
  const { key, offset } = definition;
  return readDefinition({ key, offset, text, value: parseJson(text).value }, key, file.context);
}

interface Span {
  readonly offset: number;
  readonly length: number;
}

function rangeOf(
  lines: LineIndex,
  { offset, length }: Span,
): Pick<Problem, 'line' | 'column' | 'endLine' | 'endColumn'> {
  const end = lines.at(offset + length);
  return { ...lines.at(offset), endLine: end.line, endColumn: end.column };
}

/** Why a file could not be read, at its place. */
export function readProblem(path: string, error: unknown, text: string | null, { l10n: { t } }: SystemDeps): Problem {
  if (error instanceof JsonSyntaxError && text !== null)
    return {
      severity: 'error',
      code: 'flagd.malformed',
      path,
      message: t('This is no JSON: {0} Until it is mended the last good state stays.', error.message),
      ...rangeOf(new LineIndex(text), { offset: error.offset, length: 1 }),
    };
  const missing = FileError.is(error, 'notFound');
  const message = missing
    ? t('The flag file {0} does not exist. Create it, or correct "source" in .sightglass.json.', path)
    : t('The flag file {0} cannot be read: {1}', path, error instanceof Error ? error.message : String(error));
  return { severity: 'error', code: missing ? 'flagd.missing' : 'flagd.unreadable', message, path };
}
