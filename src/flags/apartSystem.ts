import type { ApplyResult, Intent, Plan } from '../model/change';
import type { Environment, FlagSnapshot, FlagState, ProjectSnapshot } from '../model/flag';
import type { EnvironmentRef, FlagRef } from '../model/identity';
import type { Json } from '../model/json';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter } from '../platform/emitter';
import type { SystemDeps, SystemOptions } from './deps';
import type { Evaluation } from './ofrep/answers';
import type { Capabilities, FlagPage, FlagSystem } from './system';

export type MakeSystem = (options: SystemOptions, deps: SystemDeps) => FlagSystem;

const nothingYet: Capabilities = {
  push: false,
  write: false,
  percentage: false,
  defaultVariant: false,
  switch: false,
  targets: false,
  rules: false,
  approvals: false,
  precondition: 'compareThenWrite',
  experiments: false,
};

/** So many keys that are looked at before it is loaded are kept for it. */
const mostWanted = 1_000;

/**
 * A flag system whose code is a bundle of its own, loaded with the first question: windows that have none of the kind do
 * not carry it. Until then it can nothing, and its environments are as configured.
 */
export class ApartSystem implements FlagSystem {
  readonly id: string;
  readonly type: string;
  readonly #options: SystemOptions;
  readonly #deps: SystemDeps;
  readonly #load: () => Promise<MakeSystem>;
  readonly #held = new DisposableStack();
  readonly #changed: Emitter<void>;
  /** Looked at before it was loaded. */
  readonly #wanted = new Set<string>();
  #loading: Promise<FlagSystem> | null = null;
  #system: FlagSystem | null = null;
  #paused = false;
  #disposed = false;

  /** There for systems that can say what a single context gets: known before they are loaded, since it decides what is offered. */
  readonly evaluateAs?: FlagSystem['evaluateAs'];

  constructor(
    type: string,
    options: SystemOptions,
    deps: SystemDeps,
    load: () => Promise<MakeSystem>,
    can: { readonly evaluateAs: boolean } = { evaluateAs: false },
  ) {
    this.id = options.system;
    this.type = type;
    this.#options = options;
    this.#deps = deps;
    this.#load = load;
    this.#changed = this.#held.add(new Emitter<void>((error) => deps.log.error(`a listener of ${type} failed`, error)));
    if (can.evaluateAs)
      this.evaluateAs = async (...asked) => {
        const system = await this.#loaded();
        if (system.evaluateAs) return system.evaluateAs(...asked);
        throw new Error(this.#deps.l10n.t('{0} is not asked for single contexts.', this.type));
      };
  }

  describe(environment: EnvironmentRef): Capabilities {
    return this.#system?.describe(environment) ?? nothingYet;
  }

  environments(): readonly Environment[] {
    return this.#system?.environments() ?? this.#options.environments;
  }

  page(key: string): string | null {
    return this.#system?.page?.(key) ?? null;
  }

  want(key: string): void {
    if (this.#system) this.#system.want?.(key);
    else if (this.#wanted.size < mostWanted) this.#wanted.add(key);
  }

  owns(plan: Plan): boolean {
    if (plan.ref.system !== this.id || plan.ref.project !== this.#options.project.name) return false;
    return this.#system?.owns?.(plan) ?? true;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#system?.setPaused?.(paused);
  }

  watch(listener: () => void): Disposable {
    return this.#changed.event(listener);
  }

  async list(scope: { readonly project: string }, cursor: string | null, signal: AbortSignal): Promise<FlagPage> {
    return (await this.#loaded()).list(scope, cursor, signal);
  }

  async snapshot(signal: AbortSignal): Promise<ProjectSnapshot> {
    return (await this.#loaded()).snapshot(signal);
  }

  async detail(ref: FlagRef, signal: AbortSignal): Promise<FlagSnapshot | null> {
    return (await this.#loaded()).detail(ref, signal);
  }

  async plan(
    ref: FlagRef,
    environment: EnvironmentRef,
    intent: Intent,
    seen: FlagState,
    signal: AbortSignal,
  ): Promise<Plan> {
    return (await this.#loaded()).plan(ref, environment, intent, seen, signal);
  }

  async planUndo(done: Plan, signal: AbortSignal): Promise<Plan> {
    return (await this.#loaded()).planUndo(done, signal);
  }

  async apply(plan: Plan, changeId: string, signal: AbortSignal, comment?: string): Promise<ApplyResult> {
    return (await this.#loaded()).apply(plan, changeId, signal, comment);
  }

  async inquire(plan: Plan, signal: AbortSignal): Promise<ApplyResult> {
    return (await this.#loaded()).inquire(plan, signal);
  }

  async evaluate(
    ref: FlagRef,
    environment: EnvironmentRef,
    context: Readonly<Record<string, Json>>,
    signal?: AbortSignal,
  ): Promise<Evaluation> {
    const system = await this.#loaded();
    if (system.evaluate) return system.evaluate(ref, environment, context, signal);
    throw new Error(this.#deps.l10n.t('"{0}" names no data plane.', environment.name));
  }

  dispose(): void {
    this.#disposed = true;
    this.#held.dispose();
  }

  /** A bundle that could not be loaded is tried again with the next question. */
  #loaded(): Promise<FlagSystem> {
    this.#loading ??= this.#load()
      .then((make) => this.#take(make(this.#options, this.#deps)))
      .catch((error: unknown) => {
        this.#loading = null;
        throw error;
      });
    return this.#loading;
  }

  #take(system: FlagSystem): FlagSystem {
    if (this.#disposed) {
      system.dispose();
      throw new Error('disposed');
    }
    this.#system = this.#held.add(system);
    this.#held.add(system.watch(() => this.#changed.fire()));
    if (this.#paused) system.setPaused?.(true);
    for (const key of this.#wanted) system.want?.(key);
    this.#wanted.clear();
    return system;
  }
}
