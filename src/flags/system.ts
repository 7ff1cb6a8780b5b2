import type { ApplyResult, Intent, Plan } from '../model/change';
import type { Environment, FlagSnapshot, FlagState, ProjectSnapshot, Rule } from '../model/flag';
import type { EnvironmentRef, FlagRef } from '../model/identity';
import type { Json } from '../model/json';
import type { Disposable } from '../platform/disposable';

/** What a system can do in one environment. What it cannot is absent from the screen, not failing on it. */
export interface Capabilities {
  readonly push: boolean;
  readonly write: boolean;
  readonly percentage: boolean;
  readonly defaultVariant: boolean;
  /** A switch of its own that keeps the rules. */
  readonly switch: boolean;
  /** One user can be given a variant by name, and that be taken back. */
  readonly targets: boolean;
  /** A flag that there is none of can be made. Absent: not. */
  readonly create?: boolean;
  /** What is made is made in all environments of the project at once. */
  readonly createdEverywhere?: boolean;
  readonly rules: boolean;
  readonly approvals: boolean;
  readonly precondition: 'atomic' | 'compareThenWrite';
  readonly experiments: boolean;
  /** `evaluate` can be asked: a data plane that serves this environment is configured. */
  readonly evaluate?: boolean;
}

/** Why a plan cannot be made; `reason` is stable, the message is for people. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  /** Systems that are bundles of their own have a class of their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'PlanError';
  }
  constructor(
    readonly reason:
      'noOffVariant' | 'notWritable' | 'unsupported' | 'unknownFlag' | 'unsaved' | 'nothingToDo' | 'changedSince',
    message: string,
  ) {
    super(message);
  }
  static is(error: unknown, ...reasons: PlanError['reason'][]): error is PlanError {
    return error instanceof PlanError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}

/** What somebody is given, and by which rule. All text in it comes from outside. */
export interface EvaluatedAs {
  /** null: the default written at the call. */
  readonly variant: string | null;
  readonly value: Json;
  /** The system's own word: `TARGETING_MATCH`, `STATIC`. */
  readonly reason: string;
  /** The rule that decided; null: the default rule, or none at all. */
  readonly rule: Rule | null;
  /** Who worked it out, for display. */
  readonly by: string;
  readonly remarks: readonly string[];
}

export interface FlagPage {
  readonly flags: readonly FlagSnapshot[];
  readonly cursor: string | null;
}

/** DESIGN.md's `FlagSystem`: one project's flags in one system. */
export interface FlagSystem extends Disposable {
  readonly id: string;
  readonly type: string;
  describe(environment: EnvironmentRef): Capabilities;
  environments(): readonly Environment[];
  list(scope: { readonly project: string }, cursor: string | null, signal: AbortSignal): Promise<FlagPage>;
  /** Everything of the project as one immutable snapshot; what was good stays when the source breaks. */
  snapshot(signal: AbortSignal): Promise<ProjectSnapshot>;
  detail(ref: FlagRef, signal: AbortSignal): Promise<FlagSnapshot | null>;
  /** A hidden window asks nothing: streams are let go of, and taken up again by the next snapshot after. */
  setPaused?(paused: boolean): void;
  /**
   * Somebody looks at this flag: what a snapshot leaves out of flags that nobody looks at is asked for. Cheap, called
   * at every look. Absent: snapshots leave nothing out.
   */
  want?(key: string): void;
  /** Fires when a new snapshot would differ. */
  watch(listener: () => void): Disposable;
  /** Pure of effects. `seen` is the state the reader was shown. Rejects with {@link PlanError}. */
  plan(ref: FlagRef, environment: EnvironmentRef, intent: Intent, seen: FlagState, signal: AbortSignal): Promise<Plan>;
  /** The plan that takes a change back exactly; rejects with `changedSince` when the state is no longer what it wrote. */
  planUndo(done: Plan, signal: AbortSignal): Promise<Plan>;
  /** `comment`: what goes with the change into the system's own audit log, where it has one. */
  apply(plan: Plan, changeId: string, signal: AbortSignal, comment?: string): Promise<ApplyResult>;
  /** Settles `unknown`: what became of this plan. */
  inquire(plan: Plan, signal: AbortSignal): Promise<ApplyResult>;
  /** Address of the flag's own page, where the system has one. */
  page?(key: string): string | null;
  /** False for plans of another repository that happens to use the same names. Absent: every plan with our ids is ours. */
  owns?(plan: Plan): boolean;
  /**
   * What somebody with this context would be given, and by which rule: by the system, or by its own evaluator on what is
   * known of the flag. Rejects with words for people where it cannot be told.
   */
  evaluateAs?(
    ref: FlagRef,
    environment: EnvironmentRef,
    context: Readonly<Record<string, Json>>,
    signal: AbortSignal,
  ): Promise<EvaluatedAs>;
  /** What the data plane gives somebody; `variant` and `value` null for the code's default. Rejects when it gives nothing. */
  evaluate?(
    ref: FlagRef,
    environment: EnvironmentRef,
    context: Readonly<Record<string, Json>>,
    signal?: AbortSignal,
  ): Promise<{ variant: string | null; value: Json; reason: string }>;
}
