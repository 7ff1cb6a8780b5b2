import type { SignalFacts } from '../model/facts';
import type { FlagSnapshot } from '../model/flag';
import type { CodePath, Reference } from '../model/reference';
import type { L10n } from '../platform/l10n';
import type { FlagLookup } from '../view/input';
import type { ConsumersInput } from './consumers/consumersInput';
import type { Missing, Place, Revision } from './report';

/** Lines that were replaced: `count` lines from `start` on (1-based); where there are none, they came behind `start`. */
export interface LineChange {
  readonly before: { readonly start: number; readonly count: number };
  readonly after: { readonly start: number; readonly count: number };
}

/** One file that is not as it was. */
export interface FileChange {
  /** Paths with `/`; null where it was not, or is no more. Different ones: it was renamed. */
  readonly before: string | null;
  readonly after: string | null;
  /** By line; null: not known which, so that all of them may be others. */
  readonly lines: readonly LineChange[] | null;
}

/** What the finder knows of the repository at one time. */
export interface CodeSide {
  /** References of all files; of files of the change their code paths too. */
  readonly files: readonly {
    readonly path: string;
    readonly references: readonly Reference[];
    readonly codePaths: readonly CodePath[];
  }[];
}

/** A flag as one file or server defines it before and after the change; null: it does not. */
export interface DefinitionChange {
  readonly before: FlagSnapshot | null;
  readonly after: FlagSnapshot | null;
  /** Where it is defined with the change; where it no longer is, without. Paths as those of the change. */
  readonly places: readonly Place[];
}

/** Telemetry of one environment. */
export interface Signals {
  /** The environment's own name, for display. */
  readonly name: string;
  readonly facts: SignalFacts;
}

export interface ReviewInput {
  readonly base: Revision;
  readonly head: Revision;
  readonly changes: readonly FileChange[];
  readonly codeBefore: CodeSide;
  readonly codeAfter: CodeSide;
  /** Flags that a key of this file can be, as they are without the change. */
  readonly flagsOf: (path: string) => FlagLookup;
  /** Of projects that can be read both with and without the change. */
  readonly definitions: readonly DefinitionChange[];
  /** Keys without references afterwards that still stand in some text; null: that could not be looked up. */
  readonly written: ReadonlySet<string> | null;
  readonly signals: readonly Signals[];
  /** Budgets by operation, flag or environment (`budgetFor`): error rate 0..1, seconds. */
  readonly guardrails: Readonly<
    Record<string, { readonly errorRate?: number | undefined; readonly p95Seconds?: number | undefined }>
  >;
  /** What is known of who uses what; absent: nobody was asked. */
  readonly consumers?: ConsumersInput;
  /** Calls a minute from which a code path counts as busy. */
  readonly busyPerMinute: number;
  /** What could not be asked, or not be read whole. */
  readonly missing: readonly Missing[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly l10n: L10n;
}
