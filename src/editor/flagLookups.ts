import type { Flags, StoreProject } from '../flags/api';
import { flagLookup } from '../view/flagLookup';
import type { FlagLookup, ProjectAnswer } from '../view/input';

/** Lookups by the projects they see, kept while those have not answered anew: surfaces ask often. */
export class FlagLookups {
  readonly #kept = new Map<string, { readonly projects: readonly ProjectAnswer[]; readonly lookup: FlagLookup }>();

  constructor(private readonly flags: Flags) {}

  /** `path`: where keys are resolved; null = everywhere. */
  seenFrom(path: string | null): FlagLookup {
    const projects = this.flags
      .projects()
      .filter(({ folders }) => path === null || folders.some((folder) => isInside(folder, path)))
      .map(projectAnswer);
    const id = JSON.stringify(projects.map(({ system, project }) => [system, project]));
    const kept = this.#kept.get(id);
    if (kept?.projects.every((project, at) => project.answer === projects[at]?.answer)) return kept.lookup;
    const lookup = flagLookup(projects);
    this.#kept.set(id, { projects, lookup });
    return lookup;
  }
}

function projectAnswer({ system, systemType, config, answer }: StoreProject): ProjectAnswer {
  return { system, systemType, project: config.name, answer };
}

function isInside(folder: string, path: string): boolean {
  return (
    path === folder ||
    path.startsWith(folder.endsWith('/') || folder.endsWith('\\') ? folder : `${folder}${separatorOf(folder)}`)
  );
}

function separatorOf(path: string): string {
  return path.includes('\\') && !path.includes('/') ? '\\' : '/';
}
