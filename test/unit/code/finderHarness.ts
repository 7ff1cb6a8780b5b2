import { installedGrammar, installedRuntime, runtimeFiles } from '../../../grammars.mjs';
import type { IndexSummary } from '../../../src/code/api';
import { Grammars } from '../../../src/code/grammars';
import { RootIndex } from '../../../src/code/rootIndex';
import type { Tools } from '../../../src/code/tools';
import { javascriptSearch } from '../../../src/code/scan/walk';
import type { GuardedRegion, Reference } from '../../../src/model/reference';
import { MemoryFiles } from '../../../src/platform/memory/files';
import { grammarFiles } from '../../../src/platform/node/grammarFiles';
import { MemoryHash } from '../../../src/platform/memory/hash';
import { memoryPaths } from '../../../src/platform/memory/paths';

/** Grammars as they are installed; loaded once for all tests of a file. */
export const installedGrammars = new Grammars(
  grammarFiles((file) =>
    runtimeFiles.includes(file)
      ? installedRuntime(file)
      : installedGrammar(/^tree-sitter-(.*)\.wasm$/.exec(file)?.[1] ?? file),
  ),
  () => performance.now(),
);

export interface Finder {
  readonly index: RootIndex;
  /** Of the first indexing. */
  readonly summary: IndexSummary;
  readonly files: MemoryFiles;
  readonly updated: string[][];
  readonly tools: Tools;
  /** Runs what waits for a pause in typing. */
  settle(): Promise<void>;
  references(key?: string): readonly Reference[];
}

export const root = '/shop';

/** An indexed workspace of the given files, in memory. */
export async function finderOf(
  sources: Readonly<Record<string, string>>,
  options: {
    readonly knownKeys?: readonly string[];
    readonly storage?: string;
    readonly files?: MemoryFiles;
    readonly now?: () => number;
  } = {},
): Promise<Finder> {
  let time = 0;
  const files = options.files ?? new MemoryFiles(() => ++time);
  for (const [path, text] of Object.entries(sources)) files.set(`${root}/${path}`, text);
  const waiting: (() => void)[] = [];
  const updated: string[][] = [];
  const tools: Tools = {
    files,
    paths: memoryPaths,
    hash: new MemoryHash(),
    grammars: installedGrammars,
    readers: null,
    searches: [javascriptSearch(files, memoryPaths)],
    storage: options.storage ?? null,
    now: options.now ?? (() => performance.now()),
    breathe: () => new Promise((resolve) => void setImmediate(resolve)),
    later: (_ms, run) => void waiting.push(run),
  };
  const request = { root, knownKeys: options.knownKeys ?? [], exclude: [] };
  const index = new RootIndex(request, tools, {
    progress: () => undefined,
    updated: (paths) => void updated.push([...paths]),
  });
  const summary = await index.index(request, new AbortController().signal);
  return {
    index,
    summary,
    files,
    updated,
    tools,
    references: (key) => index.references(key, 10_000).flatMap((file) => file.references),
    async settle() {
      for (let run = waiting.shift(); run; run = waiting.shift()) run();
      // What runs later is not awaited by anyone: let its promises come to rest.
      for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** `key@line via certainty` of the evaluations of one file. */
export async function found(
  source: string,
  path = 'src/a.ts',
  others: Readonly<Record<string, string>> = {},
  knownKeys: readonly string[] = [],
): Promise<string[]> {
  const finder = await finderOf({ [path]: source, ...others }, { knownKeys });
  const facts = await finder.index.facts(path);
  return (facts?.references ?? [])
    .filter((reference) => reference.kind === 'evaluation')
    .map(
      (reference) =>
        `${reference.key ?? `/${reference.pattern ?? ''}/`}@${String(reference.line)} ${reference.via}${reference.certainty === 'certain' ? '' : ` ${reference.certainty}`}`,
    );
}

/** What a region asks of the flag: `truthy`, `equal="blue"`, `oneOf=["a","b"]`, `>0`. */
export function whenText(when: GuardedRegion['when']): string {
  if (when.is === 'compared') return `${when.operator}${String(when.value)}`;
  if (when.is === 'oneOf') return `oneOf=${JSON.stringify(when.values)}`;
  return 'value' in when ? `${when.is}=${JSON.stringify(when.value)}` : when.is;
}
