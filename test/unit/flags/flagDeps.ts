import type { FlagStoreDeps } from '../../../src/flags/store';
import type { UserProtection } from '../../../src/flags/protection';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { MemoryFiles } from '../../../src/platform/memory/files';
import { MemoryHash } from '../../../src/platform/memory/hash';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { MemoryLog } from '../../../src/platform/memory/log';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { memoryRemotes } from '../../../src/platform/memory/remotes';

/** What a test can set while a system or store is running. */
export interface FlagWorld {
  readonly deps: FlagStoreDeps;
  readonly files: MemoryFiles;
  readonly clock: MemoryClock;
  readonly log: MemoryLog;
  readonly dirty: Set<string>;
  folders: string[];
  readOnly: string | null;
  protection: UserProtection;
}

/** Ports in memory, one workspace folder `/w`. */
export function flagDeps(): FlagWorld {
  const clock = new MemoryClock();
  const files = new MemoryFiles(() => clock.now());
  const log = new MemoryLog();
  const dirty = new Set<string>();
  const world: FlagWorld = {
    files,
    clock,
    log,
    dirty,
    folders: ['/w'],
    readOnly: null,
    protection: { protected: [], unprotected: [] },
    deps: {
      files,
      paths: memoryPaths,
      hash: new MemoryHash(),
      clock,
      l10n: memoryL10n,
      log,
      remotes: memoryRemotes({ request: () => Promise.reject(new Error('No server is there in this test.')) }),
      isDirty: (path) => dirty.has(path),
      workspaceFolders: () => world.folders,
      readOnlyReason: () => world.readOnly,
      protection: () => world.protection,
    },
  };
  return world;
}
