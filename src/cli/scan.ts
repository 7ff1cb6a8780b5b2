import { basename, join, resolve } from 'node:path';
import { nodeFiles } from '../platform/node/files';
import { changedSince } from '../platform/node/changedSince';
import { oneLine, quoted } from '../view/text';
import { definedKeys } from './definedKeys';
import { everything } from '../workers/finderTools';
import { finder } from './finder';
import type { Format } from './formats/format';
import { html } from './formats/html';
import { jsonArray, jsonLines } from './formats/json';
import { sarif } from './formats/sarif';
import { table } from './formats/table';
import { parseScanOptions, scanUsage, type ScanOptions } from './scanOptions';
import { statsOf } from './scanStats';
import { CannotError } from './surroundings';
import { UndefinedKeys } from './undefinedKeys';

/** What a command writes and answers with: 0 done, 2 usage, 3 could not ask. */
export interface ScanStreams {
  /** Data only. */
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Told how many references were written. */
  readonly found?: (count: number) => void;
  /** Version of the program, for formats that name it. */
  readonly version?: string;
  readonly signal?: AbortSignal;
}

/**
 * `sightglass scan [folder]`: every reference to a flag under a folder (here: the working one), in the format asked for,
 * one JSON object a line unless another is. Grammars are read from `grammars` beside the bundle unless another folder
 * is given.
 */
export async function scanCommand(
  args: readonly string[],
  streams: ScanStreams,
  grammars = join(__dirname, 'grammars'),
): Promise<number> {
  let options: ScanOptions;
  try {
    options = parseScanOptions(args);
  } catch (error) {
    streams.err(`${error instanceof Error ? error.message : String(error)}\n${scanUsage}`);
    return 2;
  }
  const root = resolve(options.folder);
  const stat = await nodeFiles.stat(root).catch(() => undefined);
  if (stat?.kind !== 'directory') {
    streams.err(`${root} is not a folder. Name one that can be read.\n`);
    return 2;
  }
  try {
    const found = await scan(root, options, streams, grammars);
    streams.found?.(found);
    return 0;
  } catch (error) {
    if (error instanceof CannotError) streams.err(`${error.message}\n`);
    else streams.err(`${root} could not be scanned: ${error instanceof Error ? error.message : String(error)}\n`);
    return 3;
  }
}

/** Answers how many references were written. */
async function scan(root: string, options: ScanOptions, streams: ScanStreams, grammars: string): Promise<number> {
  const signal = streams.signal ?? new AbortController().signal;
  const { key, exclude } = options;
  const changed = options.changedSince === null ? null : await changedSince(root, options.changedSince, signal);
  const { tools, methods } = await finder(grammars);
  const defined = await definedKeys(root, options, tools, signal);
  const summary = await methods.index({ root, knownKeys: defined.keys, exclude }, signal);
  for (const note of summary.notes) streams.err(`${oneLine(note, 1_000)}\n`);
  const files = await methods.references({ root, limit: everything, ...(key !== null && { key }) }, signal);
  const format = formatOf(options, root, streams);
  let found = 0;
  format.begin();
  const undefinedKeys = new UndefinedKeys(defined, options.keysFile !== null);
  const ofKey = defined.files.map(({ path, references }) => ({
    path,
    references: references.filter((reference) => key === null || reference.key === key),
  }));
  for (const { path, references } of [...ofKey, ...files]) {
    undefinedKeys.add(references);
    if (references.length === 0 || (changed && !changed.has(path))) continue;
    found += references.length;
    format.file(references);
  }
  const missing = undefinedKeys.list();
  format.end(missing);
  for (const { key: name, path, line } of missing)
    streams.err(
      `${quoted(name ?? '')} is evaluated at ${oneLine(path)}:${line} and defined nowhere: not in ${oneLine(sourcesOf(defined.sources), 1_000)}.\n`,
    );
  if (options.stats) streams.err(statsOf(summary));
  await methods.forget({ root }, signal);
  return found;
}

const mostSources = 5;

function sourcesOf(sources: readonly string[]): string {
  const rest = sources.length - mostSources;
  return `${sources.slice(0, mostSources).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function formatOf({ format }: ScanOptions, root: string, { out, version }: ScanStreams): Format {
  switch (format) {
    case 'table':
      return table(out);
    case 'jsonl':
      return jsonLines(out);
    case 'json':
      return jsonArray(out);
    case 'sarif':
      return sarif(out, version ?? '0.0.0');
    case 'html':
      return html(out, basename(root));
  }
}
