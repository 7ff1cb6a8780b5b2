import type { Answer } from '../model/answer';
import type { JournalEntry } from '../model/change';
import type { SignalFacts } from '../model/facts';
import type { Environment, FlagSnapshot, ProjectSnapshot } from '../model/flag';
import { environmentId, flagId, type EnvironmentRef, type FlagRef } from '../model/identity';
import type { FileFacts, Reference } from '../model/reference';
import type { WaitingServer } from '../platform/guardedRemotes';
import type { L10n } from '../platform/l10n';

/** What the colour theme is; SVG in images cannot read the theme's variables. */
export type ThemeKind = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

/** Identity and state of knowledge of one project of one flag system. */
export interface ProjectAnswer {
  readonly system: string;
  readonly systemType: string;
  readonly project: string;
  /** Single contexts can be evaluated, and users be given a variant. Absent: not. */
  readonly evaluates?: boolean;
  readonly targets?: boolean;
  readonly answer: Answer<ProjectSnapshot>;
}

/**
 * Flags as seen from one place in the workspace (one file, or everywhere for the tree): keys resolve within the
 * projects mapped to that place. Built by `flagLookup`; synchronous and cheap.
 */
export interface FlagLookup {
  /** Every project that could define a key here, whatever is known of it. Empty = nothing connected. */
  readonly projects: readonly ProjectAnswer[];
  /** Every known key, sorted. The same list until a snapshot changes. */
  readonly keys: readonly string[];
  /** Every flag the key as written may mean: one is shown, several are shown as several, none is unknown. */
  resolve(key: string): readonly FlagSnapshot[];
  /** The nearest known key, or null when none is near enough to be a likely slip. */
  nearest(key: string): string | null;
  /** Known keys that a glob such as `exp-*` matches, sorted. */
  matching(pattern: string): readonly string[];
  /** Environments of the flag's project, in the system's order. */
  environments(ref: FlagRef): readonly Environment[];
}

/** Which surfaces are on. A surface that is off gets nothing to draw. */
export interface SurfaceSettings {
  readonly inlineFacts: boolean;
  readonly codeLens: boolean;
  readonly gutter: boolean;
  readonly ruler: boolean;
  readonly hover: boolean;
  readonly statusBar: boolean;
  /** Dim regions that nobody can reach; off unless asked for. */
  readonly dimming: boolean;
}

/** What every surface is decided from, but for the file. All times epoch milliseconds. */
export interface ViewContext {
  readonly flags: FlagLookup;
  /**
   * Facts by the telemetry environment name (`Environment.telemetryName`). null = no telemetry is connected for it,
   * which is said nowhere inline; `notAsked` = it will be asked.
   */
  signals(telemetryName: string): Answer<SignalFacts> | null;
  /** Name of the environment the reader chose, null = each project's own first choice (production, else live, else first). */
  readonly environment: string | null;
  readonly windowMinutes: number;
  readonly now: number;
  readonly l10n: L10n;
  readonly theme: ThemeKind;
  /** Words of changes under way by {@link inFlightKey}, already in the display language: `turning off…`. */
  readonly inFlight: ReadonlyMap<string, string>;
}

/** What one file's surfaces are decided from. */
export interface ViewInput extends ViewContext {
  /** null = not scanned yet. */
  readonly file: FileFacts | null;
  readonly settings: SurfaceSettings;
}

/** A reference shown in the tree or the detail panel, with its line of code where that is known. */
export interface ReferenceAt {
  /** Absolute workspace folder the reference's path is relative to. */
  readonly root: string;
  readonly reference: Reference;
  readonly code: string | null;
}

/** What the Flags view is decided from. `flags` sees every project. */
export interface TreeInput extends ViewContext {
  /** Facts of the active file, for "In this file"; null without one. */
  readonly file: FileFacts | null;
  /** Text typed into the filter; empty = all. */
  readonly filter: string;
  readonly journal: readonly JournalEntry[];
  /** References of a flag; null = not fetched yet (the tree then shows a line that says so). */
  references(ref: FlagRef): readonly ReferenceAt[] | null;
  /** Whether a change can be taken back exactly now (known by `change`). */
  undoable(entry: JournalEntry): boolean;
  /** Flags, by `flagId`, that no code of the workspace names; empty as long as that is not known. */
  readonly unreferenced: ReadonlySet<string>;
  readonly workspace: WorkspaceFacts;
  /** Configured servers that wait for the person's yes, token or trust. */
  readonly servers: readonly WaitingServer[];
}

/** What decides the welcome text. */
export interface WorkspaceFacts {
  readonly hasFolder: boolean;
  readonly trusted: boolean;
  /** A flag system that is not connected but was found: the SDK package imported, or null, and the file that says so. */
  readonly detected: { readonly sdk: string | null; readonly file: string | null; readonly system: string } | null;
}

/** What the Journal view is decided from. */
export interface JournalInput {
  readonly entries: readonly JournalEntry[];
  readonly now: number;
  readonly l10n: L10n;
  /** The name consent is recorded under for this person, shown as "you". */
  readonly me: string;
  undoable(entry: JournalEntry): boolean;
  /** Short name of an environment for display: its own name, or `production`. */
  environmentName(ref: EnvironmentRef): string;
}

/** What the detail panel of one flag is decided from. */
export interface DetailInput extends ViewContext {
  readonly ref: FlagRef;
  readonly journal: readonly JournalEntry[];
  readonly references: readonly ReferenceAt[] | null;
  readonly me: string;
  undoable(entry: JournalEntry): boolean;
}

/** Key of {@link ViewContext.inFlight}. */
export function inFlightKey(ref: FlagRef, environment: EnvironmentRef): string {
  return `${flagId(ref)}@${environmentId(environment)}`;
}
