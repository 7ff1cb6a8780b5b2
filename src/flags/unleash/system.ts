import type { ApplyResult, Intent, Plan } from '../../model/change';
import type { Environment, FlagSnapshot, FlagState, ProjectSnapshot } from '../../model/flag';
import { environmentId, type EnvironmentRef, type FlagRef } from '../../model/identity';
import type { Json } from '../../model/json';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import { Emitter } from '../../platform/emitter';
import type { SystemDeps, SystemOptions } from '../deps';
import { FRESHNESS } from '../liveProject';
import { PlanError, type Capabilities, type EvaluatedAs, type FlagPage, type FlagSystem } from '../system';
import { Turns } from '../turns';
import { UnleashClient, UnleashError } from './client';
import { DataPlanes } from './dataPlanes';
import { applyOwn, planOwnUndo, readOwnPlan, settleOwn, type OwnPlan } from './ownPlan';
import { freshFlag, planIntent, type Planner } from './plan';
import { planMaking } from './planPresence';
import { askPlayground } from './playground';
import { UnleashProject } from './project';
import { summaryRaw } from './snapshot';

const PAGE = 500;
/** Flags that come into view together are asked for together. */
const GATHER_MS = 50;
/** What was read right after a write is not asked for again by those who look at what it did. */
const FRESH_MS = 1_000;
/** A request that was not answered may still be on its way for this long. */
const ON_ITS_WAY_MS = 15_000;

export const makeUnleash = (options: SystemOptions, deps: SystemDeps): FlagSystem => new UnleashSystem(options, deps);

/** One project of Unleash (https://docs.getunleash.io/api-overview), over its admin API. It is polled: it has no push. */
export class UnleashSystem implements FlagSystem {
  readonly id: string;
  readonly type = 'unleash';
  readonly #options: SystemOptions;
  readonly #deps: SystemDeps;
  readonly #planner: Planner | null;
  readonly #dataPlanes: DataPlanes;
  readonly #changed: Emitter<void>;
  readonly #held = new DisposableStack();
  readonly #closed = new AbortController();
  readonly #unanswered = new Map<string, number>();
  #last: ProjectSnapshot | null = null;
  #freshUntil = Number.NEGATIVE_INFINITY;
  #gathering: Disposable | null = null;

  constructor(options: SystemOptions, deps: SystemDeps) {
    this.id = options.system;
    this.#options = options;
    this.#deps = deps;
    this.#changed = this.#held.add(new Emitter<void>((error) => deps.log.error('a listener of Unleash failed', error)));
    const { url, system } = options;
    const { remotes, l10n } = deps;
    const remote =
      url === undefined ? null : remotes.remote({ id: system, type: this.type, url, authorization: 'raw' });
    const client = remote && new UnleashClient(remote, deps.clock, l10n);
    this.#planner = client && { client, deps, project: new UnleashProject(client, options, deps, FRESHNESS.refreshMs) };
    this.#dataPlanes = new DataPlanes(options, deps, this.type);
    this.#held.add(
      remotes.onDidChange(() => {
        this.#planner?.project.forget();
        this.#freshUntil = Number.NEGATIVE_INFINITY;
        this.#changed.fire();
      }),
    );
  }

  describe(environment: EnvironmentRef): Capabilities {
    const found = this.#known(environment);
    const write = found !== undefined && !found.readOnly && this.#deps.readOnlyReason() === null;
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
      approvals: this.#planner?.project.facts.rights.asksApproval(environment.name) ?? false,
      precondition: 'compareThenWrite',
      experiments: false,
      evaluate: this.#dataPlanes.has(environment),
    };
  }

  /** https://docs.getunleash.io: flags of a project stand at `/projects/PROJECT/features/FLAG` of the server. */
  page(key: string): string | null {
    const { url, project } = this.#options;
    if (url === undefined) return null;
    return `${url.replace(/\/+$/, '')}/projects/${encodeURIComponent(project.name)}/features/${encodeURIComponent(key)}`;
  }

  environments(): readonly Environment[] {
    return this.#planner?.project.environments ?? this.#options.environments;
  }

  async list(_scope: { readonly project: string }, cursor: string | null, signal: AbortSignal): Promise<FlagPage> {
    const { flags } = this.#last ?? (await this.snapshot(signal));
    const from = Math.max(0, Number(cursor ?? 0) || 0);
    const next = from + PAGE;
    return { flags: flags.slice(from, next), cursor: next < flags.length ? String(next) : null };
  }

  async snapshot(signal: AbortSignal): Promise<ProjectSnapshot> {
    const { project } = this.#connected();
    const { clock } = this.#deps;
    // Nothing is asked right after a write: what is known is as old as it was.
    if (this.#last && clock.monotonic() < this.#freshUntil) return this.#assemble(signal, this.#last.takenAt);
    await project.refresh(signal);
    return this.#assemble(signal, clock.now());
  }

  async detail(ref: FlagRef, signal: AbortSignal): Promise<FlagSnapshot | null> {
    const { project } = this.#connected();
    await project.refreshFacts(signal);
    await project.details.read(ref.key, signal);
    await this.#tellDifference(signal);
    return project.flag(ref.key);
  }

  watch(listener: () => void): Disposable {
    return this.#changed.event(listener);
  }

  want(key: string): void {
    const project = this.#planner?.project;
    if (!project?.details.want(key) || this.#gathering) return;
    this.#gathering = this.#deps.clock.after(GATHER_MS, () => {
      this.#gathering = null;
      void this.#gather(project);
    });
  }

  async plan(
    ref: FlagRef,
    environment: EnvironmentRef,
    intent: Intent,
    seen: FlagState,
    signal: AbortSignal,
  ): Promise<Plan> {
    const { t } = this.#deps.l10n;
    const planner = this.#connected();
    await planner.project.refreshFacts(signal);
    if (intent.kind === 'create')
      return planMaking(planner, { ref, environment: this.#writable(environment), intent }, signal);
    const fresh = await freshFlag(planner, ref.key, this.#writable(environment), signal);
    if (fresh.text !== seen.raw && seen.raw !== summaryRaw(fresh.raw.enabled)) {
      await this.#tellDifference(signal);
      throw new PlanError(
        'changedSince',
        t('"{0}" was changed in {1} meanwhile. Look at it again.', ref.key, environment.name),
      );
    }
    return planIntent(planner, ref, fresh, intent);
  }

  async planUndo(done: Plan, signal: AbortSignal): Promise<Plan> {
    const planner = this.#connected();
    const own = this.#own(done);
    if (!own) throw new PlanError('unsupported', this.#deps.l10n.t('This change was made to another Unleash.'));
    return planOwnUndo(planner, done, own, this.#writable(done.environment), signal);
  }

  async apply(plan: Plan, changeId: string, signal: AbortSignal): Promise<ApplyResult> {
    const { l10n, log, clock } = this.#deps;
    const planner = this.#connected();
    const own = this.#own(plan);
    if (!own) return { kind: 'refused', words: l10n.t('This plan is about another Unleash, or is damaged.') };
    const reason = this.#deps.readOnlyReason();
    if (reason !== null) return { kind: 'refused', words: reason };
    if (this.#known(plan.environment)?.readOnly !== false)
      return { kind: 'refused', words: l10n.t('.sightglass.json says it is read-only.') };
    log.info(`change ${changeId}: ${plan.ref.key} in ${plan.environment.name}`);
    const result = await applyOwn(planner, plan, own, signal);
    log.info(`change ${changeId}: ${result.kind}`);
    if (result.kind === 'unknown') this.#unanswered.set(plan.id, clock.monotonic());
    if (result.kind === 'applied') this.#freshUntil = clock.monotonic() + FRESH_MS;
    this.#changed.fire();
    return result;
  }

  async inquire(plan: Plan, signal: AbortSignal): Promise<ApplyResult> {
    const { l10n, clock } = this.#deps;
    const planner = this.#connected();
    const own = this.#own(plan);
    if (!own) return { kind: 'unknown', words: l10n.t('This plan is about another Unleash, or is damaged.') };
    try {
      const result = await settleOwn(planner, own, signal);
      const since = this.#unanswered.get(plan.id);
      if (result.kind === 'refused' && since !== undefined && clock.monotonic() - since < ON_ITS_WAY_MS)
        return { kind: 'unknown', words: l10n.t('Unleash has not made it yet; it may still be on its way.') };
      this.#unanswered.delete(plan.id);
      return result;
    } catch (error) {
      if (signal.aborted || !UnleashError.is(error)) throw error;
      return { kind: 'unknown', words: error.message };
    }
  }

  owns(plan: Plan): boolean {
    return this.#own(plan) !== undefined;
  }

  async evaluateAs(
    ref: FlagRef,
    environment: EnvironmentRef,
    context: Readonly<Record<string, Json>>,
    signal: AbortSignal,
  ): Promise<EvaluatedAs> {
    const planner = this.#connected();
    const flag = await this.detail(ref, signal);
    const state = flag?.states.find((each) => environmentId(each.environment) === environmentId(environment));
    return askPlayground(planner, ref.key, environment.name, { context, state }, signal);
  }

  evaluate(
    ...asked: Parameters<NonNullable<FlagSystem['evaluate']>>
  ): Promise<{ variant: string | null; value: Json; reason: string }> {
    return this.#dataPlanes.evaluate(...asked);
  }

  dispose(): void {
    this.#closed.abort(new Error('disposed'));
    this.#gathering?.dispose();
    this.#held.dispose();
  }

  async #gather(project: UnleashProject): Promise<void> {
    try {
      await project.readWanted(this.#closed.signal);
      await this.#tellDifference(this.#closed.signal);
    } catch (error) {
      // The next round says so where everybody looks.
      if (!this.#closed.signal.aborted) this.#deps.log.warn(`Unleash "${this.id}": ${String(error)}`);
    }
  }

  /** Those who watch hear of it when what they would be given is something else. */
  async #tellDifference(signal: AbortSignal): Promise<void> {
    const before = this.#last;
    if (!before) return;
    const { version } = await this.#assemble(signal, before.takenAt);
    if (version === before.version) return;
    this.#freshUntil = this.#deps.clock.monotonic() + FRESH_MS;
    this.#changed.fire();
  }

  /** `takenAt`: when all flags were last asked for. */
  async #assemble(signal: AbortSignal, takenAt: number): Promise<ProjectSnapshot> {
    const { project } = this.#connected();
    const { clock, hash } = this.#deps;
    const turns = new Turns(clock);
    const flags = await project.flags(turns, signal);
    const problems = [...project.problems()];
    const { system, folders } = this.#options;
    const environments = [...project.environments];
    const version = hash.sha256(JSON.stringify([flags, problems, environments])).slice(0, 20);
    // Nothing changed: the same flags, so that readers can tell at a glance.
    if (this.#last?.version === version) return (this.#last = { ...this.#last, takenAt });
    return (this.#last = {
      system,
      systemType: this.type,
      project: project.id,
      folders: [...folders],
      environments,
      flags,
      problems,
      version,
      takenAt,
    });
  }

  #connected(): Planner {
    if (this.#planner) return this.#planner;
    const { t } = this.#deps.l10n;
    throw new Error(t('The system "{0}" has no "url" in .sightglass.json: put the address of Unleash there.', this.id));
  }

  #known(ref: EnvironmentRef): Environment | undefined {
    return this.environments().find((each) => environmentId(each.ref) === environmentId(ref));
  }

  #writable(ref: EnvironmentRef): Environment {
    const { t } = this.#deps.l10n;
    const found = this.#known(ref);
    if (!found) throw new PlanError('unknownFlag', t('There is no environment "{0}".', ref.name));
    if (found.readOnly) throw new PlanError('notWritable', t('.sightglass.json says it is read-only.'));
    const reason = this.#deps.readOnlyReason();
    if (reason !== null) throw new PlanError('notWritable', reason);
    return found;
  }

  /** Only plans for this very server and project: a journal entry or a message cannot name another. */
  #own(plan: Plan): OwnPlan | undefined {
    if (plan.ref.system !== this.id || plan.ref.project !== this.#options.project.name) return undefined;
    const own = readOwnPlan(plan.native);
    if (own?.native.url !== this.#planner?.client.url || own?.native.key !== plan.ref.key) return undefined;
    return own.native.environment === plan.environment.name && this.#known(plan.environment) ? own : undefined;
  }
}
