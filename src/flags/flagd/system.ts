import type { Intent, Plan } from '../../model/change';
import type { FlagSnapshot, FlagState } from '../../model/flag';
import type { EnvironmentRef, FlagRef } from '../../model/identity';
import type { Json } from '../../model/json';
import type { SystemDeps, SystemOptions } from '../deps';
import { definedFlags } from '../files/definedFlag';
import { FileFlagSystem, type Round } from '../files/fileFlagSystem';
import { readNativePlan } from '../files/nativePlan';
import { FRESHNESS } from '../liveProject';
import { PlanError, type Capabilities, type EvaluatedAs } from '../system';
import type { Definition } from './definition';
import { FlagdEnvironment } from './environment';
import { evaluateDefinition } from './evaluateAs';
import { flagdFormat } from './format';
import { freshFlag, planIntent, planText } from './plan';
import { placeForNew, planCreation, planInsertion, planRemoval } from './planPresence';
import { polledEnvironment } from './polledEnvironment';
import { stateOf } from './snapshot';

/**
 * Flags in flagd's format (https://flagd.dev/reference/flag-definitions/): files, read and written in place; definitions
 * over HTTP and flagd's own sync stream, read.
 */
export class FlagdSystem extends FileFlagSystem<FlagdEnvironment> {
  readonly type = 'flagd';

  constructor(options: SystemOptions, deps: SystemDeps) {
    super(options, deps, flagdFormat(deps), (known, config, changed) => {
      const environment = polledEnvironment(known, config.source, FRESHNESS.refreshMs, deps.l10n);
      return new FlagdEnvironment(environment, config, options, deps, changed);
    });
  }

  override describe(environment: EnvironmentRef): Capabilities {
    const capabilities = super.describe(environment);
    return { ...capabilities, targets: capabilities.write, create: capabilities.write };
  }

  async plan(
    ref: FlagRef,
    environment: EnvironmentRef,
    intent: Intent,
    seen: FlagState,
    signal: AbortSignal,
  ): Promise<Plan> {
    const found = this.writable(environment);
    if (intent.kind === 'create') {
      const plan = await planCreation(
        { ref, environment: found, deps: this.deps },
        intent,
        this.#known(ref.key),
        signal,
      );
      await this.checkWritable(readNativePlan(plan.native)?.path ?? '');
      return plan;
    }
    const fresh = await freshFlag(found, ref.key, this.deps, signal);
    await this.checkWritable(fresh.definition.path);
    if (fresh.definition.text !== seen.raw)
      throw new PlanError(
        'changedSince',
        this.deps.l10n.t('"{0}" was changed in {1} meanwhile. Look at it again.', ref.key, fresh.definition.path),
      );
    return planIntent(ref, found, intent, fresh, this.deps);
  }

  async planUndo(done: Plan, signal: AbortSignal): Promise<Plan> {
    const { t } = this.deps.l10n;
    const native = this.native(done);
    if (!native) throw new PlanError('unsupported', t('This change was made to another repository.'));
    const found = this.writable(done.environment);
    const intent: Intent = { kind: 'undo', changeId: done.id };
    const presence = { ref: done.ref, environment: found, deps: this.deps };
    if (native.after === '') {
      const file = await placeForNew(presence, signal);
      await this.checkWritable(file.path);
      return planInsertion(presence, intent, file, native.before, signal);
    }
    const fresh = await freshFlag(found, done.ref.key, this.deps, signal);
    await this.checkWritable(fresh.definition.path);
    if (fresh.definition.text !== native.after || fresh.definition.path !== native.path)
      throw new PlanError('changedSince', t('"{0}" was changed since: undoing would lose that.', done.ref.key));
    if (native.before === '') return planRemoval(presence, intent, fresh.file, fresh.definition);
    return planText(done.ref, found, intent, fresh, native.before, [], this.deps);
  }

  async evaluateAs(
    ref: FlagRef,
    environment: EnvironmentRef,
    context: Readonly<Record<string, Json>>,
    signal: AbortSignal,
  ): Promise<EvaluatedAs> {
    const { t } = this.deps.l10n;
    await this.snapshot(signal);
    const found = this.find(environment);
    const definition = found?.definitions().get(ref.key);
    if (!found || !definition) throw new Error(t('"{0}" is not defined in {1}.', ref.key, environment.name));
    const evaluators = found.sourceOf(definition)?.file?.context.evaluators ?? {};
    const answer = await evaluateDefinition(definition, evaluators, context, this.deps);
    if (!found.dataPlane) return answer;
    // What serves may not have read the definition yet, or draw otherwise.
    try {
      const served = await found.dataPlane.evaluate(ref.key, context, signal);
      const remark =
        served.variant === answer.variant
          ? t('What serves it gives the same.')
          : t(
              'What serves it gives {0} instead.',
              served.variant === null ? t('the default in the code') : `"${served.variant}"`,
            );
      return { ...answer, remarks: [...answer.remarks, remark] };
    } catch (error) {
      if (signal.aborted) throw error;
      const why = error instanceof Error ? error.message : String(error);
      return { ...answer, remarks: [...answer.remarks, t('What serves it could not be asked: {0}', why)] };
    }
  }

  protected flags({ turns, signal }: Round): Promise<FlagSnapshot[]> {
    const { l10n } = this.deps;
    const ids = { system: this.id, project: this.options.project.name };
    const merged = this.read.map((environment) => ({ environment, definitions: environment.definitions() }));
    return definedFlags(ids, merged, (definition, of) => stateOf(definition, of, l10n), { l10n, turns, signal });
  }

  /** Nothing: only a change of a source changes a flag. */
  protected timedVersion(): string {
    return '';
  }

  /** What any environment defines under this key, as last read. */
  #known(key: string): Definition | undefined {
    for (const environment of this.read) {
      const definition = environment.definitions().get(key);
      if (definition && !definition.unreadable) return definition;
    }
    return undefined;
  }
}
