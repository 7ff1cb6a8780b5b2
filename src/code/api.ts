import type { FileFacts } from '../model/reference';

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
  /** Text of an open document (unsaved text counts). The answer is facts of that very text. */
  edit: (request: {
    readonly root: string;
    readonly path: string;
    readonly text: string;
    readonly version: string;
  }) => Promise<FileFacts>;
  /** The document is closed: what is on disk counts again. */
  close: (request: { readonly root: string; readonly path: string }) => Promise<void>;
  facts: (request: { readonly root: string; readonly path: string }) => Promise<FileFacts | null>;
  /** All references (optionally of one key), ordered by path and line; at most `limit`. */
  references: (request: {
    readonly root: string;
    readonly key?: string;
    readonly limit: number;
  }) => Promise<readonly FileFacts[]>;
  forget: (request: { readonly root: string }) => Promise<void>;
};

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
  /** Which engine found the candidates. */
  readonly engine: 'ripgrep' | 'javascript' | 'cache';
  /** Packages of flag SDKs that the code imports, with how many files do. */
  readonly sdks: Readonly<Record<string, number>>;
  /** Why part of the tree was left out, if it was. */
  readonly notes: readonly string[];
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
