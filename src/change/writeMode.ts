import type { Flags } from '../flags/api';
import type { EnvironmentRef } from '../model/identity';

/**
 * Whether an environment's files are replaced by rename and could be written in place instead, which a bind mount
 * needs: what verification proposes when no instance follows.
 */
export function couldWriteInPlace(flags: Pick<Flags, 'projects'>, environment: EnvironmentRef): boolean {
  return flags
    .projects()
    .filter(({ system, config }) => system === environment.system && config.name === environment.project)
    .flatMap(({ config }) => config.environments)
    .some(({ name, write }) => name === environment.name && write === 'rename');
}
