import type { SystemDeps } from '../deps';
import type { LdProject } from './project';

/** What planning needs of the system. */
export interface Planner {
  readonly project: LdProject;
  readonly deps: SystemDeps;
}
