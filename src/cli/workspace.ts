import { dirname, resolve } from 'node:path';
import { couldWriteInPlace } from '../change/writeMode';
import { Changes } from '../change/changes';
import type { ConsentPort } from '../change/consentPort';
import type { ResolvedFlag } from '../flags/api';
import { FlagStore } from '../flags/store';
import { lastKnown } from '../model/answer';
import type { Environment } from '../model/flag';
import type { FlagRef } from '../model/identity';
import type { Problem } from '../model/problem';
import type { Disposable } from '../platform/disposable';
import { systemClock } from '../platform/node/clock';
import { nodeFiles } from '../platform/node/files';
import { nodeHash } from '../platform/node/hash';
import { nodePaths } from '../platform/node/paths';
import { stderrLog } from '../platform/node/stderrLog';
import { NearKeys } from '../view/nearKeys';
import { oneLine, quoted } from '../view/text';
import { problemText } from '../workers/problemText';
import { UsageError, type Place } from './commandLine';
import { CannotError, type Surroundings } from './surroundings';
import { askForOrigins, serverAccess, type ServerAccess } from './serverAccess';
import { StoreOwner } from '../workers/storeOwner';
import { WorkspaceSignals } from '../workers/workspaceSignals';

/** The flags configured for a folder, opened for one command. */
export class Workspace implements Disposable {
  readonly folder: string;
  readonly flags: FlagStore;
  readonly #surroundings: Surroundings;
  readonly #servers: ServerAccess;

  private constructor(folder: string, surroundings: Surroundings, servers: ServerAccess) {
    this.folder = folder;
    this.#surroundings = surroundings;
    this.#servers = servers;
    this.flags = new FlagStore({
      files: nodeFiles,
      paths: nodePaths,
      hash: nodeHash,
      clock: systemClock,
      l10n: surroundings.l10n,
      log: stderrLog('flags'),
      remotes: servers.remotes,
      // No editor holds anything unsaved here; one that does sees the file change under it and says so.
      isDirty: () => false,
      workspaceFolders: () => this.#roots(),
      readOnlyReason: () => null,
      protection: () => ({ protected: [], unprotected: [] }),
    });
  }

  /** Rejects with {@link UsageError} when there is no such folder. */
  static async open(place: Place, surroundings: Surroundings): Promise<Workspace> {
    const folder = resolve(surroundings.cwd, place.folder ?? '.');
    if ((await nodeFiles.stat(folder).catch(() => undefined))?.kind !== 'directory') {
      throw new UsageError(`${folder} is not a folder.`);
    }
    const servers = await serverAccess(surroundings);
    await askForOrigins(folder, servers, surroundings);
    const workspace = new Workspace(folder, surroundings, servers);
    await workspace.flags.setFolders([folder]);
    return workspace;
  }

  /** The flag of this key. Rejects with {@link CannotError} where nobody can say, {@link UsageError} where it is unclear. */
  flag(key: string, place: Place): ResolvedFlag {
    const projects = this.flags
      .projects()
      .filter(
        ({ system, config }) =>
          place.project === null || [config.name, `${system}/${config.name}`].includes(place.project),
      );
    for (const problem of this.flags.problems()) this.#surroundings.err(`${problemText(problem, this.folder)}\n`);
    if (projects.length === 0) throw this.#noProject(place);
    const found = projects.flatMap(
      ({ system, config }) => this.flags.flag({ system, project: config.name, key }) ?? [],
    );
    const [flag, another] = found;
    if (flag && !another) return flag;
    if (flag) {
      const names = found.map(({ flag: { ref } }) => `${ref.system}/${ref.project}`).join(', ');
      throw new UsageError(`${quoted(key)} is in several projects: ${names}. Choose one with --project.`);
    }
    const silent = projects.find(({ answer }) => answer.state !== 'ok' && answer.state !== 'tooOld');
    if (silent) {
      const { answer } = silent;
      const reason = answer.state === 'unreachable' || answer.state === 'notAsked' ? answer.reason : undefined;
      const why = reason ?? 'it has not answered';
      throw new CannotError(`The flags of ${silent.system}/${silent.config.name} cannot be read: ${oneLine(why, 500)}`);
    }
    // A file that cannot be read may be the one that holds it.
    const broken = projects.flatMap(({ answer }) => lastKnown(answer)?.value.problems ?? []).find(isError);
    if (broken) {
      const at =
        broken.path === undefined ? '' : `${broken.path}${broken.line === undefined ? '' : `:${broken.line}`}: `;
      throw new CannotError(
        `${quoted(key)} was not found, and a file cannot be read. ${oneLine(at + broken.message, 500)}`,
      );
    }
    const near = new NearKeys(this.flags.keysFor(this.folder)).nearest(key);
    const hint = near === null ? '' : ` Did you mean ${quoted(near)}?`;
    throw new UsageError(`There is no flag ${quoted(key)} here.${hint}`);
  }

  /** Where a flag of this key is to be made. Rejects with {@link CannotError}, {@link UsageError} where it is unclear. */
  newFlag(key: string, place: Place): { readonly ref: FlagRef; readonly environment: Environment } {
    const projects = this.flags
      .projects()
      .filter(
        ({ system, config }) =>
          place.project === null || [config.name, `${system}/${config.name}`].includes(place.project),
      );
    if (projects.length === 0) throw this.#noProject(place);
    const able = projects.flatMap((project) => {
      const ref = { system: project.system, project: project.config.name, key };
      const system = this.flags.systemFor(ref);
      const environments = this.flags.environmentsFor(ref);
      return environments.some((at) => system?.describe(at.ref).create === true) ? [{ ref, environments }] : [];
    });
    const [only, another] = able;
    const names = (of: readonly { readonly system: string; readonly project: string }[]): string =>
      of.map(({ system, project }) => `${system}/${project}`).join(', ');
    if (another) {
      const several = names(able.map(({ ref }) => ref));
      throw new UsageError(`Flags can be made in several projects: ${several}. Choose one with --project.`);
    }
    if (!only) {
      const asked = names(projects.map(({ system, config }) => ({ system, project: config.name })));
      throw new CannotError(`No flag can be made from here in ${asked}.`);
    }
    return { ref: only.ref, environment: this.#named(key, only.environments, place) };
  }

  /** The environment a change is for; it has to be said where there are several. */
  environment(of: ResolvedFlag, place: Place): Environment {
    return this.#named(of.flag.ref.key, of.environments, place);
  }

  /** Telemetry of this machine and of the backends that the configuration names. */
  signals(owner: StoreOwner): WorkspaceSignals {
    const backends = this.flags.configurationFor(this.folder)?.config.backends ?? [];
    return new WorkspaceSignals({ owner, backends, remotes: this.#servers.remotes, l10n: this.#surroundings.l10n });
  }

  async changes(consent: ConsentPort): Promise<Changes> {
    const { http, l10n, home } = this.#surroundings;
    const folder = await home();
    return new Changes({
      home: folder,
      systems: this.flags,
      consent,
      source: new StoreOwner(http, folder),
      couldWriteInPlace: (environment) => couldWriteInPlace(this.flags, environment),
      files: nodeFiles,
      paths: nodePaths,
      hash: nodeHash,
      clock: systemClock,
      l10n,
      log: stderrLog('change'),
    });
  }

  dispose(): void {
    this.flags.dispose();
    this.#servers.dispose();
  }

  #named(key: string, environments: readonly Environment[], place: Place): Environment {
    const names = environments.map(({ ref }) => ref.name).join(', ');
    if (place.environment !== null) {
      const named = environments.find(({ ref }) => ref.name === place.environment);
      if (named) return named;
      throw new UsageError(`${quoted(place.environment)} is no environment of ${quoted(key)}: ${names}.`);
    }
    const [only, another] = environments;
    if (only && !another) return only;
    throw new UsageError(`Name the environment with --environment: ${names}.`);
  }

  /** What may be written in: the folder, and that of a configuration found above it. */
  #roots(): readonly string[] {
    const above = this.flags.projects().flatMap(({ configPath }) => (configPath === null ? [] : [dirname(configPath)]));
    return [...new Set([this.folder, ...above])];
  }

  #noProject({ project }: Place): Error {
    if (project !== null) return new UsageError(`There is no project ${quoted(project)} here.`);
    return new CannotError(
      `No flag system is connected: there is no usable .sightglass.json in ${this.folder} or above it.`,
    );
  }
}

const isError = ({ severity }: Problem): boolean => severity === 'error';
