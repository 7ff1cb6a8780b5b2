import type { FlagRef } from '../model/identity';
import type { Json } from '../model/json';
import type { OwnedPaths, ServiceImpact } from './consumers/consumersReport';
import type { SuggestedRollout } from './rolloutReport';

/** All text of a report that is not ours comes from outside: escape it before display. Times are epoch milliseconds. */
export interface Report {
  readonly base: Revision;
  readonly head: Revision;
  /** What could not be asked or read: nothing is said of it, and that nothing is said means nothing. */
  readonly missing: readonly Missing[];
  /** What a reviewer should look at, the gravest first. */
  readonly reasons: readonly Reason[];
  readonly flags: readonly FlagImpact[];
  readonly paths: readonly PathImpact[];
  readonly removedSpans: readonly RemovedSpan[];
  /** Services that the change is in, with who uses them; null: nobody was asked. */
  readonly services: readonly ServiceImpact[] | null;
  /** Whose the changed files are, by CODEOWNERS; empty without one. */
  readonly owners: readonly OwnedPaths[];
  /** How what the change puts behind flags could be given to users. */
  readonly rollouts: readonly SuggestedRollout[];
  readonly files: { readonly changed: number; readonly read: number };
  readonly madeAt: number;
}

export interface Revision {
  /** As it was asked for. */
  readonly name: string;
  /** Full name of the commit; null: the working tree, what is staged, or nothing at all. */
  readonly commit: string | null;
}

export interface Missing {
  readonly source: 'git' | 'code' | 'flags' | 'telemetry' | 'consumers';
  readonly words: string;
}

export const reasonCodes = [
  'flag-unknown',
  'flag-archived',
  'live-on-deploy',
  'definition-changed',
  'removed-while-served',
  'failing-path',
  'busy-path-unguarded',
  'default-changed',
  'dead-side-edited',
  'telemetry-removed',
  'behind-off-flag',
  'flag-extinct',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

export const severities = ['error', 'warning', 'information'] as const;
export type Severity = (typeof severities)[number];

/** Why to look: a fact with what proves it. */
export interface Reason {
  readonly code: ReasonCode;
  readonly severity: Severity;
  readonly words: string;
  readonly evidence: readonly string[];
  /** Null where it is of no flag. */
  readonly key: string | null;
  /** Places of the head; of what is gone, of the base. */
  readonly places: readonly Place[];
}

/** Lines 1-based; `side`: whose lines they are. */
export interface Place {
  readonly side: 'base' | 'head';
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  readonly function: string | null;
  /** Of a reference, what it is; null: a stretch of code. */
  readonly kind: 'evaluation' | 'definition' | 'test' | 'mention' | null;
}

/** What the change does to references of a flag. `guards`: to code under it alone; `defined`: to its definition alone. */
export type FlagChange = 'added' | 'removed' | 'extinct' | 'moved' | 'edited' | 'guards' | 'defined';

export interface FlagImpact {
  readonly key: string;
  readonly change: FlagChange;
  readonly added: readonly Place[];
  readonly removed: readonly Place[];
  readonly moved: readonly { readonly from: Place; readonly to: Place }[];
  readonly edited: readonly { readonly from: Place; readonly to: Place }[];
  /** Code under it in which lines are others. */
  readonly guarded: readonly Place[];
  /** References with the change, and how many of them are evaluations outside of tests. */
  readonly left: { readonly count: number; readonly evaluations: number; readonly places: readonly Place[] };
  /** It stands in some text with the change; null: not looked up. Where references are left, it does. */
  readonly written: boolean | null;
  /** `none`: no system defines it; `unknown`: none that could could be asked. */
  readonly known: 'one' | 'several' | 'none' | 'unknown';
  /** A known key that it may be a slip of. */
  readonly nearest: string | null;
  readonly flags: readonly KnownFlag[];
  readonly defaults: readonly DefaultChange[];
}

export interface DefaultChange {
  readonly before: Json | null;
  readonly after: Json | null;
  readonly place: Place;
}

export interface KnownFlag {
  readonly ref: FlagRef;
  readonly name: string | null;
  readonly owner: string | null;
  readonly archived: boolean;
  readonly deprecated: boolean;
  readonly changed: { readonly at: number; readonly by: string | null; readonly words: string } | null;
  readonly environments: readonly EnvironmentState[];
}

export interface EnvironmentState {
  readonly name: string;
  readonly kind: 'live' | 'definition' | 'local';
  readonly production: boolean;
  readonly protected: boolean;
  /** In words: `25% "on"`, `off`. */
  readonly words: string;
  /** 0..1 by variant; null where it depends on who asks, or is not known. */
  readonly shares: Readonly<Record<string, number>> | null;
  /** What a kill gives everybody; null: it has none, and why. */
  readonly offVariant: string | null;
  readonly offVariantReason: string;
  /** Telemetry's name of it. */
  readonly telemetryName: string;
  /** `off`: everybody gets the off variant. */
  readonly reach: 'off' | 'some' | 'everyone' | 'unknown';
  /** What the change makes of it, where it changes its definition; in words. */
  readonly becomes: string | null;
  /** Who gets it then; only where `becomes` says something. */
  readonly reachAfter?: EnvironmentState['reach'];
  /** How often telemetry saw it evaluated there, and in which window; null: not asked. */
  readonly evaluations: { readonly count: number; readonly windowMinutes: number; readonly source: string } | null;
}

export interface PathImpact {
  readonly place: Place;
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** `POST /checkout`. */
  readonly routes: readonly string[];
  /** Flags that it evaluates with the change. */
  readonly flags: readonly string[];
  readonly traffic: readonly PathTraffic[];
}

/** Rates 0..1, latencies in seconds. */
export interface PathTraffic {
  readonly environment: string;
  readonly operation: string;
  readonly service: string;
  /** Why the operation is taken to be its. */
  readonly match: string;
  readonly approximate: boolean;
  /** Set where the numbers are a caller's. */
  readonly via: string | null;
  readonly perMinute: number;
  readonly calls: number;
  readonly errors: number;
  readonly errorRate: number | null;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly windowMinutes: number;
  readonly source: string;
  readonly asOf: number;
  readonly newestSample: number | null;
  readonly words: string;
}

export interface RemovedSpan {
  readonly name: string;
  readonly place: Place;
  /** What the code gets now that started it. */
  readonly traffic: readonly PathTraffic[];
}
