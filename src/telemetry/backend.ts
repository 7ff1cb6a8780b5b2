import type { ServiceGraph } from '../model/serviceGraph';
import type { ArmSeries, Coverage, Operation, SeriesAnswer, Window } from '../model/signal';

export type Split =
  | { readonly by: 'none' }
  | { readonly by: 'flag'; readonly key: string }
  | { readonly by: 'version' }
  | { readonly by: 'attribute'; readonly name: string };

export interface SeriesQuery {
  readonly environment: string;
  /** Operation ids; empty = all. */
  readonly operations: readonly string[];
  readonly window: Window;
  /** Step in milliseconds. */
  readonly step: number;
  readonly split: Split;
}

export interface Discovery {
  readonly services: readonly string[];
  /** `''` for telemetry that names none. */
  readonly environments: readonly string[];
  /** Flag keys seen in evaluations, with the services that evaluate them. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
  /** Flags whose variants the calls carry, so that arms can be told apart; absent: all of `flags`. */
  readonly toldApart?: readonly string[];
}

/** Evaluations as they were recorded, whether or not they found their entry span (`joined` of them did). */
export interface EvaluationCount {
  readonly service: string;
  readonly environment: string;
  readonly flag: string;
  /** `''` where the record names none. */
  readonly variant: string;
  readonly count: number;
  readonly joined: number;
}

/** A query whose answer is wanted added up: the operations (ids) of each group together. */
export interface SumsQuery extends Omit<SeriesQuery, 'operations'> {
  readonly groups: readonly (readonly string[])[];
  /** Exemplars are wanted from here on (epoch ms); those before are of no use. */
  readonly exemplarsFrom: number;
}

/** The arms of each group, added up step by step. */
export interface SumsAnswer {
  readonly groups: readonly (readonly ArmSeries[])[];
  readonly coverage: Coverage;
}

/**
 * DESIGN.md's `SignalBackend`. Rates, percentiles and comparisons are computed from `series`, never asked for.
 * An asked `environment` is that one alone, `''` telemetry that names none: which of them is joined, is decided in one
 * place (environmentJoined.ts).
 */
export interface SignalBackend {
  readonly id: string;
  /** For display: `built-in receiver`. */
  readonly name: string;
  /** `keys`: flags known to the code, for backends whose labels are keys with their signs replaced. */
  discover(environment: string, signal: AbortSignal, keys?: readonly string[]): Promise<Discovery>;
  operations(environment: string, window: Window, signal: AbortSignal): Promise<readonly Operation[]>;
  series(query: SeriesQuery, signal: AbortSignal): Promise<SeriesAnswer>;
  /** As `series`, added up: where the backend can do that for less than handing out every operation. */
  sums?(query: SumsQuery, signal: AbortSignal): Promise<SumsAnswer>;
  /** Where the backend keeps evaluations themselves: how often each variant was handed out, by service. */
  evaluations?(environment: string, window: Window, signal: AbortSignal): Promise<readonly EvaluationCount[]>;
  /**
   * Where the backend knows who calls whom: of the asked environment or, where nothing names it, of telemetry that names
   * none. Null: it holds nothing of the kind.
   */
  serviceGraph?(environment: string, window: Window, signal: AbortSignal): Promise<ServiceGraph | null>;
}
