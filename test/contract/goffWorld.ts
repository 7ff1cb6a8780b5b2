import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SystemDeps } from '../../src/flags/deps';
import { environmentsOf } from '../../src/flags/environments';
import { GoffSystem } from '../../src/flags/goff/system';
import { projectConfigSchema } from '../../src/model/config';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { MemoryLog } from '../../src/platform/memory/log';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { systemClock } from '../../src/platform/node/clock';
import { nodeFiles } from '../../src/platform/node/files';
import { nodeHash } from '../../src/platform/node/hash';
import { nodePaths } from '../../src/platform/node/paths';
import { createUndiciHttp } from '../../src/platform/node/undiciHttp';
import { createUndiciSockets } from '../../src/platform/node/undiciSockets';

export const system = 'goff';
export const project = 'shop';
export const qa = { system, project, name: 'qa' };
export const refOf = (key: string): { system: string; project: string; key: string } => ({ system, project, key });

export function goffDeps(folder: string, token?: string): SystemDeps {
  return {
    files: nodeFiles,
    paths: nodePaths,
    hash: nodeHash,
    clock: systemClock,
    l10n: memoryL10n,
    log: new MemoryLog(),
    remotes: memoryRemotes(createUndiciHttp({}), token, undefined, createUndiciSockets()),
    isDirty: () => false,
    workspaceFolders: () => [folder],
    readOnlyReason: () => null,
  };
}

/** The product's own system over one environment `qa`, as `.sightglass.json` would name it. */
export function goffAt(folder: string, environment: object, token?: string): GoffSystem {
  const config = projectConfigSchema.parse({
    name: project,
    environments: [{ name: 'qa', kind: 'live', ...environment }],
  });
  const environments = environmentsOf(system, config, folder, { protected: [], unprotected: [] }, nodePaths);
  return new GoffSystem({ system, project: config, environments, folder, folders: [folder] }, goffDeps(folder, token));
}

export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'sightglass-goff-'));

  file(name: string): string {
    return join(this.path, name);
  }

  /** Replaced by a rename, as editors and Sightglass do it. */
  write(name: string, text: string): void {
    writeFileSync(this.file(`.${name}.new`), text);
    renameSync(this.file(`.${name}.new`), this.file(name));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
