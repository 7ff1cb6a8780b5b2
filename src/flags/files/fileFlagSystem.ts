import type { ApplyResult, Intent, Plan } from '../../model/change';
import type { Environment, FlagSnapshot, FlagState, ProjectSnapshot } from '../../model/flag';
import { environmentId, type EnvironmentRef, type FlagRef } from '../../model/identity';
import type { EnvironmentConfig } from '../../model/config';
import type { Json } from '../../model/json';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import { Emitter } from '../../platform/emitter';
import type { SystemDeps, SystemOptions } from '../deps';
import type { Evaluation } from '../ofrep/answers';
import { PlanError, type Capabilities, type FlagPage, type FlagSystem } from '../system';
import { Turns } from '../turns';
import { applyToFile, refusalOf, settle } from './applyToFile';
import type { FileEnvironment } from './fileEnvironment';
import type { FlagFileFormat } from './flagFileFormat';
import { readNativePlan, type NativePlan } from './nativePlan';

const PAGE = 500;

/** What one reading of all flags is given. */
export interface Round {
  /** Epoch ms. */
  readonly now: number;
  readonly turns: Turns;
  readonly signal: AbortSignal;
}

/**
 * A flag system whose flags stand in files: read and watched, written in place through `applyToFile`; servers that read
 * such files are read too. What each format says stays with it.
 */
export abstract class FileFlagSystem<In extends FileEnvironment> implements FlagSystem {
  readonly id: string;
  abstract readonly type: string;
  protected readonly read: readonly In[];
  readonly #format: FlagFileFormat;
  readonly #changed: Emitter<void>;
  readonly #held = new DisposableStack();
  #last: ProjectSnapshot | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  /** `made` makes an environment as configured, which calls back when a source of it has something new. */
  constructor(
    protected readonly options: SystemOptions,
    protected readonly deps: SystemDeps,
    format: FlagFileFormat,
    made: (known: Environment, config: EnvironmentConfig, changed: () => void) => In,
  ) {
    this.id = options.system;
    this.#format = format;
    const report = (error: unknown): void => deps.log.error(`a listener of "${this.id}" failed`, error);
    this.#changed = this.#held.add(new Emitter<void>(report));
    const changed = (): void => this.#changed.fire();
    this.read = options.project.environments.flatMap((config) => {
      const known = options.environments.find(({ ref }) => ref.name === config.name);
      return known ? [this.#held.add(made(known, config, changed))] : [];
    });
    this.#held.add(deps.remotes.onDidChange(changed));
  }

  abstract plan(
    ref: FlagRef,
    environment: EnvironmentRef,
    intent: Intent,
    seen: FlagState,
    signal: AbortSignal,
  ): Promise<Plan>;
  abstract planUndo(done: Plan, signal: AbortSignal): Promise<Plan>;
  /** All flags of the environments as they were just read. */
  protected abstract flags(round: Round): Promise<FlagSnapshot[]>;

  /** What goes on by itself, without any change of a source, as a text that changes when it does; `now` in epoch ms. */
  protected abstract timedVersion(environment: In, now: number): string;

  describe(environment: EnvironmentRef): Capabilities {
    const found = this.find(environment);
    const files = found?.sources.some(({ kind }) => kind === 'file') === true;
    const write = files && !found.environment.readOnly && this.deps.readOnlyReason() === null;
    return {
      push: found?.pushed ?? false,
      write,
      percentage: write,
      defaultVariant: write,
      switch: false,
      targets: false,
      rules: false,
      approvals: false,
      precondition: 'compareThenWrite',
      experiments: false,
      evaluate: (found?.dataPlane ?? null) !== null,
    };
  }

  environments(): readonly Environment[] {
    return this.read.map(({ environment }) => environment);
  }

  async list(_scope: { readonly project: string }, cursor: string | null, signal: AbortSignal): Promise<FlagPage> {
    const { flags } = await this.snapshot(signal);
    const from = Number(cursor ?? 0);
    const next = from + PAGE;
    return { flags: flags.slice(from, next), cursor: next < flags.length ? String(next) : null };
  }

  /** Rejects only while none of the sources can be read at all; a malformed one leaves its last good state in place. */
  async snapshot(signal: AbortSignal): Promise<ProjectSnapshot> {
    const mine = this.#queue.then(() => this.#snapshot(signal));
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  async detail(ref: FlagRef, signal: AbortSignal): Promise<FlagSnapshot | null> {
    const { flags } = this.#last ?? (await this.snapshot(signal));
    return flags.find((flag) => flag.ref.key === ref.key) ?? null;
  }

  setPaused(paused: boolean): void {
    for (const environment of this.read) environment.setPaused(paused);
  }

  watch(listener: () => void): Disposable {
    return this.#changed.event(listener);
  }

  async apply(plan: Plan, changeId: string, signal: AbortSignal): Promise<ApplyResult> {
    const { l10n, log } = this.deps;
    const native = this.native(plan);
    const found = this.find(plan.environment);
    if (!native || !found)
      return { kind: 'refused', words: l10n.t('This plan is about another repository, or is damaged.') };
    const { kind, readOnly } = found.environment;
    if (readOnly) return { kind: 'refused', words: l10n.t('.sightglass.json says it is read-only.') };
    log.info(`change ${changeId}: ${native.path}`);
    const format = (await this.formatFor?.(found, native, signal)) ?? this.#format;
    const result = await applyToFile(native, kind, format, this.deps, signal);
    log.info(`change ${changeId}: ${result.kind}`);
    this.#changed.fire();
    return result;
  }

  async inquire(plan: Plan, signal: AbortSignal): Promise<ApplyResult> {
    const native = this.native(plan);
    const found = this.find(plan.environment);
    if (!native || !found)
      return { kind: 'unknown', words: this.deps.l10n.t('This plan is about another repository, or is damaged.') };
    const format = (await this.formatFor?.(found, native, signal)) ?? this.#format;
    return settle(native, found.environment.kind, format, this.deps, signal);
  }

  async evaluate(
    ref: FlagRef,
    environment: EnvironmentRef,
    context: Readonly<Record<string, Json>>,
    signal?: AbortSignal,
  ): Promise<Evaluation> {
    const dataPlane = this.find(environment)?.dataPlane;
    if (dataPlane) return dataPlane.evaluate(ref.key, context, signal);
    throw new Error(this.deps.l10n.t('"{0}" names no data plane. Add "ofrep": its address.', environment.name));
  }

  owns(plan: Plan): boolean {
    return this.native(plan) !== undefined;
  }

  dispose(): void {
    this.#held.dispose();
  }

  protected find(ref: EnvironmentRef): In | undefined {
    return this.read.find(({ environment }) => environmentId(environment.ref) === environmentId(ref));
  }

  /** How the file of a plan is read to be written, or to tell what became of it, where that depends on the other files of the environment. */
  protected formatFor?(of: In, plan: NativePlan, signal: AbortSignal): Promise<FlagFileFormat>;

  /** Throws {@link PlanError} for an environment that there is none of, or that may not be written to. */
  protected writable(ref: EnvironmentRef): In {
    const found = this.find(ref);
    const { t } = this.deps.l10n;
    if (!found) throw new PlanError('unknownFlag', t('There is no environment "{0}".', ref.name));
    if (found.environment.readOnly) throw new PlanError('notWritable', t('.sightglass.json says it is read-only.'));
    return found;
  }

  /** Rejects with {@link PlanError} where the file must not be written now. */
  protected async checkWritable(path: string): Promise<void> {
    const refusal = await refusalOf(path, this.deps);
    if (refusal === null) return;
    const real = await this.deps.files.realpath(path).catch(() => path);
    throw new PlanError(this.deps.isDirty(path) || this.deps.isDirty(real) ? 'unsaved' : 'notWritable', refusal);
  }

  /** Only files of this very environment: a journal entry or a message cannot name another. */
  protected native(plan: Plan): NativePlan | undefined {
    if (plan.ref.system !== this.id || plan.ref.project !== this.options.project.name) return undefined;
    const native = readNativePlan(plan.native);
    const sources = this.find(plan.environment)?.sources ?? [];
    const known = sources.some(({ kind, path }) => kind === 'file' && path === native?.path);
    return known && native?.key === plan.ref.key ? native : undefined;
  }

  async #snapshot(signal: AbortSignal): Promise<ProjectSnapshot> {
    signal.throwIfAborted();
    const { clock, l10n, hash } = this.deps;
    const turns = new Turns(clock);
    await Promise.all(this.read.map((environment) => environment.load(turns, signal)));
    const problems = this.read.flatMap((environment) => environment.problems);
    if (!this.read.some((environment) => environment.reached))
      throw (
        this.read.find((environment) => environment.refusal)?.refusal ??
        new Error(problems[0]?.message ?? l10n.t('No environment names a source in .sightglass.json.'))
      );
    const now = clock.now();
    const silent = this.read.flatMap((environment) => environment.silent ?? []);
    const versions = this.read.map((each) => `${each.version}:${this.timedVersion(each, now)}`);
    const version = hash.sha256([...versions, JSON.stringify(silent)].join('\n')).slice(0, 20);
    // The same files give the same snapshot, so that readers can tell at a glance that nothing changed.
    if (this.#last?.version === version) return (this.#last = { ...this.#last, takenAt: now });
    const { system, project, folders } = this.options;
    this.#last = {
      system,
      systemType: this.type,
      project: project.name,
      folders: [...folders],
      environments: [...this.environments()],
      silent,
      flags: await this.flags({ now, turns, signal }),
      // Environments that share a file would tell its problems twice.
      problems: [...new Map(problems.map((each) => [JSON.stringify(each), each])).values()],
      version,
      takenAt: now,
    };
    return this.#last;
  }
}
