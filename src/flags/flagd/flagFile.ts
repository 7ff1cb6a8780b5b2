import type { Problem } from '../../model/problem';
import { FileError } from '../../platform/files';
import type { SystemDeps } from '../deps';
import { TextSyntaxError } from '../textSyntax';
import { JsonSyntaxError } from '../jsonText';
import { LineIndex } from '../textPosition';
import type { Turns } from '../turns';
import { placed, readDefinition, type Definition, type DefinitionContext } from './definition';
import { readFlagDocument } from './readFlagDocument';
import { frameIssues } from './flagSchema';
import { isObject } from '../issue';
import { YamlSyntaxError } from '../yaml/yamlSyntax';

/** One source as last read well. */
export interface FlagFile {
  /** Absolute path of a file, or the address of a server. */
  readonly path: string;
  /** sha256 of the bytes it arrived in. */
  readonly hash: string;
  readonly text: string;
  /** By key; the last definition of a key counts, as JSON parsers have it. */
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly problems: readonly Problem[];
  /** For which flagd takes none of its flags. */
  readonly refusal: Problem | null;
  readonly context: DefinitionContext;
}

/**
 * Reads a flag file's text; only the definitions of `only` where that is given. Throws {@link TextSyntaxError} when
 * it is malformed; one bad flag does not throw. What is `remote` has no place that an editor could open.
 */
export async function parseFlagFile(
  path: string,
  { text, hash, remote = false }: { readonly text: string; readonly hash: string; readonly remote?: boolean },
  deps: SystemDeps,
  turns: Turns,
  signal: AbortSignal,
  only?: string,
): Promise<FlagFile> {
  const { t } = deps.l10n;
  const document = await readFlagDocument(path, text, turns, signal);
  const { frame } = document;
  const lines = new LineIndex(text);
  const problems: Problem[] = [];
  const tell = (severity: Problem['severity'], code: string, message: string, span: Span): void => {
    problems.push(placed(remote, path, { severity, code, message }, rangeOf(lines, span)));
  };
  const top = { offset: 0, length: 1 };
  for (const issue of frameIssues(frame)) tell('error', 'flagd.file', issue.message, document.spanInFrame(issue.path));
  if (document.form === 'none') tell('error', 'flagd.file', t('"flags" is missing, or is no object.'), top);
  if (document.comments)
    tell('warning', 'flagd.comments', t('flagd reads strict JSON and refuses a file with comments.'), top);
  const context: DefinitionContext = {
    path,
    remote,
    lines,
    form: document.form,
    syntax: document.syntax,
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
  const refusal = [...definitions.values()].find(({ refusesFile }) => refusesFile)?.unreadable ?? null;
  return { path, hash, text, definitions, problems, refusal, context };
}

/** A flag of this file as it would be with another text. Throws {@link TextSyntaxError}. */
export function definitionWith(file: FlagFile, definition: Definition, text: string): Definition {
  const { key, offset } = definition;
  return readDefinition({ key, offset, text, value: file.context.syntax.valueOf(text) }, key, file.context);
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
  if (error instanceof TextSyntaxError && text !== null)
    return {
      severity: 'error',
      code: 'flagd.malformed',
      path,
      message:
        error instanceof YamlSyntaxError
          ? t('This is no YAML that flagd reads: {0} Until it is mended the last good state stays.', error.message)
          : error instanceof JsonSyntaxError
            ? t('This is no JSON: {0} Until it is mended the last good state stays.', error.message)
            : t('{0} Until it is mended the last good state stays.', error.message),
      ...rangeOf(new LineIndex(text), { offset: error.offset, length: 1 }),
    };
  const missing = FileError.is(error, 'notFound');
  const message = missing
    ? t('The flag file {0} does not exist. Create it, or correct "source" in .sightglass.json.', path)
    : t('The flag file {0} cannot be read: {1}', path, error instanceof Error ? error.message : String(error));
  return { severity: 'error', code: missing ? 'flagd.missing' : 'flagd.unreadable', message, path };
}
