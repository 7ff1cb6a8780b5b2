import type { Intent, Plan } from '../../model/change';
import type { FlagSnapshot, FlagState } from '../../model/flag';
import type { EnvironmentRef, FlagRef } from '../../model/identity';
import type { Json } from '../../model/json';
import type { SystemDeps, SystemOptions } from '../deps';
import { definedFlags } from '../files/definedFlag';
import { FileFlagSystem, type Round } from '../files/fileFlagSystem';
import type { FlagFileFormat } from '../files/flagFileFormat';
import { readNativePlan, type NativePlan } from '../files/nativePlan';
import type { Evaluation } from '../ofrep/answers';
import { PlanError, type Capabilities } from '../system';
import { FliptEnvironment } from './environment';
import { fliptFormat } from './format';
import {
  freshFlag,
  placeForNew,
  planCreation,
  planInsertion,
  planIntent,
  planRemoval,
  planText,
  segmentsBeside,
} from './plan';
import { stateOf } from './snapshot';

/**
 * Flags of Flipt (https://docs.flipt.io) in files of features, as they stand in a repository: read, watched and written in
 * place. The project is named after its namespace.
 */
export class FliptFileSystem extends FileFlagSystem<FliptEnvironment> {
  readonly type = 'flipt';

  constructor(options: SystemOptions, deps: SystemDeps) {
    super(
      options,
      deps,
      fliptFormat(options.project.name, deps),
      (known, config, changed) => new FliptEnvironment(known, config, options, deps, changed),
    );
  }

  override describe(environment: EnvironmentRef): Capabilities {
    const capabilities = super.describe(environment);
    return { ...capabilities, switch: capabilities.write, create: capabilities.write };
  }

  async plan(
    ref: FlagRef,
    environment: EnvironmentRef,
    intent: Intent,
    seen: FlagState,
    signal: AbortSignal,
  ): Promise<Plan> {
    const of = { ref, environment: this.writable(environment), deps: this.deps };
    if (intent.kind === 'create') {
      const plan = await planCreation(of, intent, signal);
      await this.checkWritable(readNativePlan(plan.native)?.path ?? '');
      return plan;
    }
    const fresh = await freshFlag(of, signal);
    await this.checkWritable(fresh.definition.path);
    if (fresh.definition.text !== seen.raw)
      throw new PlanError(
        'changedSince',
        this.deps.l10n.t('"{0}" was changed in {1} meanwhile. Look at it again.', ref.key, fresh.definition.path),
      );
    return planIntent(of, intent, fresh);
  }

  async planUndo(done: Plan, signal: AbortSignal): Promise<Plan> {
    const { t } = this.deps.l10n;
    const native = this.native(done);
    if (!native) throw new PlanError('unsupported', t('This change was made to another repository.'));
    const of = { ref: done.ref, environment: this.writable(done.environment), deps: this.deps };
    const intent: Intent = { kind: 'undo', changeId: done.id };
    if (native.after === '') {
      const file = await placeForNew(of, signal);
      await this.checkWritable(file.path);
      return planInsertion(of, intent, file, native.before, signal);
    }
    const fresh = await freshFlag(of, signal);
    await this.checkWritable(fresh.definition.path);
    if (fresh.definition.text !== native.after || fresh.definition.path !== native.path)
      throw new PlanError('changedSince', t('"{0}" was changed since: undoing would lose that.', done.ref.key));
    if (native.before === '') return planRemoval(of, intent, fresh);
    return planText(of, intent, fresh, native.before, []);
  }

  /** A variant flag that gives nobody a variant answers with an empty one; one that is not enabled names its default. */
  override async evaluate(
    ref: FlagRef,
    environment: EnvironmentRef,
    context: Readonly<Record<string, Json>>,
    signal?: AbortSignal,
  ): Promise<Evaluation> {
    const found = this.find(environment);
    const [answer, known] = await Promise.all([
      super.evaluate(ref, environment, context, signal),
      found?.served?.all(signal),
    ]);
    if (known && !known.includes(environment.name)) {
      const { t } = this.deps.l10n;
      const has = known.slice(0, 10).join(', ');
      throw new Error(
        t(
          'The Flipt in "ofrep" has no environment "{0}", and answers for another. It has: {1}.',
          environment.name,
          has,
        ),
      );
    }
    const none = answer.variant === null || answer.variant === '' || answer.reason === 'DISABLED';
    return none ? { ...answer, variant: null, value: null } : answer;
  }

  protected flags({ turns, signal }: Round): Promise<FlagSnapshot[]> {
    const { l10n } = this.deps;
    const ids = { system: this.id, project: this.options.project.name };
    const merged = this.read.map((environment) => ({ environment, definitions: environment.definitions() }));
    return definedFlags(ids, merged, (definition, of) => stateOf(definition, of, this.deps), { l10n, turns, signal });
  }

  protected override async formatFor(
    of: FliptEnvironment,
    plan: NativePlan,
    signal: AbortSignal,
  ): Promise<FlagFileFormat> {
    const { name } = this.options.project;
    return fliptFormat(name, this.deps, await segmentsBeside(of, plan, name, this.deps, signal));
  }

  /** Nothing: only a change of a source changes a flag. */
  protected timedVersion(): string {
    return '';
  }
}
