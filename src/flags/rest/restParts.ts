import type { ApplyResult, Intent, Plan } from '../../model/change';
import type { Environment, FlagSnapshot, FlagState } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { Problem } from '../../model/problem';
import type { Turns } from '../turns';
import type { ApiClient } from './apiClient';

/** What is known of one project, kept from round to round. */
export interface RestProject {
  /** Of the configuration, as the system marks them. */
  readonly environments: readonly Environment[];
  /** True while pages are still to come: the next round should follow at once. */
  readonly isUnderWay: boolean;
  /** Flags are left out, or not read yet. */
  readonly isPartial: boolean;
  /** Asks for what changed, where it is time to. Rejects with words for people; what was known is kept. False: nothing was asked. */
  refresh(signal: AbortSignal): Promise<boolean>;
  /** Environments and rights, where they were not asked for lately. */
  refreshFacts(signal: AbortSignal, urgent: boolean): Promise<void>;
  /** Everything that is told of one flag, now. */
  look(key: string, signal: AbortSignal): Promise<void>;
  /** Every flag, archived ones last. Objects are the same as long as nothing of them changed. */
  flags(turns: Turns, signal: AbortSignal): Promise<FlagSnapshot[]>;
  flag(key: string): FlagSnapshot | null;
  problems(): readonly Problem[];
  pageOf(key: string): string | null;
  forget(): void;
}

/** What every native plan says of where it belongs. */
export interface NativePlace {
  readonly url: string;
  readonly key: string;
  readonly environment: string;
}

/** How a system's changes are worked out and made. `Native`: its side of a plan. */
export interface RestChanges<Native extends NativePlace> {
  /** Undefined for a plan of another kind of system, or a damaged one. */
  read(native: string): Native | undefined;
  /** Rejects with {@link PlanError}; `changedSince` where `seen` is no longer so. */
  plan(ref: FlagRef, environment: Environment, intent: Intent, seen: FlagState, signal: AbortSignal): Promise<Plan>;
  planUndo(done: Plan, native: Native, environment: Environment, signal: AbortSignal): Promise<Plan>;
  /** `comment` is never empty. */
  apply(plan: Plan, native: Native, comment: string, signal: AbortSignal): Promise<ApplyResult>;
  settled(plan: Plan, native: Native, signal: AbortSignal): Promise<ApplyResult>;
}

export interface RestParts<Native extends NativePlace, Project extends RestProject> {
  readonly client: ApiClient;
  readonly project: Project;
  readonly changes: RestChanges<Native>;
}
