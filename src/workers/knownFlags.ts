import { basename, resolve } from 'node:path';
import type { Tools } from '../code/tools';
import type { StoreProject } from '../flags/api';
import { bareFlag } from '../flags/bareFlag';
import { detectFlagFiles, FLAG_FILE_GLOBS, proposeConfiguration } from '../flags/detect';
import type { FlagStore } from '../flags/store';
import { systemClock } from '../platform/node/clock';
import { nodePaths } from '../platform/node/paths';
import type { DiagnosedFile } from '../view/diagnostics/diagnosis';
import { listedKeysType } from '../view/diagnostics/sdkFits';
import { flagLookup } from '../view/flagLookup';
import type { FlagLookup, ProjectAnswer } from '../view/input';
import { oneLine } from '../view/text';

export interface FlagsOfFolder {
  /** Absolute. */
  readonly folder: string;
  readonly flags: FlagStore;
}

/** Keys that the user lists in a file. */
export interface ListedKeys {
  readonly file: string;
  readonly keys: readonly string[];
}

/** Flags that keys of a folder may be of: those of its systems, and those that the user lists. */
export class KnownFlags {
  readonly #lookups = new Map<string, FlagLookup>();

  private constructor(
    private readonly workspace: FlagsOfFolder,
    private readonly listed: ProjectAnswer | null,
  ) {}

  /**
   * Where no configuration names a system, flag files of flagd that are found are taken, as the editor offers to.
   * `listed`: what the user says is defined; null where nothing is listed.
   */
  static async of(
    workspace: FlagsOfFolder,
    { listed, exclude }: { readonly listed: ListedKeys | null; readonly exclude: readonly string[] },
    { searches, files }: Pick<Tools, 'searches' | 'files'>,
    { err, signal }: { readonly err: (text: string) => void; readonly signal: AbortSignal },
  ): Promise<KnownFlags> {
    const { folder, flags } = workspace;
    if (flags.projects().length === 0 && listed === null) {
      const candidates = await named(folder, exclude, searches, signal);
      const paths = candidates.map((path) => resolve(folder, path));
      const detected = await detectFlagFiles(paths, { files, clock: systemClock }, signal);
      if (detected.length > 0) {
        await flags.useProposal(folder, proposeConfiguration(folder, detected, { paths: nodePaths }));
        const names = detected.map(({ path }) => oneLine(nodePaths.relative(folder, path), 300));
        err(`No .sightglass.json names a flag system. Flags of ${names.join(', ')} are taken.\n`);
      }
    }
    return new KnownFlags(workspace, listed && listedProject(listed));
  }

  get isEmpty(): boolean {
    return this.listed === null && this.workspace.flags.projects().length === 0;
  }

  /** Those that were asked. */
  projects(): readonly ProjectAnswer[] {
    return this.workspace.flags.projects().map(answerOf);
  }

  /** For the finder, which finds them as texts too. */
  keys(): readonly string[] {
    const listed = this.listed?.answer.state === 'ok' ? this.listed.answer.value.flags.map(({ ref }) => ref.key) : [];
    return [...new Set([...this.workspace.flags.keysFor(this.workspace.folder), ...listed])].sort();
  }

  /** Projects that do not answer, or not all of which could be read: why. */
  silent(): readonly string[] {
    return this.workspace.flags.projects().flatMap(({ system, config, answer }) => {
      const name = `${system}/${config.name}`;
      if (answer.state !== 'ok')
        return [`${name} cannot be asked: ${('reason' in answer ? answer.reason : undefined) ?? 'it did not answer'}`];
      const { silent = [], problems } = answer.value;
      return [
        ...silent.map(({ environment, reason }) => `${name} is silent in ${environment.name}: ${reason}`),
        ...problems.flatMap(({ severity, message, path }) =>
          severity === 'error' ? [`${name}${path === undefined ? '' : `, ${path}`}: ${message}`] : [],
        ),
      ];
    });
  }

  readonly seenFrom = ({ root, path }: Pick<DiagnosedFile, 'root' | 'path'>): FlagLookup => {
    const projects = this.workspace.flags.projectsFor(resolve(root, path)).map(answerOf);
    const id = JSON.stringify(projects.map(({ system, project }) => [system, project]));
    let lookup = this.#lookups.get(id);
    if (!lookup) {
      lookup = flagLookup(this.listed ? [...projects, this.listed] : projects);
      this.#lookups.set(id, lookup);
    }
    return lookup;
  };
}

const answerOf = ({ system, systemType, config, answer }: StoreProject): ProjectAnswer => ({
  system,
  systemType,
  project: config.name,
  answer,
});

async function named(
  folder: string,
  exclude: readonly string[],
  searches: Tools['searches'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (const search of searches) {
    try {
      return await search.named(folder, FLAG_FILE_GLOBS, exclude, signal);
    } catch {
      signal.throwIfAborted();
    }
  }
  return [];
}

/** Keys of whatever system: of their flags nothing else is known. */
function listedProject({ file, keys }: ListedKeys): ProjectAnswer {
  const [system, systemType, project] = ['keys', listedKeysType, basename(file)];
  const at = systemClock.now();
  const flags = [...new Set(keys)].map((key) => bareFlag({ system, project, key }));
  const value = {
    ...{ system, systemType, project, flags },
    folders: [],
    environments: [],
    problems: [],
    version: '',
    takenAt: at,
  };
  return { system, systemType, project, answer: { state: 'ok', value, at } };
}
