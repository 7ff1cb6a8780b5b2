import type { ApplyResult, Intent, Plan } from '../model/change';
import type { Environment, FlagSnapshot, FlagState, ProjectSnapshot } from '../model/flag';
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
  readonly targets: boolean;
  readonly rules: boolean;
  readonly approvals: boolean;
  readonly precondition: 'atomic' | 'compareThenWrite';
  readonly experiments: boolean;
}

/** Why a plan cannot be made; `reason` is stable, the message is for people. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
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
  /** Fires when a new snapshot would differ. */
  watch(listener: () => void): Disposable;
  /** Pure of effects. `seen` is the state the reader was shown. Rejects with {@link PlanError}. */
  plan(ref: FlagRef, environment: EnvironmentRef, intent: Intent, seen: FlagState, signal: AbortSignal): Promise<Plan>;
  /** The plan that takes a change back exactly; rejects with `changedSince` when the state is no longer what it wrote. */
  planUndo(done: Plan, signal: AbortSignal): Promise<Plan>;
  apply(plan: Plan, changeId: string, signal: AbortSignal): Promise<ApplyResult>;
  /** Settles `unknown`: what became of this plan. */
  inquire(plan: Plan, signal: AbortSignal): Promise<ApplyResult>;
  /** False for plans of another repository that happens to use the same names. Absent: every plan with our ids is ours. */
  owns?(plan: Plan): boolean;
  evaluate?(
    ref: FlagRef,
    environment: EnvironmentRef,
    context: Readonly<Record<string, Json>>,
  ): Promise<{ variant: string | null; value: Json; reason: string }>;
}
