import type { FileFacts, ValueType } from '../model/reference';

/**
 * What the `code` worker answers. Paths in requests are absolute folders (`root`) and paths relative to them with `/`.
 * A root is indexed on its own; the index is persisted under `storage` and brought up to date by `changed`/`edit`.
 */
export type CodeMethods = {
  /** Starts (or restarts) indexing of a root; resolves when the index is complete. Progress arrives as events. */
  index: (request: {
    readonly root: string;
    readonly knownKeys: readonly string[];
    readonly exclude: readonly string[];
  }) => Promise<IndexSummary>;
  /** Files changed, appeared or went on disk. */
  changed: (request: { readonly root: string; readonly paths: readonly string[] }) => Promise<void>;
  /**
   * Text of an open document (unsaved text counts). The answer is facts of that very text, made whole by `wholeFacts`
   * with those that were held: `held` is their serial, null when there are none.
   */
  edit: (request: {
    readonly root: string;
    readonly path: string;
    readonly text: string;
    readonly version: string;
    readonly held: number | null;
  }) => Promise<EditAnswer>;
  /** The document is closed: what is on disk counts again. */
  close: (request: { readonly root: string; readonly path: string }) => Promise<void>;
  facts: (request: { readonly root: string; readonly path: string }) => Promise<FileFacts | null>;
  /** All references (optionally of one key), ordered by path and line; at most `limit`. Code paths come with `facts`. */
  references: (request: {
    readonly root: string;
    readonly key?: string;
    readonly limit: number;
  }) => Promise<readonly FileFacts[]>;
  /** Every place that names a key, by path and line, at most `limit`: no more of it than it takes to go there. */
  placesOfKey: (request: {
    readonly root: string;
    readonly key: string;
    readonly limit: number;
  }) => Promise<readonly KeyPlaces[]>;
  /**
   * Files whose references are others than at a revision that was answered before; null: all that have any. At most
   * `limit` references are looked at. Of a worker that was started again no revision is known.
   */
  referencesSince: (request: {
    readonly root: string;
    readonly since: number | null;
    readonly limit: number;
  }) => Promise<ReferencesSince>;
  /** Why the calls of a line are no references, one sentence each. `line` is 1-based. */
  explain: (request: {
    readonly root: string;
    readonly path: string;
    readonly line: number;
  }) => Promise<readonly string[]>;
  /**
   * What is being written at an offset of this very text of a document, which need not be whole: an unfinished string
   * counts. Null: nothing of flags. The document's facts stay what they are.
   */
  atCursor: (request: {
    readonly root: string;
    readonly path: string;
    readonly text: string;
    readonly version: string;
    readonly offset: number;
  }) => Promise<AskedAtCursor | null>;
  /**
   * What of this very text of a document can be put under a condition: the whole statements that a stretch covers
   * (offsets; an empty one means those of its line), and which of the file's calls could be that condition.
   */
  wrapPlace: (request: {
    readonly root: string;
    readonly path: string;
    readonly text: string;
    readonly version: string;
    readonly from: number;
    readonly to: number;
  }) => Promise<WrapPlace>;
  /** The wrapper that is declared or called at a place (1-based), as a function that is called. */
  wrapperAt: (request: {
    readonly root: string;
    readonly path: string;
    readonly line: number;
    readonly column: number;
  }) => Promise<CallingFunction | null>;
  /** Who calls a wrapper, told by {@link CallingFunction.wrapper}, or asks for a flag, told by its key. */
  callers: (request: {
    readonly root: string;
    readonly of: WrapperPlace | { readonly key: string };
  }) => Promise<readonly CallIn[]>;
  /**
   * Which of these keys stand in the text of some source file of the root, whatever they are there. Asked before a key is
   * said to be named nowhere.
   */
  written: (request: {
    readonly root: string;
    readonly keys: readonly string[];
    readonly exclude: readonly string[];
  }) => Promise<readonly string[]>;
  forget: (request: { readonly root: string }) => Promise<void>;
};

/** Places of a file that name a key. */
export interface KeyPlaces {
  readonly path: string;
  readonly places: readonly KeyPlace[];
}

/**
 * Line and column are 1-based, `length` in UTF-16 units. `holder`: where the constant stands through which the key is named
 * there, equal exactly for places of the same one; null: by none.
 */
export interface KeyPlace {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly isDefinition: boolean;
  readonly holder: string | null;
}

/** Files as they are now, those that have no references any more, and whether there are more than were asked for. */
export interface ReferencesSince {
  readonly revision: number;
  readonly files: readonly FileFacts[];
  readonly gone: readonly string[];
  readonly isCut: boolean;
}

/**
 * `behind` and `ahead`: how much before and after the cursor, on its line, is what is written of it so far. `quotes`: to
 * be written around it; null where it stands in quotes.
 */
export type AskedAtCursor = {
  readonly behind: number;
  readonly ahead: number;
  readonly quotes: string | null;
} & (
  | {
      readonly kind: 'key';
      /** What a wrapper writes around what stands here: keys that are asked for so begin and end like this. */
      readonly prefix: string;
      readonly suffix: string;
      readonly sdk: string | null;
      /** The type that the call asks for, where it says one. */
      readonly valueType: ValueType | null;
    }
  /** The result of asking for `key` is compared with what stands here. */
  | { readonly kind: 'variant'; readonly key: string }
);

/**
 * Whole statements, by offsets. `keptLines`: lines (0-based) among them that begin inside a text of the program, whose
 * indentation is the program's. `calls`: the file's calls that mean before the statements what they mean where they
 * stand, told by their key's place (1-based), the best to imitate first.
 */
export type WrapPlace =
  | {
      readonly refused: null;
      readonly from: number;
      readonly to: number;
      readonly keptLines: readonly number[];
      readonly calls: readonly { readonly line: number; readonly column: number }[];
    }
  | { readonly refused: WrapRefusal; readonly name: string | null };

/**
 * Why nothing can: a language whose statements are not known; a text that was not read; no whole statements; a
 * declaration that does not stand under a condition; other code on the same lines; the value or the way out of what is
 * around them, which is needed in any case; a name (`name`) that is used below.
 */
export type WrapRefusal =
  'language' | 'unread' | 'notWhole' | 'declaration' | 'sharedLine' | 'value' | 'returns' | 'usedBelow';

/** The call inside a wrapper by which it asks: what the wrapper is known by. */
export interface WrapperPlace {
  readonly path: string;
  readonly line: number;
}

/** A function that asks for flags. Lines and columns 1-based. */
export interface CallingFunction {
  readonly path: string;
  readonly name: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  /** Set where it is a wrapper: then it has callers of its own. */
  readonly wrapper: WrapperPlace | null;
}

/** One function that calls, or the file itself where `from` is null, with the places where it does. */
export interface CallIn {
  readonly path: string;
  readonly from: CallingFunction | null;
  readonly at: readonly { readonly line: number; readonly column: number; readonly key: string | null }[];
}

export interface EditAnswer {
  readonly serial: number;
  /** All but the code paths that are `kept`. */
  readonly facts: FileFacts;
  /** How many code paths at the start and at the end are those of the answer that was held. */
  readonly kept: { readonly first: number; readonly last: number };
}

export type CodeEvents = {
  progress: { readonly root: string; readonly done: number; readonly total: number };
  /** Facts of these files changed for a reason other than an `edit` of theirs (a constant elsewhere moved). */
  updated: { readonly root: string; readonly paths: readonly string[] };
};

export interface IndexSummary {
  readonly root: string;
  readonly files: number;
  readonly candidates: number;
  readonly references: number;
  readonly milliseconds: number;
  /** Files that were read and parsed; the others were taken as they were kept. */
  readonly parsed: number;
  /** Milliseconds of the search with the reading that goes on meanwhile, of reading the rest, of following names. */
  readonly phases: { readonly search: number; readonly read: number; readonly link: number };
  /** Which engine found the candidates. */
  readonly engine: 'ripgrep' | 'javascript' | 'cache';
  /** Packages of flag SDKs that the code imports, with how many files do. */
  readonly sdks: Readonly<Record<string, number>>;
  /** Why part of the tree was left out, if it was. */
  readonly notes: readonly string[];
  /** Candidates that were not read, or not whole, by path with the reason; how many there are in all. Absent: none. */
  readonly unread?: {
    readonly count: number;
    readonly first: readonly { readonly path: string; readonly why: string }[];
  };
}

/** What the worker is started with. */
export interface CodeWorkerData {
  /** Folder of the grammar .wasm files. */
  readonly grammars: string;
  /** ripgrep executables to try in order; the JavaScript engine answers when none starts. */
  readonly ripgrep: readonly string[];
  /** Folder for the persisted index; null keeps it in memory. */
  readonly storage: string | null;
}
