import type { Translations } from '../platform/l10n';
import type { ImpactTree } from './impactTree';
import type { Report } from './report';

/** What the worker is started with. Folders are absolute. */
export interface ReviewWorkerData {
  readonly translations: Translations;
  /** The per-user folder. */
  readonly home: string;
  readonly grammars: string;
  /** ripgrep executables to try in order. */
  readonly ripgrep: readonly string[];
}

/** What a review is at. */
export type ReviewStep = 'compare' | 'flags' | 'telemetry' | 'code' | 'signals' | 'consumers';

/** Paths are absolute. Revisions as a person writes them. */
export interface ReviewRequest {
  readonly folder: string;
  /** null: where the change left the default branch. */
  readonly base: string | null;
  /** null: the working tree, or what is staged. */
  readonly head: string | null;
  readonly staged: boolean;
  readonly windowMinutes: number;
  readonly busyPerMinute: number;
  /** What the user's settings say of environments. */
  readonly protection: { readonly protected: readonly string[]; readonly unprotected: readonly string[] };
  /** What the editor knows is not looked at. */
  readonly unsaved: readonly string[];
}

/** A report, or why there is none; `words` in the display language. */
export type ReviewAnswer =
  | {
      readonly kind: 'report';
      readonly report: Report;
      readonly tree: ImpactTree;
      /** Absolute folder that the report's paths are in. */
      readonly top: string;
      /** The commit that lines without the change are of; null: there is none yet. */
      readonly parted: string | null;
    }
  | { readonly kind: 'noGit' | 'noRepository' | 'cannot'; readonly words: string };

export type ReviewFormat = 'markdown' | 'html' | 'json';

/** Branches to choose from; `defaultBase`: the one that is taken where none is named. */
export interface KnownBranches {
  readonly branches: readonly { readonly name: string; readonly isCurrent: boolean }[];
  readonly defaultBase: string | null;
}

/** What the worker answers. It keeps nothing from one request to the next. */
export type ReviewMethods = {
  review: (request: ReviewRequest, signal: AbortSignal) => Promise<ReviewAnswer>;
  /** null: the folder is in no repository, or git cannot be asked. */
  branches: (request: { readonly folder: string }, signal: AbortSignal) => Promise<KnownBranches | null>;
  write: (request: { readonly report: Report; readonly format: ReviewFormat }) => Promise<string>;
};

export type ReviewEvents = { step: ReviewStep };
