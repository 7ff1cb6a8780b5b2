import type { Intent, Plan } from '../../model/change';
import type { FlagSnapshot, FlagState } from '../../model/flag';
import type { EnvironmentRef, FlagRef } from '../../model/identity';
import type { Json } from '../../model/json';
import type { SystemDeps, SystemOptions } from '../deps';
import { definedFlags } from '../files/definedFlag';
import { FileFlagSystem, type Round } from '../files/fileFlagSystem';
import type { Evaluation } from '../ofrep/answers';
import { PlanError, type Capabilities, type FlagSystem } from '../system';
import { GoffEnvironment } from './environment';
import { goffFormat } from './format';
import { freshFlag, planIntent, planText } from './plan';
import { isTimed } from './rollout';
import { stateOf } from './snapshot';

/** What GO Feature Flag names the code's default (`VariationSDKDefault`). */
const CODE_DEFAULT = 'SdkDefault';

/** What the bundle of its own gives. */
export const makeGoff = (options: SystemOptions, deps: SystemDeps): FlagSystem => new GoffSystem(options, deps);

/**
 * Flags of GO Feature Flag (https://gofeatureflag.org): files, read and written in place; relay proxies, read, listened to
 * and asked for what they serve.
 */
export class GoffSystem extends FileFlagSystem<GoffEnvironment> {
  readonly type = 'goff';

  constructor(options: SystemOptions, deps: SystemDeps) {
    super(
      options,
      deps,
      goffFormat(deps),
      (known, config, changed) => new GoffEnvironment(known, config, options, deps, changed),
    );
  }

  override describe(environment: EnvironmentRef): Capabilities {
    const capabilities = super.describe(environment);
    return { ...capabilities, switch: capabilities.write };
  }

  async plan(
    ref: FlagRef,
    environment: EnvironmentRef,
    intent: Intent,
    seen: FlagState,
    signal: AbortSignal,
  ): Promise<Plan> {
    const { t } = this.deps.l10n;
    const found = this.writable(environment);
    if (intent.kind === 'create')
      throw new PlanError('unsupported', t('A flag of GO Feature Flag is made by writing it into its file.'));
    const fresh = await freshFlag(found, ref.key, this.deps, signal);
    await this.checkWritable(fresh.definition.path);
    if (fresh.definition.text !== seen.raw)
      throw new PlanError(
        'changedSince',
        t('"{0}" was changed in {1} meanwhile. Look at it again.', ref.key, fresh.definition.path),
      );
    return planIntent(ref, found, intent, fresh, this.deps);
  }

  async planUndo(done: Plan, signal: AbortSignal): Promise<Plan> {
    const { t } = this.deps.l10n;
    const native = this.native(done);
    if (!native) throw new PlanError('unsupported', t('This change was made to another repository.'));
    const found = this.writable(done.environment);
    const fresh = await freshFlag(found, done.ref.key, this.deps, signal);
    await this.checkWritable(fresh.definition.path);
    if (fresh.definition.text !== native.after || fresh.definition.path !== native.path)
      throw new PlanError('changedSince', t('"{0}" was changed since: undoing would lose that.', done.ref.key));
    return planText(done.ref, found, { kind: 'undo', changeId: done.id }, fresh, native.before, [], this.deps);
  }

  override async evaluate(
    ref: FlagRef,
    environment: EnvironmentRef,
    context: Readonly<Record<string, Json>>,
    signal?: AbortSignal,
  ): Promise<Evaluation> {
    const answer = await super.evaluate(ref, environment, context, signal);
    return answer.variant === CODE_DEFAULT ? { ...answer, variant: null, value: null } : answer;
  }

  protected flags({ now, turns, signal }: Round): Promise<FlagSnapshot[]> {
    const { l10n } = this.deps;
    const ids = { system: this.id, project: this.options.project.name };
    const merged = this.read.map((environment) => ({ environment, definitions: environment.definitions(now) }));
    return definedFlags(ids, merged, (definition, of) => stateOf(definition, of, l10n), { l10n, turns, signal });
  }

  /** Roll-outs that go on, and schedules. */
  protected timedVersion(environment: GoffEnvironment, now: number): string {
    const timed = [...environment.definitions(now).values()].filter(({ flag }) => flag && isTimed(flag));
    return JSON.stringify(timed.map(({ key, defaultRule, rules, schedule }) => [key, defaultRule, rules, schedule]));
  }
}
