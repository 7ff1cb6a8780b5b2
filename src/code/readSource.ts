import { mostBytes } from './bounds';
import type { Files } from '../platform/files';
import { FileError } from '../platform/files';
import type { Hash } from '../platform/hash';
import { skimmed, summarize } from './extract/summarize';
import { codeIn } from './languages/codeIn';
import { languageOf } from './languages/table';
import type { Grammars } from './grammars';
import { UnparsableError } from './parserLibrary';
import { decodeSource, isMinified } from './scan/decode';
import type { FileSummary } from './summary';
import type { GoesOn, SyntaxNode } from './syntaxTree';

/** A file as it was when read: what tells whether it changed, and what it says. */
export interface SourceFile {
  readonly size: number;
  readonly modified: number;
  readonly hash: string;
  readonly summary: FileSummary;
}

/** A file that says nothing, and why. */
export function emptySummary(path: string, truncated: string): FileSummary {
  const family = languageOf(path)?.family ?? 'ecmascript';
  return { path, family, shares: null, pieces: [], lineStarts: [0], length: 0, truncated, generated: false };
}

/** How much of a file is to be read. */
export type Extent =
  | 'whole'
  /** What may ask for flags, calls of wrappers of these names included; any summary there is already is enough. */
  | { readonly sought: readonly string[]; readonly enough: 'any' | 'all sought' };

/**
 * Text to summary. Broken code gives what can be read of it; a text that cannot be parsed is rejected with
 * {@link UnparsableError}.
 */
export async function readText(path: string, text: string, extent: Extent, grammars: Grammars): Promise<FileSummary> {
  const language = languageOf(path);
  if (!language) return emptySummary(path, 'not a language the finder reads');
  if (isMinified(text)) return emptySummary(path, 'minified');
  const { source, extractor, grammar } = codeIn(language, text);
  return grammars.parsing(language, grammar, (parser) => {
    const tree = parser.parse(source);
    try {
      const read = (goesOn?: GoesOn): SyntaxNode => parser.read(tree, source, goesOn);
      return extent === 'whole'
        ? summarize(extractor, path, source, read, parser.deadline())
        : skimmed(extractor, path, source, read, parser.deadline(), extent.sought);
    } finally {
      tree.delete();
    }
  });
}

function isEnough({ sought }: FileSummary, extent: Extent): boolean {
  if (!sought) return true;
  if (extent === 'whole') return false;
  return extent.enough === 'any' || extent.sought.every((name) => sought.includes(name));
}

/**
 * Reads one file, taking the summary of `known` over when the file is as it was (size and time, else content).
 * undefined when it is gone.
 */
export async function readSource(
  absolute: string,
  path: string,
  known: SourceFile | undefined,
  extent: Extent,
  tools: { readonly files: Files; readonly hash: Hash; readonly grammars: Grammars },
): Promise<SourceFile | undefined> {
  // What cannot be read at once is asked for in two steps, which tell why.
  const read = known ? undefined : await tools.files.readWithStat(absolute, mostBytes).catch(() => undefined);
  const stat = read?.stat ?? (await tools.files.stat(absolute));
  if (stat?.kind !== 'file') return undefined;
  const { size, modified } = stat;
  const enough = known && isEnough(known.summary, extent);
  if (enough && known.size === size && known.modified === modified) return known;
  if (size > mostBytes) return { size, modified, hash: '', summary: emptySummary(path, 'larger than 2 MB') };
  let data = read?.data;
  try {
    data ??= await tools.files.read(absolute, mostBytes);
  } catch (error) {
    if (FileError.is(error, 'notFound')) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    return { size, modified, hash: '', summary: emptySummary(path, `could not be read: ${why}`) };
  }
  const hash = tools.hash.sha256(data);
  if (enough && known.hash === hash) return { ...known, size, modified };
  const text = decodeSource(data);
  if (text === undefined) return { size, modified, hash, summary: emptySummary(path, 'binary') };
  try {
    const summary = await readText(path, text, extent, tools.grammars);
    // Not kept under its hash: another machine, or the next version, may parse it, or read it in time.
    return { size, modified, hash: summary.pieces.some(({ late }) => late) ? '' : hash, summary };
  } catch (error) {
    if (!(error instanceof UnparsableError)) throw error;
    return { size, modified, hash: '', summary: emptySummary(path, error.message) };
  }
}
