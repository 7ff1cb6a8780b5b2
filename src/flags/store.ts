import type { Plan } from '../model/change';
import type { Config } from '../model/config';
import type { Environment, FlagSnapshot, FlagState, ProjectSnapshot } from '../model/flag';
import { environmentId, type EnvironmentRef, type FlagRef } from '../model/identity';
import type { Problem } from '../model/problem';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { FlagsControl, ResolvedFlag, StoreProject } from './api';
import { findConfiguration, readConfiguration, type ReadConfiguration } from './configuration';
import { configuredServers, type ConfiguredServer } from './configuredServers';
import type { SystemDeps } from './deps';
import { environmentsOf, tightened } from './environments';
import { FRESHNESS, LiveProject, type Freshness } from './liveProject';
import { configurationOf, plannedProjects, projectsOf } from './projectIndex';
import type { ConfigurationInForce, PlannedProject } from './projectIndex';
import type { UserProtection } from './protection';
import { createSystem } from './registry';
import type { FlagSystem } from './system';

export interface FlagStoreDeps extends SystemDeps {
  /** The user's protection settings, read when configurations are. */
  readonly protection: () => UserProtection;
  readonly freshness?: Freshness;
}

interface Project extends PlannedProject {
  /** Equal exactly when the project would be built the same way. */
  readonly identity: string;
  readonly live: LiveProject;
}

/** All flags of the window: one live project a configured project, and the questions readers ask of them. */
export class FlagStore implements FlagsControl {
  readonly #deps: FlagStoreDeps;
  readonly #changed: Emitter<void>;
  readonly onDidChange: Event<void>;
  #folders: readonly string[] = [];
  #found: readonly string[] = [];
  readonly #proposals = new Map<string, Config>();
  /** Last good reading of each configuration file; a broken one does not take its flags away. */
  readonly #readings = new Map<string, ReadConfiguration>();
  #configurations: readonly ConfigurationInForce[] = [];
  #projects: readonly Project[] = [];
  #problems: readonly Problem[] = [];
  #watching = new DisposableStack();
  #loading: Promise<void> = Promise.resolve();
  readonly #indexes = new WeakMap<ProjectSnapshot, Map<string, FlagSnapshot>>();
  #paused = false;
  #disposed = false;

  constructor(deps: FlagStoreDeps) {
    this.#deps = deps;
    this.#changed = new Emitter<void>((error) => deps.log.error('a listener of the flag store failed', error));
    this.onDidChange = this.#changed.event;
  }

  async setFolders(folders: readonly string[], configurations: readonly string[] = []): Promise<void> {
    this.#folders = folders;
    this.#found = configurations;
    return this.reload();
  }

  async useProposal(folder: string, config: Config): Promise<void> {
    this.#proposals.set(folder, config);
    return this.reload();
  }

  /** Reads the configurations anew, and keeps the connections of projects that did not change. */
  async reload(): Promise<void> {
    this.#loading = this.#loading
      .then(() => this.#load())
      .catch((error: unknown) => {
        this.#deps.log.error('reading the configurations failed', error);
      });
    return this.#loading;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    for (const { live } of this.#projects) live.setPaused(paused);
  }

  async refresh(): Promise<void> {
    await Promise.all(this.#projects.map(({ live }) => live.refresh()));
  }

  projects(): readonly StoreProject[] {
    return this.#projects.map(shown);
  }

  problems(): readonly Problem[] {
    return this.#problems;
  }

  servers(): readonly ConfiguredServer[] {
    return this.#configurations.flatMap(({ config }) => configuredServers(config));
  }

  configurationFor(absolutePath: string): { readonly config: Config; readonly path: string | null } | undefined {
    return configurationOf(this.#configurations, absolutePath, this.#deps.paths);
  }

  projectsFor(absolutePath: string): readonly StoreProject[] {
    return this.#projectsFor(absolutePath).map(shown);
  }

  resolve(key: string, absolutePath: string): readonly ResolvedFlag[] {
    return this.#projectsFor(absolutePath).flatMap((project) => this.#resolved(project, key) ?? []);
  }

  flag(ref: FlagRef): ResolvedFlag | undefined {
    const project = this.#projectOf(ref);
    return project && this.#resolved(project, ref.key);
  }

  environmentsFor(ref: Pick<FlagRef, 'system' | 'project'>): readonly Environment[] {
    return this.#projectOf(ref)?.live.system.environments() ?? [];
  }

  state(ref: FlagRef, environment: EnvironmentRef): FlagState | undefined {
    const id = environmentId(environment);
    return this.flag(ref)?.flag.states.find((state) => environmentId(state.environment) === id);
  }

  keysFor(folder: string): readonly string[] {
    const { paths } = this.#deps;
    const near = this.#projects.filter(({ folders }) =>
      folders.some(({ path }) => paths.isInside(folder, path) || paths.isInside(path, folder)),
    );
    return [...new Set(this.#keysOf(near))].sort();
  }

  covers(absolutePath: string): boolean {
    return this.#projectsFor(absolutePath).length > 0;
  }

  systemFor(ref: Pick<FlagRef, 'system' | 'project'>): FlagSystem | undefined {
    return this.#projectOf(ref)?.live.system;
  }

  systemForPlan(plan: Plan): FlagSystem | undefined {
    const system = this.systemFor(plan.ref);
    return system && (system.owns?.(plan) ?? true) ? system : undefined;
  }

  dispose(): void {
    this.#disposed = true;
    this.#watching.dispose();
    for (const { live } of this.#projects) live.dispose();
    this.#projects = [];
    this.#changed.dispose();
  }

  async #load(): Promise<void> {
    const { files, l10n, paths } = this.#deps;
    const above = await Promise.all(this.#folders.map((folder) => findConfiguration(folder, files, paths)));
    const wanted = [...new Set([...above, ...this.#found].filter((path) => path !== undefined))].sort();
    const readings = await Promise.all(wanted.map((path) => readConfiguration(path, files, l10n)));
    if (this.#disposed) return;
    for (const path of [...this.#readings.keys()]) if (!wanted.includes(path)) this.#readings.delete(path);
    for (const reading of readings) if (reading.config) this.#readings.set(reading.path, reading);
    const configurations: ConfigurationInForce[] = wanted.flatMap((path) => {
      const config = this.#readings.get(path)?.config;
      return config ? [{ folder: paths.dirname(path), path, config }] : [];
    });
    // A file in the folder counts before what was accepted without one.
    for (const [folder, config] of this.#proposals)
      if (!configurations.some((each) => each.folder === folder)) configurations.push({ folder, path: null, config });
    this.#configurations = configurations;
    const kept = this.#replaceProjects(plannedProjects(configurations, paths));
    this.#problems = readings.flatMap((reading) => reading.problems);
    this.#watch();
    this.#changed.fire();
    await Promise.all(this.#projects.filter((project) => !kept.has(project.live)).map(({ live }) => live.refresh()));
  }

  /** Builds what is new, keeps what is the same (returned), and lets go of the rest. */
  #replaceProjects(planned: readonly PlannedProject[]): ReadonlySet<LiveProject> {
    const before = new Map(this.#projects.map((project) => [project.identity, project]));
    const kept = new Set<LiveProject>();
    const tight = tightened(
      planned.map((plan) => ({
        folder: plan.owner.folder,
        config: plan.config,
        environments: this.#environments(plan),
      })),
      this.#deps.paths,
    );
    this.#projects = planned.flatMap((plan, index): Project[] => {
      const environments = tight[index] ?? [];
      const identity = JSON.stringify([plan.owner.folder, plan.system, plan.type, plan.url, plan.config, environments]);
      const same = before.get(identity);
      if (same) kept.add(same.live);
      const live = same?.live ?? this.#build(plan, environments);
      if (live) return [{ ...plan, identity, live }];
      // Of a type that nobody knows: the configuration's own problems say so at its place.
      return [];
    });
    for (const { live } of before.values()) if (!kept.has(live)) live.dispose();
    return kept;
  }

  #environments({ system, config, owner }: PlannedProject): Environment[] {
    return environmentsOf(system, config, owner.folder, this.#deps.protection(), this.#deps.paths);
  }

  #build(plan: PlannedProject, environments: readonly Environment[]): LiveProject | undefined {
    const system = createSystem(
      plan.type,
      {
        system: plan.system,
        project: plan.config,
        ...(plan.url !== undefined && { url: plan.url }),
        environments,
        folder: plan.owner.folder,
        folders: plan.folders.map(({ path }) => path),
      },
      this.#deps,
    );
    if (!system) return undefined;
    const live = new LiveProject(system, this.#deps, () => this.#changed.fire(), this.#deps.freshness ?? FRESHNESS);
    live.setPaused(this.#paused);
    return live;
  }

  /** The configuration files, also where none is yet: one may appear in every folder of the window. */
  #watch(): void {
    const { files, paths } = this.#deps;
    this.#watching.dispose();
    this.#watching = new DisposableStack();
    const places = [...this.#folders.map((folder) => paths.join(folder, '.sightglass.json')), ...this.#found];
    const used = this.#configurations.flatMap(({ path }) => path ?? []);
    const watched = (path: string): Disposable => files.watch(path, () => void this.reload());
    for (const path of new Set([...places, ...used])) this.#watching.add(watched(path));
  }

  #projectsFor(file: string): Project[] {
    return projectsOf(this.#projects, configurationOf(this.#configurations, file, this.#deps.paths), file);
  }

  #projectOf(ref: Pick<FlagRef, 'system' | 'project'>): Project | undefined {
    return this.#projects.find(({ system, config }) => system === ref.system && config.name === ref.project);
  }

  #resolved(project: Project, key: string): ResolvedFlag | undefined {
    const { snapshot, system } = project.live;
    const flag = snapshot && this.#indexOf(snapshot).get(key);
    if (flag) system.want?.(key);
    return flag && { flag, environments: system.environments(), project: shown(project) };
  }

  #keysOf(projects: readonly Project[]): string[] {
    return projects.flatMap(({ live: { snapshot } }) => (snapshot ? [...this.#indexOf(snapshot).keys()] : []));
  }

  #indexOf(snapshot: ProjectSnapshot): Map<string, FlagSnapshot> {
    let index = this.#indexes.get(snapshot);
    if (!index) this.#indexes.set(snapshot, (index = new Map(snapshot.flags.map((flag) => [flag.ref.key, flag]))));
    return index;
  }
}

const shown = ({ system, type, config, owner, folders, live }: Project): StoreProject => ({
  system,
  systemType: type,
  config,
  configPath: owner.path,
  folders: folders.map(({ path }) => path),
  answer: live.answer,
});
