import type { ProjectConfig } from '../model/config';
import type { Environment } from '../model/flag';
import type { Paths } from '../platform/files';
import { protectionOf, type UserProtection } from './protection';

/** Names by which a configuration calls an environment production without saying so in a field of its own. */
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
    const last = config.source.at(-1) ?? '';
    const file = last.split(/[\\/]/).at(-1) ?? last;
    return {
      ref: { system, project: project.name, name: config.name },
      kind: config.kind,
      production: config.production ?? (config.kind !== 'local' && PRODUCTION.test(config.name)),
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
  const sources = project.environments.map(({ source }) => new Set(source.map((file) => paths.resolve(folder, file))));
  // Writing a file writes every environment that reads it: the strictest of them counts.
  return environments.map((environment, index) => {
    if (environment.protected.value) return environment;
    const stricter = environments.find(
      (other, at) => other.protected.value && [...(sources[index] ?? [])].some((file) => sources[at]?.has(file)),
    );
    return stricter ? { ...environment, protected: stricter.protected } : environment;
  });
}
