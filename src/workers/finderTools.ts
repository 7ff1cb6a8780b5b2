import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { CodeWorkerData } from '../code/api';
import { FileReaders } from '../code/fileReaders';
import { Grammars } from '../code/grammars';
import type { Tools } from '../code/tools';
import { ripgrepSearch } from '../code/scan/ripgrep';
import { javascriptSearch } from '../code/scan/walk';
import { nodeFiles } from '../platform/node/files';
import { grammarFiles } from '../platform/node/grammarFiles';
import { nodeHash } from '../platform/node/hash';
import { nodePaths } from '../platform/node/paths';
import { nodeProcesses } from '../platform/node/processes';
import { recentFiles } from '../platform/node/recentFiles';
import { usableExecutables } from '../platform/node/usableExecutables';
import { nodeWorkers } from '../platform/node/workerChannel';

/** No workspace has more references. */
export const everything = 1_000_000;

/** One processor is the finder's own; beyond these, linking is what takes the time. */
const mostReaders = 3;

/**
 * The finder over Node: ripgrep where one of the given executables is there, JavaScript after it. `worker-reader.js`
 * lies beside the folder of grammars.
 */
export async function nodeFinderTools(data: CodeWorkerData): Promise<Tools> {
  const now = (): number => performance.now();
  const readers = Math.min(availableParallelism() - 1, mostReaders);
  const [ripgrep] = await usableExecutables(data.ripgrep);
  return {
    files: recentFiles,
    paths: nodePaths,
    hash: nodeHash,
    grammars: new Grammars(
      grammarFiles((file) => join(data.grammars, file)),
      now,
    ),
    readers:
      readers > 0 ? new FileReaders(nodeWorkers(dirname(data.grammars)), { grammars: data.grammars }, readers) : null,
    searches: [
      ...(ripgrep === undefined ? [] : [ripgrepSearch(nodeProcesses, ripgrep)]),
      javascriptSearch(nodeFiles, nodePaths),
    ],
    storage: data.storage,
    now,
    breathe: () => new Promise((resolve) => void setImmediate(resolve)),
    later: (ms, run) => void setTimeout(run, ms).unref(),
  };
}
