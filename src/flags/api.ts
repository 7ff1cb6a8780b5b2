import type { Answer } from '../model/answer';
import type { Plan } from '../model/change';
import type { Config, ProjectConfig } from '../model/config';
import type { Environment, FlagSnapshot, FlagState, ProjectSnapshot } from '../model/flag';
import type { EnvironmentRef, FlagRef } from '../model/identity';
import type { Problem } from '../model/problem';
import type { Disposable } from '../platform/disposable';
import type { Event } from '../platform/emitter';
import type { ConfiguredServer } from './configuredServers';
import type { FlagSystem } from './system';

/** One project of one flag system as the store holds it. `system` is the id that FlagRefs of it carry. */
export interface StoreProject {
  readonly system: string;
  readonly systemType: string;
  readonly config: ProjectConfig;
  /** Absolute path of the configuration it comes from; null where it was accepted for this window only. */
  readonly configPath: string | null;
  /** Absolute folders whose code it is about. */
  readonly folders: readonly string[];
  readonly answer: Answer<ProjectSnapshot>;
}

/** A key of the code, resolved: the flag with the environments of its project, in the order of the configuration. */
export interface ResolvedFlag {
  readonly flag: FlagSnapshot;
  readonly environments: readonly Environment[];
  readonly project: StoreProject;
}

/** What everyone who reads flags uses; `FlagStore` is it. Reads are synchronous, from memory. */
export interface Flags extends Disposable {
  /** Something that a read would return changed. */
  readonly onDidChange: Event<void>;
  projects(): readonly StoreProject[];
  /** What is wrong with configuration files (problems of flag files are in the snapshots). */
  problems(): readonly Problem[];
  /** Every server that a configuration in force names, for flags or for telemetry. */
  servers(): readonly ConfiguredServer[];
  /** The configuration in force for a file or folder: the nearest one upwards. */
  configurationFor(absolutePath: string): { readonly config: Config; readonly path: string | null } | undefined;
  /** The projects that a file's keys are of: of the configuration in force there, those of the deepest folder. */
  projectsFor(absolutePath: string): readonly StoreProject[];
  /** The flags a key written in this file can be: one, several, or none (unknown). */
  resolve(key: string, absolutePath: string): readonly ResolvedFlag[];
  flag(ref: FlagRef): ResolvedFlag | undefined;
  environmentsFor(ref: Pick<FlagRef, 'system' | 'project'>): readonly Environment[];
  state(ref: FlagRef, environment: EnvironmentRef): FlagState | undefined;
  /** All keys that code under this folder may name, sorted. */
  keysFor(folder: string): readonly string[];
  /** True when some project is about this file, whatever it has answered so far. */
  covers(absolutePath: string): boolean;
  systemFor(ref: Pick<FlagRef, 'system' | 'project'>): FlagSystem | undefined;
  /** The system that made this plan, or would have: undefined for plans of repositories that are not open here. */
  systemForPlan(plan: Plan): FlagSystem | undefined;
  /** Asks every system again; resolves when all have answered or failed. */
  refresh(): Promise<void>;
}

/** How the composition root steers the store. */
export interface FlagsControl extends Flags {
  /**
   * The folders of the window; `configurations` are the `.sightglass.json` files found below them (those above are
   * looked up here). Resolves when every system has answered once or failed.
   */
  setFolders(folders: readonly string[], configurations?: readonly string[]): Promise<void>;
  /** Uses a configuration that is not in a file, for this window (the welcome view's "use it"). */
  useProposal(folder: string, config: Config): Promise<void>;
  /** Reads the configurations and the user's protection settings anew (settings or trust changed). */
  reload(): Promise<void>;
  /** A hidden window asks nothing; what it knows grows old and says so. */
  setPaused(paused: boolean): void;
}
