import type { Files } from '../platform/files';
import { FileError } from '../platform/files';
import type { Hash } from '../platform/hash';
import { summarize } from './extract/summarize';
import { languageOf } from './languages/table';
import type { Grammars } from './parse';
import { decodeSource, isMinified } from './scan/decode';
import { mostBytes } from './scan/patterns';
import type { FileSummary } from './summary';

/** A file as it was when read: what tells whether it changed, and what it says. */
export interface SourceFile {
  readonly size: number;
  readonly modified: number;
  readonly hash: string;
  readonly summary: FileSummary;
}

/** A file that says nothing, and why. */
export function emptySummary(path: string, truncated: string): FileSummary {
  return { path, pieces: [], lineStarts: [0], length: 0, truncated, generated: false };
}

/** Text to summary, never throwing on what the text is: broken code gives what can be read of it. */
export async function readText(path: string, text: string, grammars: Grammars): Promise<FileSummary> {
  const language = languageOf(path);
  if (!language) return emptySummary(path, 'not a language the finder reads');
  if (isMinified(text)) return emptySummary(path, 'minified');
  const parser = await grammars.parser(language);
  const tree = parser.parse(text);
  try {
    return summarize(path, text, () => parser.read(tree, text));
  } finally {
    tree.delete();
  }
}

/**
 * Reads one file, taking the summary of `known` over when the file is as it was (size and time, else content).
 * undefined when it is gone.
 */
export async function readSource(
  absolute: string,
  path: string,
  known: SourceFile | undefined,
  tools: { readonly files: Files; readonly hash: Hash; readonly grammars: Grammars },
): Promise<SourceFile | undefined> {
  const stat = await tools.files.stat(absolute);
  if (stat?.kind !== 'file') return undefined;
  const { size, modified } = stat;
  if (known?.size === size && known.modified === modified) return known;
  if (size > mostBytes) return { size, modified, hash: '', summary: emptySummary(path, 'larger than 2 MB') };
  let data: Uint8Array;
  try {
    data = await tools.files.read(absolute, mostBytes);
  } catch (error) {
    if (FileError.is(error, 'notFound')) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    return { size, modified, hash: '', summary: emptySummary(path, `could not be read: ${why}`) };
  }
  const hash = tools.hash.sha256(data);
  if (known?.hash === hash) return { ...known, size, modified };
  const text = decodeSource(data);
  const summary = text === undefined ? emptySummary(path, 'binary') : await readText(path, text, tools.grammars);
  return { size, modified, hash, summary };
}
