import { mkdtempSync, rmSync, writeFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import type { SystemDeps } from '../../src/flags/deps';
import { environmentsOf } from '../../src/flags/environments';
import { FlagdSystem } from '../../src/flags/flagd/system';
import { LiveProject } from '../../src/flags/liveProject';
import { projectConfigSchema } from '../../src/model/config';
import type { FlagSnapshot } from '../../src/model/flag';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { MemoryLog } from '../../src/platform/memory/log';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { systemClock } from '../../src/platform/node/clock';
import { nodeFiles } from '../../src/platform/node/files';
import { nodeHash } from '../../src/platform/node/hash';
import { http2Grpc } from '../../src/platform/node/http2Grpc';
import { nodePaths } from '../../src/platform/node/paths';
import { createUndiciHttp } from '../../src/platform/node/undiciHttp';
import { flagdBinary, flagdHow, flagdNeeds, startFlagd, type RunningFlagd, type StartOf } from '../servers/flagd.mjs';
import { hasStandIn, standInHow, standInNeeds, startStandIn } from '../servers/shared/flagdStandIn.mjs';

export type StartFlagd = (of: StartOf) => Promise<RunningFlagd>;

/**
 * flagd 0.11 is what the suites build; 0.15 is what the stand-in is made after and what somebody may name. Where they
 * differ a suite asks this: a selector is a source alone in 0.11 and `source=…` in 0.15, the sync stream of 0.11 leaves
 * out metadata, and a split with one side gives everybody the default in 0.11.
 */
export const isOldFlagd = ({ version }: RunningFlagd): boolean => version.startsWith('0.11.');

/** One suite for flagd itself and for the stand-in; each is skipped, with the reason, where it cannot be run. */
export function describeFlagds(name: string, suite: (start: StartFlagd) => void): void {
  const servers = [
    {
      called: 'the stand-in for flagd',
      there: hasStandIn(),
      needs: standInNeeds,
      how: standInHow,
      start: startStandIn,
    },
    { called: 'flagd itself', there: flagdBinary() !== null, needs: flagdNeeds, how: flagdHow, start: startFlagd },
  ];
  for (const { called, there, needs, how, start } of servers) {
    if (there) describe(`${called}: ${name}`, () => suite(start));
    else it.skip(`${called}: ${name} - skipped: needs ${needs} (${how})`);
  }
}

export const never = new AbortController().signal;
export const system = 'flags';
export const project = 'shop';
export const qa = { system, project, name: 'qa' };
export const refOf = (key: string): { system: string; project: string; key: string } => ({ system, project, key });

export function nodeDeps(folder: string): SystemDeps {
  return {
    files: nodeFiles,
    paths: nodePaths,
    hash: nodeHash,
    clock: systemClock,
    l10n: memoryL10n,
    log: new MemoryLog(),
    remotes: memoryRemotes(createUndiciHttp({}), undefined, http2Grpc),
    isDirty: () => false,
    workspaceFolders: () => [folder],
    readOnlyReason: () => null,
  };
}

/** The product's own flagd system over one environment `qa`, as `.sightglass.json` would name it. */
export function flagdAt(folder: string, environment: object, deps = nodeDeps(folder)): FlagdSystem {
  const config = projectConfigSchema.parse({
    name: project,
    environments: [{ name: 'qa', kind: 'live', ...environment }],
  });
  const nobody = { protected: [], unprotected: [] };
  const environments = environmentsOf(system, config, folder, nobody, nodePaths);
  return new FlagdSystem({ system, project: config, environments, folder, folders: [folder] }, deps);
}

/** A project kept up to date, as a window has it, with a way to wait for what it comes to. */
export class Watched {
  readonly live: LiveProject;
  readonly #waiting = new Set<() => void>();

  constructor(of: FlagdSystem, folder: string) {
    const changed = (): void => this.#waiting.forEach((look) => look());
    this.live = new LiveProject(of, nodeDeps(folder), changed);
    void this.live.refresh();
  }

  flag(key: string): FlagSnapshot | undefined {
    return this.live.snapshot?.flags.find(({ ref }) => ref.key === key);
  }

  /** Resolves with the time (epoch ms) at which the state came to it. */
  until(what: string, isSo: () => boolean, patienceMs = 15_000): Promise<number> {
    if (isSo()) return Promise.resolve(Date.now());
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = (): void => {
        if (!isSo()) return;
        end();
        resolve(Date.now());
      };
      const timer = setTimeout(() => {
        end();
        reject(
          new Error(`not in ${String(patienceMs)} ms: ${what}; ${JSON.stringify(this.live.answer).slice(0, 500)}`),
        );
      }, patienceMs);
      this.#waiting.add(look);
    });
  }

  dispose(): void {
    this.live.dispose();
  }
}

export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'sightglass-flagd-'));

  file(name: string): string {
    return join(this.path, name);
  }

  /** Replaced by a rename, as editors and Sightglass do it. */
  write(name: string, flags: object, more: object = {}): void {
    writeFileSync(this.file(`.${name}.new`), JSON.stringify({ flags, ...more }));
    renameSync(this.file(`.${name}.new`), this.file(name));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export const flag = (defaultVariant: string, more: object = {}): object => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant,
  ...more,
});
