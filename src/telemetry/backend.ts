import type { SeriesAnswer, Window } from '../model/signal';
import type { Operation } from '../model/signal';

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

/** DESIGN.md's `SignalBackend`. Rates, percentiles and comparisons are computed from `series`, never asked for. */
export interface SignalBackend {
  readonly id: string;
  /** For display: `built-in receiver`. */
  readonly name: string;
  discover(environment: string, signal: AbortSignal): Promise<Discovery>;
  operations(environment: string, window: Window, signal: AbortSignal): Promise<readonly Operation[]>;
  series(query: SeriesQuery, signal: AbortSignal): Promise<SeriesAnswer>;
  /** Where the backend keeps evaluations themselves: how often each variant was handed out, by service. */
  evaluations?(environment: string, window: Window, signal: AbortSignal): Promise<readonly EvaluationCount[]>;
}
