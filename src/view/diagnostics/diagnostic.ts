import type { CreatableType } from '../../model/change';

/** Every code, in the order of their explanations. `scan --format sarif` names rules alike. */
export const diagnosticCodes = [
  'flag-undefined',
  'flag-unreferenced',
  'flag-wrong-type',
  'flag-default-differs',
  'flag-archived',
  'flag-client-unavailable',
  'variant-undefined',
  'flag-file',
] as const;
export type DiagnosticCode = (typeof diagnosticCodes)[number];

/** From the gravest on. */
export const diagnosticSeverities = ['error', 'warning', 'information', 'hint'] as const;
export type DiagnosticSeverity = (typeof diagnosticSeverities)[number];

/** What the reader set for each code; `off`: it is not looked for. */
export type DiagnosticSeverities = Readonly<Record<DiagnosticCode, DiagnosticSeverity | 'off'>>;

/**
 * Where it stands, 1-based, end column excluded (UTF-16 units). `root`: the absolute folder that `path`, with `/`, is
 * relative to; null: `path` is absolute, as of a flag file. Of a reference: from the token that names the flag to the end
 * of the call, as its record has it; a surface may narrow it to the token. `endColumn` null: to the end of `endLine`.
 */
export interface DiagnosticPlace {
  readonly root: string | null;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number | null;
}

/** A change by which it goes away. Certain of what is to be written, not that it is meant: a person chooses it. */
export type DiagnosticFix =
  /** The key is written as another. */
  | { readonly kind: 'replaceKey'; readonly from: string; readonly to: string }
  /** A flag of this key is made, by the way of every change; `type` null: not known from the calls. */
  | { readonly kind: 'createFlag'; readonly key: string; readonly type: CreatableType | null }
  /** The text that the result is compared with is another; it stands at or behind `place`, in quotes. */
  | { readonly kind: 'replaceVariant'; readonly from: string; readonly to: string };

/** One thing that code and a flag system say differently. `message` is plain text in the display language. */
export interface FlagDiagnostic {
  readonly code: DiagnosticCode;
  readonly severity: DiagnosticSeverity;
  readonly key: string;
  /** The project of the flag system that says so; null where several do, or where only code does. */
  readonly project: { readonly system: string; readonly project: string } | null;
  /** null: a flag of a server that is named nowhere here. */
  readonly place: DiagnosticPlace | null;
  readonly message: string;
  /** Other places that say it, the most telling first. */
  readonly related: readonly { readonly place: DiagnosticPlace; readonly message: string }[];
  /** The best first; empty where none is certain. */
  readonly fixes: readonly DiagnosticFix[];
}
