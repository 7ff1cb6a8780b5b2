import type { EnvironmentRef } from '../../model/identity';
import type { SystemDeps, SystemOptions } from '../deps';
import { FRESHNESS } from '../liveProject';
import { RestFlagSystem } from '../rest/restFlagSystem';
import type { Capabilities, FlagSystem } from '../system';
import { growthBookChanges } from './changeMaking';
import type { NativePlan } from './nativePlan';
import { growthBookProfile } from './profile';
import { GbProject } from './project';

/** What the bundle of its own gives. */
export const makeGrowthBook = (options: SystemOptions, deps: SystemDeps): FlagSystem =>
  new GrowthBookSystem(options, deps);

/**
 * One project of GrowthBook (https://docs.growthbook.io/api), over its REST API v2. It is polled: what pushes is for SDKs.
 * Changes are drafts of the live revision that are published.
 */
export class GrowthBookSystem extends RestFlagSystem<NativePlan, GbProject> {
  constructor(options: SystemOptions, deps: SystemDeps) {
    super(
      'growthbook',
      'bearer',
      growthBookProfile,
      (client) => {
        const project = new GbProject(client, options, deps, FRESHNESS.refreshMs);
        return { project, changes: growthBookChanges({ project, deps }) };
      },
      options,
      deps,
    );
  }

  describe(environment: EnvironmentRef): Capabilities {
    const write = this.writes(environment);
    return {
      push: false,
      write,
      percentage: write,
      defaultVariant: false,
      switch: write,
      targets: false,
      create: write,
      createdEverywhere: true,
      rules: false,
      approvals: this.project?.rights.wantsReview(environment.name) ?? false,
      // Drafts are merged with what others publish meanwhile: only what both changed is refused.
      precondition: 'compareThenWrite',
      experiments: true,
    };
  }
}
