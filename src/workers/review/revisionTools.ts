import { join } from 'node:path';
import { FileReaders, type ReadRequest } from '../../code/fileReaders';
import type { SourceFile } from '../../code/readSource';
import { javascriptSearch } from '../../code/scan/walk';
import type { Tools } from '../../code/tools';
import type { Files } from '../../platform/files';
import { nodeFiles } from '../../platform/node/files';
import { nodePaths } from '../../platform/node/paths';
import { nodeWorkers } from '../../platform/node/workerChannel';
import type { RevisionFiles } from './revisionFiles';
import { revisionSearch } from './revisionSearch';

/** The finder over revisions. Other threads read what lies on disk as it is in the revision. */
export function toolsOver(
  revision: RevisionFiles,
  of: {
    readonly tools: Tools;
    readonly apart: ReadonlySet<string>;
    readonly isBare: boolean;
    readonly grammars: string;
    /** Where what was read is kept for the next time. */
    readonly storage: string;
  },
): Tools {
  const { tools, apart, isBare, grammars, storage } = of;
  const disks = isBare ? [null] : [...tools.searches, javascriptSearch(nodeFiles, nodePaths)];
  return {
    ...tools,
    files: keptIn(storage, revision.files),
    storage,
    // What is kept is kept once, of the base, before the change is taken in.
    later: () => undefined,
    readers: tools.readers && new DiskReaders(revision, grammars),
    searches: disks.map((disk) => revisionSearch({ revision, disk, apart })),
  };
}

/** What the finder keeps is written on disk, whatever is read. */
function keptIn(storage: string, files: Files): Files {
  const of = (path: string): Files => (nodePaths.isInside(storage, path) ? nodeFiles : files);
  return {
    ...files,
    makeFolder: (path, mode) => of(path).makeFolder(path, mode),
    writeAtomic: (path, data, mode, durable) => of(path).writeAtomic(path, data, mode, durable),
    append: (path, data, mode) => of(path).append(path, data, mode),
    remove: (path) => of(path).remove(path),
    rename: (from, to) => of(from).rename(from, to),
  };
}

class DiskReaders extends FileReaders {
  constructor(
    private readonly revision: RevisionFiles,
    grammars: string,
  ) {
    super(nodeWorkers(join(grammars, '..')), { grammars }, 1);
  }

  override read(request: ReadRequest): Promise<SourceFile | undefined> | undefined {
    if (!this.revision.isOnDisk(request.path)) return undefined;
    // Kept until the next time, when the working tree may be of other times: what it is of is told by its object.
    return super.read(request)?.then((file) => file && { ...file, ...this.revision.stampOf(request.path) });
  }
}
