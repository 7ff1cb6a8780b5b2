import type { SystemDeps } from '../deps';
import type { GbProject } from './project';

/** What planning needs of the system. */
export interface Planner {
  readonly project: GbProject;
  readonly deps: SystemDeps;
}
