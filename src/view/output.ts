import type { EnvironmentRef, FlagRef } from '../model/identity';

/**
 * What a click does. Everything a surface offers is one of these; the editor maps each kind to a command. The kinds
 * that write (`turnOff`, `turnOn`, `percentage`, `kill`, `target`, `undo`) only propose: their command asks for consent itself.
 */
export type ViewAction =
  | {
      readonly kind: 'turnOff' | 'turnOn' | 'percentage' | 'kill' | 'target';
      readonly ref: FlagRef;
      readonly environment: EnvironmentRef;
    }
  | { readonly kind: 'undo'; readonly changeId: string }
  | { readonly kind: 'showChange'; readonly changeId: string }
  | { readonly kind: 'details'; readonly ref: FlagRef; readonly environment: EnvironmentRef | null }
  /** What somebody else is given, in every environment. */
  | { readonly kind: 'evaluate'; readonly ref: FlagRef }
  /** Flags at a place, for a pick when several. */
  | { readonly kind: 'flagsAt'; readonly path: string; readonly codePathId: string }
  /** Example traces of a code path, or of a flag where `codePathId` is null; see `tracesOf`. */
  | { readonly kind: 'traces'; readonly codePathId: string | null; readonly ref: FlagRef | null }
  | { readonly kind: 'openDefinition'; readonly path: string; readonly line: number }
  | {
      readonly kind: 'openReference';
      readonly root: string;
      readonly path: string;
      readonly line: number;
      readonly column: number;
    }
  /** Why this reference is what it is said to be. `path` relative to its folder. */
  | { readonly kind: 'explain'; readonly path: string; readonly line: number; readonly column: number }
  | { readonly kind: 'whyNothing'; readonly path: string }
  /** Environment, window, and sources with their health. */
  | { readonly kind: 'sources' }
  | { readonly kind: 'openFolder' | 'manageTrust' | 'connectFlags' | 'connectTelemetry' | 'clearFilter' }
  | { readonly kind: 'useDetected'; readonly system: string; readonly file: string }
  /** A server of the configuration, `''` for a choice of those that wait. Only leads to where the person is asked. */
  | { readonly kind: 'allowServer' | 'signIn'; readonly origin: string }
  | { readonly kind: 'refresh' };

/** Decides the colour token (`sightglass.<tone>`); never the only carrier of a meaning. */
export type Tone = 'on' | 'partial' | 'off' | 'regression' | 'stale' | 'unknown';

/** A label that does one thing. `label` is plain text in the display language. */
export interface ActionLink {
  readonly label: string;
  readonly action: ViewAction;
}

/** 1-based, end column excluded; columns in UTF-16 units, as in the reference record. */
export interface TextRange {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** An inlay hint at the end of the evaluating call. `text` has at most 43 UTF-16 units. */
export interface InlineFact {
  /** 1-based position after which the fact stands. */
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly tone: Tone;
  /** The same fact in words for a screen reader. */
  readonly label: string;
  /** Index into `FileFacts.references`. */
  readonly reference: number;
}

export const shareIcons = ['empty', 'quarter', 'half', 'threequarters', 'full', 'unknown', 'rules'] as const;
export type ShareIcon = (typeof shareIcons)[number];

export interface GutterMark {
  readonly line: number;
  readonly icon: ShareIcon;
  readonly regression: boolean;
}

export interface RulerMark {
  readonly line: number;
  readonly tone: 'regression' | 'unknown';
}

/** One CodeLens: parts in reading order; a part without an action is text only. */
export interface Lens {
  readonly line: number;
  readonly parts: readonly LensPart[];
}
export interface LensPart {
  readonly text: string;
  readonly tooltip: string;
  readonly action: ViewAction | null;
}

export interface HoverTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** An SVG chart for an `<img>`. */
export interface ChartImage {
  readonly uri: string;
  /** The numbers in words. */
  readonly alt: string;
  readonly width: number;
  readonly height: number;
}

/**
 * A hover: header, table, sentence, chart, notes, match line, actions, in this order. All text is plain and untrusted;
 * `hoverMarkdown` escapes it.
 */
export interface HoverModel {
  readonly title: string;
  readonly subtitle: string;
  readonly table: HoverTable | null;
  /** The verdict, or why there is none. */
  readonly sentence: string;
  readonly tone: Tone;
  readonly chart: ChartImage | null;
  /** Rules in words, gaps between configured and observed share, why a region is dimmed. */
  readonly notes: readonly string[];
  /** Why it matched, source and age. */
  readonly provenance: string;
  readonly actions: readonly ActionLink[];
}

export interface HoverAt {
  readonly range: TextRange;
  readonly model: HoverModel;
}

export interface DimmedRegion {
  readonly range: TextRange;
  readonly reason: string;
}

export interface StatusBarModel {
  /** May begin with a codicon, `$(pulse)`. */
  readonly text: string;
  readonly tooltip: string;
  readonly label: string;
  readonly warning: boolean;
  readonly action: ViewAction;
}

/** Everything the surfaces of one file draw. Compare with `sameView` to re-render only on a difference. */
export interface FileView {
  readonly inline: readonly InlineFact[];
  readonly gutter: readonly GutterMark[];
  readonly ruler: readonly RulerMark[];
  readonly lenses: readonly Lens[];
  /** Ordered by range; `model` is made on demand. */
  readonly hovers: readonly { readonly range: TextRange; readonly model: () => HoverModel }[];
  readonly dimmed: readonly DimmedRegion[];
  /** null = hide the item. */
  readonly statusBar: StatusBarModel | null;
}

/** A share icon (media/icons), a codicon id, or none. */
export type TreeIcon =
  | { readonly kind: 'share'; readonly icon: ShareIcon; readonly regression: boolean }
  | { readonly kind: 'codicon'; readonly id: string; readonly tone: Tone | null }
  | null;

/** Tokens of `contextValue`, joined by a space in this order, so that `when` clauses can say `viewItem =~ /\bkill\b/`. */
export const treeCapabilities = [
  'turnOff',
  'turnOn',
  'percentage',
  'kill',
  'target',
  'undo',
  'evaluate',
  'openDefinition',
  'allowServer',
  'signIn',
] as const;
export type TreeCapability = (typeof treeCapabilities)[number];

/** An item of the Flags view. `id` is stable between refreshes: section, flagId, environmentId, reference position. */
export interface TreeNode {
  readonly id: string;
  readonly kind: 'section' | 'group' | 'flag' | 'environment' | 'reference' | 'note' | 'server';
  readonly label: string;
  readonly description: string;
  readonly icon: TreeIcon;
  /** `flag turnOff percentage kill`: the kind, then what can be done. */
  readonly contextValue: string;
  readonly accessibilityLabel: string;
  readonly expanded: 'none' | 'collapsed' | 'expanded';
  /** Inline and context actions, most important first. */
  readonly actions: readonly ActionLink[];
  /** What a click on the item itself does. */
  readonly open: ViewAction | null;
  /** A hover model, plain text, or nothing; made on demand. */
  tooltip(): HoverModel | string | null;
  children(): readonly TreeNode[];
}

export type WelcomeCause =
  'noFolder' | 'notTrusted' | 'nothingConnected' | 'detected' | 'connectedButEmpty' | 'filteredOut';

/** The empty Flags view: its cause, one text, one button. */
export interface Welcome {
  readonly cause: WelcomeCause;
  readonly text: string;
  readonly button: ActionLink;
}

export interface FlagTree {
  readonly sections: readonly TreeNode[];
  /** Set exactly when there are no sections. */
  readonly welcome: Welcome | null;
  /** Regressing flags, for the view's badge. */
  readonly regressing: number;
}

export interface JournalRow {
  readonly id: string;
  /** Codicon id of the outcome. */
  readonly icon: string;
  readonly tone: Tone | null;
  readonly label: string;
  readonly description: string;
  /** Plain text, several lines. */
  readonly tooltip: string;
  readonly accessibilityLabel: string;
  /** `change` or `change undo`. */
  readonly contextValue: string;
  readonly actions: readonly ActionLink[];
  readonly open: ViewAction;
}
