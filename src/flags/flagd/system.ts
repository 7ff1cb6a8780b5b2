import type { ApplyResult, Intent, Plan } from '../../model/change';
import type { Environment, FlagSnapshot, FlagState, ProjectSnapshot } from '../../model/flag';
import { environmentId, type EnvironmentRef, type FlagRef } from '../../model/identity';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import { Emitter } from '../../platform/emitter';
import type { SystemDeps, SystemOptions } from '../deps';
import { PlanError, type Capabilities, type FlagPage, type FlagSystem } from '../system';
import { Turns } from '../turns';
import { applyToFile, refusalOf, settle } from './apply';
import { FlagdEnvironment } from './environment';
import { readNativePlan, type NativePlan } from './nativePlan';
import { freshFlag, planIntent, planText } from './plan';
import { flagSnapshots } from './snapshot';

const PAGE = 500;

/** Flags of flagd definition files (https://flagd.dev/reference/flag-definitions/), read and written in place. */
export class FlagdSystem implements FlagSystem {
  readonly id: string;
  readonly type = 'flagd';
  readonly #options: SystemOptions;
  readonly #deps: SystemDeps;
  readonly #environments: readonly FlagdEnvironment[];
  readonly #changed: Emitter<void>;
  readonly #held = new DisposableStack();
  #last: ProjectSnapshot | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: SystemOptions, deps: SystemDeps) {
    this.id = options.system;
    this.#options = options;
    this.#deps = deps;
    this.#changed = this.#held.add(new Emitter<void>((error) => deps.log.error('a listener of flagd failed', error)));
    this.#environments = options.project.environments.flatMap((config) => {
      const environment = options.environments.find(({ ref }) => ref.name === config.name);
      return environment ? [new FlagdEnvironment(environment, config, options.folder, deps)] : [];
    });
    const paths = new Set(this.#environments.flatMap(({ sources }) => sources.map(({ path }) => path)));
    for (const path of paths) this.#held.add(deps.files.watch(path, () => this.#changed.fire()));
  }

  describe(environment: EnvironmentRef): Capabilities {
    const found = this.#environments.find((each) => environmentId(each.environment.ref) === environmentId(environment));
    const write = found !== undefined && !found.environment.readOnly && this.#deps.readOnlyReason() === null;
    return {
      push: true,
      write,
      percentage: write,
      defaultVariant: write,
      switch: false,
      targets: false,
      rules: false,
      approvals: false,
      precondition: 'compareThenWrite',
      experiments: false,
    };
  }

  environments(): readonly Environment[] {
    return this.#options.environments;
  }

  async list(_scope: { readonly project: string }, cursor: string | null, signal: AbortSignal): Promise<FlagPage> {
    const { flags } = await this.snapshot(signal);
    const from = Number(cursor ?? 0);
    const next = from + PAGE;
    return { flags: flags.slice(from, next), cursor: next < flags.length ? String(next) : null };
  }

  /** Rejects only while none of the files can be read at all; a malformed file leaves its last good state in place. */
  async snapshot(signal: AbortSignal): Promise<ProjectSnapshot> {
    const mine = this.#queue.then(() => this.#read(signal));
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  async detail(ref: FlagRef, signal: AbortSignal): Promise<FlagSnapshot | null> {
    const { flags } = this.#last ?? (await this.snapshot(signal));
    return flags.find((flag) => flag.ref.key === ref.key) ?? null;
  }

  watch(listener: () => void): Disposable {
    return this.#changed.event(listener);
  }

  async plan(
    ref: FlagRef,
    environment: EnvironmentRef,
    intent: Intent,
    seen: FlagState,
    signal: AbortSignal,
  ): Promise<Plan> {
    const found = this.#environment(environment);
    const fresh = await freshFlag(found, ref.key, this.#deps, signal);
    await this.#checkWritable(fresh.definition.path);
    if (fresh.definition.text !== seen.raw)
      throw new PlanError(
        'changedSince',
        this.#deps.l10n.t('"{0}" was changed in {1} meanwhile. Look at it again.', ref.key, fresh.definition.path),
      );
    return planIntent(ref, found, intent, fresh, this.#deps);
  }

  async planUndo(done: Plan, signal: AbortSignal): Promise<Plan> {
    const { t } = this.#deps.l10n;
    const native = this.#native(done);
    if (!native) throw new PlanError('unsupported', t('This change was made to another repository.'));
    const found = this.#environment(done.environment);
    const fresh = await freshFlag(found, done.ref.key, this.#deps, signal);
    await this.#checkWritable(fresh.definition.path);
    if (fresh.definition.text !== native.after || fresh.definition.path !== native.path)
      throw new PlanError('changedSince', t('"{0}" was changed since: undoing would lose that.', done.ref.key));
    const intent: Intent = { kind: 'undo', changeId: done.id };
    return planText(done.ref, found, intent, fresh, native.before, [], this.#deps);
  }

  async apply(plan: Plan, changeId: string, signal: AbortSignal): Promise<ApplyResult> {
    const { l10n, log } = this.#deps;
    const native = this.#native(plan);
    const environment = this.#environments.find(({ environment: { ref } }) => ref.name === plan.environment.name);
    if (!native || !environment)
      return { kind: 'refused', words: l10n.t('This plan is about another repository, or is damaged.') };
    if (environment.environment.readOnly)
      return { kind: 'refused', words: l10n.t('.sightglass.json says it is read-only.') };
    log.info(`change ${changeId}: ${native.path}`);
    const result = await applyToFile(native, environment.environment.kind, this.#deps, signal);
    log.info(`change ${changeId}: ${result.kind}`);
    this.#changed.fire();
    return result;
  }

  async inquire(plan: Plan, signal: AbortSignal): Promise<ApplyResult> {
    const native = this.#native(plan);
    const environment = this.#environments.find(({ environment: { ref } }) => ref.name === plan.environment.name);
    if (!native || !environment)
      return { kind: 'unknown', words: this.#deps.l10n.t('This plan is about another repository, or is damaged.') };
    return settle(native, environment.environment.kind, this.#deps, signal);
  }

  owns(plan: Plan): boolean {
    return this.#native(plan) !== undefined;
  }

  dispose(): void {
    this.#held.dispose();
  }

  async #read(signal: AbortSignal): Promise<ProjectSnapshot> {
    signal.throwIfAborted();
    const { clock, l10n, hash } = this.#deps;
    const turns = new Turns(clock);
    for (const environment of this.#environments) await environment.load(turns, signal);
    const problems = this.#environments.flatMap((environment) => environment.problems);
    if (!this.#environments.some((environment) => environment.reached))
      throw new Error(problems[0]?.message ?? l10n.t('No flag file is named in .sightglass.json.'));
    const version = hash.sha256(this.#environments.map((environment) => environment.version).join('\n')).slice(0, 20);
    // The same files give the same snapshot, so that readers can tell at a glance that nothing changed.
    if (this.#last?.version === version) return (this.#last = { ...this.#last, takenAt: clock.now() });
    const { system, project, folders, environments } = this.#options;
    const flags = await flagSnapshots({ system, project: project.name }, this.#environments, l10n, turns, signal);
    this.#last = {
      system,
      systemType: this.type,
      project: project.name,
      folders: [...folders],
      environments: [...environments],
      flags,
      problems: unique(problems),
      version,
      takenAt: clock.now(),
    };
    return this.#last;
  }

  #environment(ref: EnvironmentRef): FlagdEnvironment {
    const found = this.#environments.find((each) => environmentId(each.environment.ref) === environmentId(ref));
    const { t } = this.#deps.l10n;
    if (!found) throw new PlanError('unknownFlag', t('There is no environment "{0}".', ref.name));
    if (found.environment.readOnly) throw new PlanError('notWritable', t('.sightglass.json says it is read-only.'));
    return found;
  }

  async #checkWritable(path: string): Promise<void> {
    const refusal = await refusalOf(path, this.#deps);
    if (refusal === null) return;
    const real = await this.#deps.files.realpath(path).catch(() => path);
    throw new PlanError(this.#deps.isDirty(path) || this.#deps.isDirty(real) ? 'unsaved' : 'notWritable', refusal);
  }

  /** Only files of this very environment: a journal entry or a message cannot name another. */
  #native(plan: Plan): NativePlan | undefined {
    if (plan.ref.system !== this.id || plan.ref.project !== this.#options.project.name) return undefined;
    const native = readNativePlan(plan.native);
    const environment = this.#environments.find(({ environment: { ref } }) => ref.name === plan.environment.name);
    const known = environment?.sources.some(({ path }) => path === native?.path);
    return known && native?.key === plan.ref.key ? native : undefined;
  }
}

/** Environments that share a file would tell its problems twice. */
function unique<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
