import type { EnvironmentRef } from '../../model/identity';
import type { SystemDeps, SystemOptions } from '../deps';
import { FRESHNESS } from '../liveProject';
import { RestFlagSystem } from '../rest/restFlagSystem';
import type { Capabilities, FlagSystem } from '../system';
import { launchDarklyChanges } from './changeMaking';
import type { NativePlan } from './nativePlan';
import { launchDarklyProfile } from './profile';
import { LdProject } from './project';

/** What the bundle of its own gives. */
export const makeLaunchDarkly = (options: SystemOptions, deps: SystemDeps): FlagSystem =>
  new LaunchDarklySystem(options, deps);

/** One project of LaunchDarkly (https://launchdarkly.com/docs/api), over its REST API. It is polled: access tokens have no push. */
export class LaunchDarklySystem extends RestFlagSystem<NativePlan, LdProject> {
  constructor(options: SystemOptions, deps: SystemDeps) {
    super(
      'launchdarkly',
      'raw',
      launchDarklyProfile,
      (client) => {
        const project = new LdProject(client, options, deps, FRESHNESS.refreshMs);
        return { project, changes: launchDarklyChanges({ project, deps }) };
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
      defaultVariant: write,
      switch: write,
      targets: write,
      create: write,
      createdEverywhere: true,
      rules: false,
      approvals: this.project?.facts.asksApproval(environment.name, null) ?? false,
      precondition: 'atomic',
      experiments: true,
    };
  }
}
