import { performance } from 'node:perf_hooks';
import type { CodeWorkerData } from '../code/api';
import { Grammars } from '../code/parse';
import type { Tools } from '../code/rootIndex';
import { ripgrepSearch } from '../code/scan/ripgrep';
import { javascriptSearch } from '../code/scan/walk';
import { nodeFiles } from '../platform/node/files';
import { grammarFiles } from '../platform/node/grammarFiles';
import { nodeHash } from '../platform/node/hash';
import { nodePaths } from '../platform/node/paths';
import { nodeProcesses } from '../platform/node/processes';
import { usableExecutables } from '../platform/node/usableExecutables';

/** The finder over Node: ripgrep where one of the given executables is there, JavaScript after it. */
export async function nodeFinderTools(data: CodeWorkerData): Promise<Tools> {
  const [ripgrep] = await usableExecutables(data.ripgrep);
  return {
    files: nodeFiles,
    paths: nodePaths,
    hash: nodeHash,
    grammars: new Grammars(grammarFiles(data.grammars)),
    searches: [
      ...(ripgrep === undefined ? [] : [ripgrepSearch(nodeProcesses, ripgrep)]),
      javascriptSearch(nodeFiles, nodePaths),
    ],
    storage: data.storage,
    now: () => performance.now(),
    later: (ms, run) => void setTimeout(run, ms).unref(),
  };
}
