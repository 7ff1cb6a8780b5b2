import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CodeServer } from '../code/codeServer';
import { nodeFiles } from '../platform/node/files';
import { packagedRipgrep } from '../platform/node/ripgrepPackage';
import { nodeFinderTools } from '../workers/finderTools';

/** What a command writes and answers with: 0 done, 2 usage, 3 could not ask. */
export interface ScanStreams {
  /** Data only. */
  out(text: string): void;
  err(text: string): void;
}

const usage = 'Usage: sightglass scan [folder] [--jsonl | --json] [--key KEY] [--exclude GLOB]…\n';
const everything = 1_000_000;

/**
 * `sightglass scan [folder]`: every reference to a flag under a folder (here: the working one), as reference records,
 * one JSON object a line (`--jsonl`, the default) or as one JSON array (`--json`). Grammars are read from `grammars`
 * beside the bundle unless another folder is given.
 */
export async function scanCommand(
  args: readonly string[],
  streams: ScanStreams,
  grammars = join(__dirname, 'grammars'),
): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    streams.err(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  const { values, positionals } = parsed;
  if (positionals.length > 1 || (values.json === true && values.jsonl === true)) {
    streams.err(usage);
    return 2;
  }
  const root = resolve(positionals[0] ?? '.');
  const stat = await nodeFiles.stat(root).catch(() => undefined);
  if (stat?.kind !== 'directory') {
    streams.err(`${root} is not a folder. Name one that can be read.\n`);
    return 2;
  }
  try {
    const tools = await nodeFinderTools({ grammars, ripgrep: await packagedRipgrep(), storage: null });
    const { methods } = new CodeServer(tools, () => undefined);
    const { signal } = new AbortController();
    const summary = await methods.index({ root, knownKeys: [], exclude: values.exclude ?? [] }, signal);
    for (const note of summary.notes) streams.err(`${note}\n`);
    const files = await methods.references(
      { root, limit: everything, ...(values.key !== undefined && { key: values.key }) },
      signal,
    );
    const references = files.flatMap((file) => file.references);
    if (values.json === true) streams.out(`${JSON.stringify(references, null, 2)}\n`);
    else for (const reference of references) streams.out(`${JSON.stringify(reference)}\n`);
    await methods.forget({ root }, signal);
    return 0;
  } catch (error) {
    streams.err(`${root} could not be scanned: ${error instanceof Error ? error.message : String(error)}\n`);
    return 3;
  }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      jsonl: { type: 'boolean' },
      key: { type: 'string' },
      exclude: { type: 'string', multiple: true },
    },
  });
}
