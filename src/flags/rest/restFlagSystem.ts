import type { ApplyResult, Intent, Plan } from '../../model/change';
import type { Environment, FlagSnapshot, FlagState, ProjectSnapshot } from '../../model/flag';
import { environmentId, type EnvironmentRef, type FlagRef } from '../../model/identity';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import { Emitter } from '../../platform/emitter';
import type { SystemDeps, SystemOptions } from '../deps';
import { PlanError, type Capabilities, type FlagPage, type FlagSystem } from '../system';
import { Turns } from '../turns';
import { ApiClient, type ApiProfile } from './apiClient';
import { ApiError } from './apiErrors';
import type { NativePlace, RestParts, RestProject } from './restParts';

const PAGE = 500;
/** What was read right after a write is not asked for again by those who look at what it did. */
const FRESH_MS = 1_000;
/** A request that was not answered may still be on its way for this long. */
const ON_ITS_WAY_MS = 15_000;

/** One project of a flag system that is polled over a REST API, and changed over it. */
export abstract class RestFlagSystem<Native extends NativePlace, Project extends RestProject> implements FlagSystem {
  readonly id: string;
  readonly type: string;
  protected readonly deps: SystemDeps;
  protected readonly project: Project | null;
  readonly #options: SystemOptions;
  readonly #name: string;
  readonly #parts: RestParts<Native, Project> | null;
  readonly #changed: Emitter<void>;
  readonly #held = new DisposableStack();
  /** Goes on with a sweep. */
  #again: Disposable | undefined;
  readonly #unanswered = new Map<string, number>();
  #last: ProjectSnapshot | null = null;
  #seen: readonly unknown[] = [];
  #revision = 0;
  #freshUntil = Number.NEGATIVE_INFINITY;

  protected constructor(
    type: string,
    authorization: 'raw' | 'bearer',
    profile: ApiProfile,
    parts: (client: ApiClient) => Omit<RestParts<Native, Project>, 'client'>,
    options: SystemOptions,
    deps: SystemDeps,
  ) {
    this.id = options.system;
    this.type = type;
    this.deps = deps;
    this.#options = options;
    this.#name = profile.name;
    this.#changed = this.#held.add(
      new Emitter<void>((error) => deps.log.error(`a listener of ${profile.name} failed`, error)),
    );
    const { url, system } = options;
    const { remotes, clock, l10n } = deps;
    const tokenOptional = profile.tokenOptional === true;
    const remote = url === undefined ? null : remotes.remote({ id: system, type, url, authorization, tokenOptional });
    const client = remote && new ApiClient(remote, profile, clock, l10n);
    this.#parts = client && { client, ...parts(client) };
    this.project = this.#parts?.project ?? null;
    this.#held.add(
      remotes.onDidChange(() => {
        this.#parts?.client.forget();
        this.#parts?.project.forget();
        this.#freshUntil = Number.NEGATIVE_INFINITY;
        this.#changed.fire();
      }),
    );
  }

  abstract describe(environment: EnvironmentRef): Capabilities;

  page(key: string): string | null {
    return this.project?.pageOf(key) ?? null;
  }

  environments(): readonly Environment[] {
    return this.project?.environments ?? this.#options.environments;
  }

  async list(_scope: { readonly project: string }, cursor: string | null, signal: AbortSignal): Promise<FlagPage> {
    const { flags } = this.#last ?? (await this.snapshot(signal));
    const from = Math.max(0, Number(cursor ?? 0) || 0);
    const next = from + PAGE;
    return { flags: flags.slice(from, next), cursor: next < flags.length ? String(next) : null };
  }

  async snapshot(signal: AbortSignal): Promise<ProjectSnapshot> {
    const { project } = this.#connected();
    const isDue = !this.#last || this.deps.clock.monotonic() >= this.#freshUntil;
    const asked = isDue && (await project.refresh(signal));
    // Nothing was asked: what is known is as old as it was.
    if (!asked && this.#last) return this.#assemble(project, signal, this.#last.takenAt);
    const snapshot = await this.#assemble(project, signal, this.deps.clock.now());
    if (project.isUnderWay) {
      this.#again?.dispose();
      this.#again = this.deps.clock.after(0, () => this.#changed.fire());
    }
    return snapshot;
  }

  async detail(ref: FlagRef, signal: AbortSignal): Promise<FlagSnapshot | null> {
    const { project } = this.#connected();
    await project.refreshFacts(signal, true);
    await project.look(ref.key, signal);
    this.#tellDifference(project, ref.key);
    return project.flag(ref.key);
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
    const { project, changes } = this.#connected();
    await project.refreshFacts(signal, true);
    try {
      return await changes.plan(ref, this.#writable(environment), intent, seen, signal);
    } catch (error) {
      if (PlanError.is(error, 'changedSince')) this.#tellDifference(project, ref.key);
      throw error;
    }
  }

  async planUndo(done: Plan, signal: AbortSignal): Promise<Plan> {
    const { t } = this.deps.l10n;
    const { project, changes } = this.#connected();
    const native = this.#native(done);
    if (!native) throw new PlanError('unsupported', t('This change was made to another {0}.', this.#name));
    await project.refreshFacts(signal, true);
    return changes.planUndo(done, native, this.#writable(done.environment), signal);
  }

  /** `comment`: what is said with the change in the system's audit log; it should not be empty where one is required. */
  async apply(plan: Plan, changeId: string, signal: AbortSignal, comment = ''): Promise<ApplyResult> {
    const { l10n, log, clock } = this.deps;
    const { changes } = this.#connected();
    const native = this.#native(plan);
    if (!native)
      return { kind: 'refused', words: l10n.t('This plan is about another {0}, or is damaged.', this.#name) };
    const reason = this.deps.readOnlyReason();
    if (reason !== null) return { kind: 'refused', words: reason };
    if (this.known(plan.environment)?.readOnly !== false)
      return { kind: 'refused', words: l10n.t('.sightglass.json says it is read-only.') };
    log.info(`change ${changeId}: ${native.key} in ${native.environment}`);
    const said = comment.trim() === '' ? l10n.t('Changed with Sightglass') : comment;
    const result = await changes.apply(plan, native, said, signal);
    log.info(`change ${changeId}: ${result.kind}`);
    if (result.kind === 'unknown') this.#unanswered.set(plan.id, clock.monotonic());
    if (result.kind === 'applied') this.#freshUntil = clock.monotonic() + FRESH_MS;
    this.#changed.fire();
    return result;
  }

  async inquire(plan: Plan, signal: AbortSignal): Promise<ApplyResult> {
    const { l10n, clock } = this.deps;
    const { changes } = this.#connected();
    const native = this.#native(plan);
    if (!native)
      return { kind: 'unknown', words: l10n.t('This plan is about another {0}, or is damaged.', this.#name) };
    try {
      const result = await changes.settled(plan, native, signal);
      const since = this.#unanswered.get(plan.id);
      if (result.kind === 'refused' && since !== undefined && clock.monotonic() - since < ON_ITS_WAY_MS)
        return {
          kind: 'unknown',
          words: l10n.t('{0} has not made it yet; it may still be on its way.', this.#name),
        };
      this.#unanswered.delete(plan.id);
      return result;
    } catch (error) {
      if (signal.aborted || !ApiError.is(error)) throw error;
      return { kind: 'unknown', words: error.message };
    }
  }

  owns(plan: Plan): boolean {
    return this.#native(plan) !== undefined;
  }

  dispose(): void {
    this.#again?.dispose();
    this.#held.dispose();
  }

  protected known(ref: EnvironmentRef): Environment | undefined {
    return this.environments().find((each) => environmentId(each.ref) === environmentId(ref));
  }

  /** Whether changes of this environment are made at all, as far as is known here. */
  protected writes(ref: EnvironmentRef): boolean {
    return this.known(ref)?.readOnly === false && this.deps.readOnlyReason() === null;
  }

  /** Those who watch hear of it when something of a flag was read that is not on the screen. */
  #tellDifference(project: Project, key: string): void {
    if (!this.#last) return;
    const shown = this.#last.flags.find(({ ref }) => ref.key === key) ?? null;
    if (project.flag(key) === shown && project.environments === this.#seen[0]) return;
    this.#freshUntil = this.deps.clock.monotonic() + FRESH_MS;
    this.#changed.fire();
  }

  async #assemble(project: Project, signal: AbortSignal, takenAt: number): Promise<ProjectSnapshot> {
    const { environments } = project;
    const flags = await project.flags(new Turns(this.deps.clock), signal);
    const problems = [...project.problems()];
    // Flags and environments are the same objects as long as nothing of them changed.
    const seen: unknown[] = [environments, JSON.stringify(problems), flags.length, ...flags];
    const same = seen.length === this.#seen.length && seen.every((each, at) => each === this.#seen[at]);
    if (this.#last && same) return (this.#last = { ...this.#last, takenAt });
    this.#seen = seen;
    this.#revision += 1;
    const { system, folders } = this.#options;
    return (this.#last = {
      system,
      systemType: this.type,
      project: this.#options.project.name,
      folders: [...folders],
      environments: [...environments],
      flags,
      ...(project.isPartial && { isPartial: true }),
      problems,
      version: String(this.#revision),
      takenAt,
    });
  }

  #connected(): RestParts<Native, Project> {
    if (this.#parts) return this.#parts;
    const { t } = this.deps.l10n;
    throw new Error(
      t('The system "{0}" has no "url" in .sightglass.json: put the address of {1} there.', this.id, this.#name),
    );
  }

  #writable(ref: EnvironmentRef): Environment {
    const { t } = this.deps.l10n;
    const found = this.known(ref);
    if (!found) throw new PlanError('unknownFlag', t('There is no environment "{0}".', ref.name));
    if (found.readOnly) throw new PlanError('notWritable', t('.sightglass.json says it is read-only.'));
    const reason = this.deps.readOnlyReason();
    if (reason !== null) throw new PlanError('notWritable', reason);
    return found;
  }

  /** Only plans for this very server and project: a journal entry or a message cannot name another. */
  #native(plan: Plan): Native | undefined {
    if (plan.ref.system !== this.id || plan.ref.project !== this.#options.project.name) return undefined;
    const native = this.#parts?.changes.read(plan.native);
    if (native?.url !== this.#parts?.client.url || native?.key !== plan.ref.key) return undefined;
    return native.environment === plan.environment.name && this.known(plan.environment) ? native : undefined;
  }
}
