import { join } from 'node:path';
import { Changes } from '../../../src/change/changes';
import type { ConsentPort } from '../../../src/change/consentPort';
import { FlagStore } from '../../../src/flags/store';
import type { Consent } from '../../../src/model/change';
import type { FlagState } from '../../../src/model/flag';
import type { EnvironmentRef, FlagRef } from '../../../src/model/identity';
import type { Files } from '../../../src/platform/files';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { MemoryLog } from '../../../src/platform/memory/log';
import { systemClock } from '../../../src/platform/node/clock';
import { nodeFiles } from '../../../src/platform/node/files';
import { nodeHash } from '../../../src/platform/node/hash';
import { nodePaths } from '../../../src/platform/node/paths';
import { flagDeps } from '../../unit/flags/flagDeps';

/** Locks are waited for less long than 5 s, so that changes are many in a minute. */
const hurry = 20;
const files: Files = {
  ...nodeFiles,
  withLock: (path, waitMs, run) => nodeFiles.withLock(path, waitMs / hurry, run),
};

/** A window of the product on a folder of this machine. */
export class FileWindow {
  readonly store: FlagStore;
  readonly changes: Changes;

  private constructor(folder: string, home: string, agreed: () => void) {
    const { deps } = flagDeps();
    const real = { files, paths: nodePaths, hash: nodeHash, clock: systemClock, log: new MemoryLog() };
    this.store = new FlagStore({ ...deps, ...real, workspaceFolders: () => [folder] });
    this.changes = new Changes({
      ...{ home, systems: this.store, consent: new Agreeing(agreed), source: undefined, l10n: memoryL10n },
      ...{ couldWriteInPlace: () => false, ...real },
    });
  }

  /** `agreed` is called with every yes, before anything is written for it. */
  static async open(folder: string, home: string, agreed: () => void): Promise<FileWindow> {
    const window = new FileWindow(folder, home, agreed);
    await window.store.setFolders([folder]);
    await window.changes.resume();
    return window;
  }

  ref(key: string): FlagRef {
    return { system: 'flags', project: 'shop', key };
  }

  environment(name: string): EnvironmentRef {
    return { system: 'flags', project: 'shop', name };
  }

  /** As it is on the screen. */
  state(key: string, environment: string): FlagState | undefined {
    return this.store.state(this.ref(key), this.environment(environment));
  }

  async close(): Promise<void> {
    this.changes.dispose();
    await this.changes.closed();
    this.store.dispose();
  }
}

class Agreeing implements ConsentPort {
  constructor(private readonly agreed: () => void) {}

  ask(): Promise<Consent> {
    this.agreed();
    return Promise.resolve({ who: 'ana', at: 1, through: 'ignored', reason: 'errors' });
  }
}

/** Of each environment: its file is replaced by a rename, or written in place. */
export const ways = ['rename', 'inPlace'] as const;
export type Way = (typeof ways)[number];

/** `.sightglass.json` of a folder with a file for each of {@link ways}. */
export function configurationOf(type: string, file: string): string {
  const environments = ways.map((write) => ({ name: write, kind: 'live', source: [join(write, file)], write }));
  return JSON.stringify({ systems: [{ id: 'flags', type, projects: [{ name: 'shop', environments }] }] });
}
