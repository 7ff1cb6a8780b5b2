import type { Config, ProjectConfig, SystemConfig } from '../model/config';
import type { Paths } from '../platform/files';
import { projectFolder, type ProjectFolder } from './folderMatch';

/** A configuration in force: its folder and what it says. `path` is null when it is not from a file. */
export interface ConfigurationInForce {
  readonly folder: string;
  readonly path: string | null;
  readonly config: Config;
}

/** One project of a configuration, with the system id its refs carry. */
export interface PlannedProject {
  readonly owner: ConfigurationInForce;
  readonly system: string;
  readonly type: string;
  /** Base URL of the system, where it has one. */
  readonly url?: string;
  readonly config: ProjectConfig;
  readonly folders: readonly ProjectFolder[];
}

/**
 * All projects of the configurations. Two folders may use the same names for different flags, and a FlagRef must
 * name one flag: such systems carry their folder in the id.
 */
export function plannedProjects(configurations: readonly ConfigurationInForce[], paths: Paths): PlannedProject[] {
  const all = configurations.flatMap((owner) =>
    owner.config.systems.flatMap((system) => system.projects.map((config) => ({ owner, system, config }))),
  );
  const idOf = (owner: ConfigurationInForce, system: SystemConfig, config: ProjectConfig): string => {
    const rivals = all.filter(
      (other) => other.owner !== owner && other.system.id === system.id && other.config.name === config.name,
    );
    if (rivals.length === 0) return system.id;
    const name = paths.basename(owner.folder);
    const unique = rivals.every((rival) => paths.basename(rival.owner.folder) !== name);
    return `${system.id} (${unique ? name : owner.folder})`;
  };
  return all.map(({ owner, system, config }) => ({
    owner,
    system: idOf(owner, system, config),
    type: system.type,
    ...(system.url !== undefined && { url: system.url }),
    config,
    folders: config.folders.map((folder) => projectFolder(owner.folder, folder, paths)),
  }));
}

/** The configuration a file is under: the one of the nearest folder upwards. */
export function configurationOf(
  configurations: readonly ConfigurationInForce[],
  file: string,
  paths: Paths,
): ConfigurationInForce | undefined {
  let nearest: ConfigurationInForce | undefined;
  for (const each of configurations)
    if (paths.isInside(each.folder, file) && (nearest === undefined || paths.isInside(nearest.folder, each.folder)))
      nearest = each;
  return nearest;
}

/** The projects a file belongs to: those of its configuration whose folder is the deepest around it. */
export function projectsOf<Project extends Pick<PlannedProject, 'owner' | 'folders'>>(
  projects: readonly Project[],
  owner: ConfigurationInForce | undefined,
  file: string,
): Project[] {
  const depthOf = ({ folders }: Project): number =>
    Math.max(-1, ...folders.map((folder) => folder.depthOf(file) ?? -1));
  const own = projects
    .filter((project) => project.owner === owner)
    .map((project) => ({ project, depth: depthOf(project) }));
  const deepest = Math.max(0, ...own.map(({ depth }) => depth));
  return own.filter(({ depth }) => depth === deepest).map(({ project }) => project);
}
