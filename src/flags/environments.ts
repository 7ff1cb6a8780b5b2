import type { ProjectConfig } from '../model/config';
import type { Environment } from '../model/flag';
import type { Paths } from '../platform/files';
import { protectionOf, type UserProtection } from './protection';

/** Names by which a configuration, or the telemetry it points to, calls an environment production. */
const PRODUCTION = /^(prod|prd|production)$/i;

/** The environments of a project as the reader meets them, in the order of the configuration. */
export function environmentsOf(
  system: string,
  project: ProjectConfig,
  folder: string,
  user: UserProtection,
  paths: Paths,
): Environment[] {
  const environments = project.environments.map((config): Environment => {
    // A query may hold what is not for the screen.
    const last = (config.source.at(-1) ?? '').replace(/(?<=:\/\/.*)[?#].*$/, '');
    const file = last.split(/[\\/]/).at(-1) ?? last;
    return {
      ref: { system, project: project.name, name: config.name },
      kind: config.kind,
      production:
        config.production ??
        (config.kind !== 'local' && [config.name, config.telemetryName ?? ''].some((name) => PRODUCTION.test(name))),
      protected: protectionOf(
        { system, project: project.name, environment: config.name },
        config.protected,
        false,
        user,
      ),
      readOnly: config.readOnly ?? false,
      telemetryName: config.telemetryName ?? config.name,
      sourceName: config.source.length > 1 ? `${file} +${String(config.source.length - 1)}` : file,
      pollMs: config.pollSeconds === undefined ? null : config.pollSeconds * 1000,
    };
  });
  return tightened([{ folder, config: project, environments }], paths)[0] ?? environments;
}

/**
 * Writing a file writes every environment that reads it, whichever project names it: the strictest of them counts,
 * for protection and for being read-only. Gives the environments of each project, in their order.
 */
export function tightened(
  projects: readonly {
    readonly folder: string;
    readonly config: ProjectConfig;
    readonly environments: readonly Environment[];
  }[],
  paths: Paths,
): Environment[][] {
  const strictest = new Map<string, { protected: Environment['protected'] | undefined; readOnly: boolean }>();
  const filesOf = (folder: string, config: ProjectConfig, name: string): string[] =>
    (config.environments.find((each) => each.name === name)?.source ?? []).map((file) =>
      paths.resolve(folder, fileOf(file)),
    );
  for (const { folder, config, environments } of projects)
    for (const environment of environments)
      for (const file of filesOf(folder, config, environment.ref.name)) {
        const known = strictest.get(file);
        strictest.set(file, {
          protected: known?.protected ?? (environment.protected.value ? environment.protected : undefined),
          readOnly: environment.readOnly || known?.readOnly === true,
        });
      }
  return projects.map(({ folder, config, environments }) =>
    environments.map((environment) => {
      const rules = filesOf(folder, config, environment.ref.name).flatMap((file) => strictest.get(file) ?? []);
      const stricter = rules.find((rule) => rule.protected)?.protected;
      return {
        ...environment,
        protected: environment.protected.value ? environment.protected : (stricter ?? environment.protected),
        readOnly: environment.readOnly || rules.some((rule) => rule.readOnly),
      };
    }),
  );
}

/** flagd's own way to name a file source is `file:path`. */
export function fileOf(source: string): string {
  return source.replace(/^file:/, '');
}
