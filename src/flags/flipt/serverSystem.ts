import type { EnvironmentRef, FlagRef } from '../../model/identity';
import type { Json } from '../../model/json';
import type { SystemDeps, SystemOptions } from '../deps';
import { FRESHNESS } from '../liveProject';
import type { Evaluation } from '../ofrep/answers';
import { RestFlagSystem } from '../rest/restFlagSystem';
import type { Capabilities } from '../system';
import { evaluateAt, unknownWords } from './evaluateServer';
import type { ServerPlan } from './nativePlan';
import { readPayload } from './payload';
import { fliptProfile } from './profile';
import { fliptChanges } from './serverChanges';
import { FliptProject } from './serverProject';

const NEVER = new AbortController().signal;

/**
 * One namespace of a Flipt server of version 2 (https://docs.flipt.io/v2), over its management API; of version 1, which is
 * only shown, as far as its list of flags tells. It is polled on condition: its stream is for evaluators.
 */
export class FliptServerSystem extends RestFlagSystem<ServerPlan, FliptProject> {
  constructor(options: SystemOptions, deps: SystemDeps) {
    super(
      'flipt',
      'bearer',
      fliptProfile,
      (client) => {
        const project = new FliptProject(client, options, deps, FRESHNESS.refreshMs);
        return { project, changes: fliptChanges({ project, deps }) };
      },
      options,
      deps,
    );
  }

  override describe(environment: EnvironmentRef): Capabilities {
    const write = this.writes(environment) && this.project?.version !== 1;
    return {
      push: false,
      write,
      percentage: write,
      defaultVariant: write,
      switch: write,
      targets: false,
      create: write,
      rules: false,
      approvals: false,
      precondition: 'atomic',
      experiments: false,
      evaluate: true,
    };
  }

  async evaluate(
    ref: FlagRef,
    environment: EnvironmentRef,
    context: Readonly<Record<string, Json>>,
    signal: AbortSignal = NEVER,
  ): Promise<Evaluation> {
    const state = this.project?.state(environment.name);
    const known = state?.flags.get(ref.key);
    const flag = known && readPayload(known.payload).flag;
    if (!this.project || !state || !flag) throw new Error(unknownWords(ref.key, environment.name, this.deps.l10n));
    return evaluateAt(this.project.client, state.place, flag, context, signal);
  }
}
