import type { FlagRef } from '../model/identity';

/** How a flag could be given to users in one environment. A suggestion: nothing of it is done. */
export interface SuggestedRollout {
  readonly flag: FlagRef;
  readonly environment: string;
  /** Of those who get something else than the off variant now, 0..1; null: it depends on who asks. */
  readonly share: number | null;
  readonly stages: readonly RolloutStage[];
  /** What is watched, the busiest first; empty where nothing is known of what the code behind the flag gets today. */
  readonly guardrails: readonly Guardrail[];
  /** What a kill gives everybody; without an off variant, why there is none. */
  readonly kill:
    { readonly variant: string; readonly reason: null } | { readonly variant: null; readonly reason: string };
}

export interface RolloutStage {
  /** 0..1 */
  readonly share: number;
  /** At today's traffic, until there are calls enough to judge it; null: not known, or the last one. */
  readonly minutes: number | null;
}

/** From today's numbers, or the configuration's budget. Rates 0..1. */
export interface Guardrail {
  readonly service: string;
  readonly operation: string;
  readonly source: string;
  readonly windowMinutes: number;
  readonly errorRate: { readonly now: number | null; readonly most: number; readonly isBudget: boolean };
  /** A budget of the configuration. */
  readonly p95Seconds: number | null;
  /** Without such a budget, by today's. */
  readonly p99Seconds: { readonly now: number; readonly most: number } | null;
  /** Today's error rate is more than its budget already; without one, more than what is said to be failing. */
  readonly isOver: boolean;
}
