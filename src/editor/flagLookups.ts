import type { Flags, StoreProject } from '../flags/api';
import { flagLookup } from '../view/flagLookup';
import type { FlagLookup, ProjectAnswer } from '../view/input';

/** Lookups by the projects they see, kept while those have not answered anew: surfaces ask often. */
export class FlagLookups {
  readonly #kept = new Map<string, { readonly projects: readonly ProjectAnswer[]; readonly lookup: FlagLookup }>();

  constructor(private readonly flags: Flags) {}

  /** `path`: where keys are resolved; null = everywhere. */
  seenFrom(path: string | null): FlagLookup {
    const projects = path === null ? this.flags.projects() : this.flags.projectsFor(path);
    const id = JSON.stringify(projects.map(({ system, config }) => [system, config.name]));
    const kept = this.#kept.get(id);
    if (kept?.projects.every((project, at) => project.answer === projects[at]?.answer)) return kept.lookup;
    const answers = projects.map((project) => this.#answer(project));
    const lookup = flagLookup(answers);
    this.#kept.set(id, { projects: answers, lookup });
    return lookup;
  }

  #answer({ system, systemType, config, answer }: StoreProject): ProjectAnswer {
    const asked = this.flags.systemFor({ system, project: config.name });
    const targets = asked?.environments().some(({ ref }) => asked.describe(ref).targets) ?? false;
    const evaluates = asked?.evaluateAs !== undefined;
    return { system, systemType, project: config.name, evaluates, targets, answer };
  }
}
