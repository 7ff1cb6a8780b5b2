import type { FlagSnapshot } from '../../model/flag';
import type { Reference } from '../../model/reference';
import type { L10n } from '../../platform/l10n';
import type { FlagLookup } from '../input';
import { quoted } from '../text';
import type { DiagnosticCode, DiagnosticPlace, DiagnosticSeverities, FlagDiagnostic } from './diagnostic';

/** What the finder knows of one file. `root`: the absolute folder that `path`, with `/`, is relative to. */
export interface DiagnosedFile {
  readonly root: string;
  readonly path: string;
  readonly references: readonly Reference[];
}

/** What every rule is decided from, beside the references. */
export interface Diagnosing {
  /** Flags as keys of a file resolve. Asked once a file; the same one as long as nothing changed. */
  readonly seenFrom: (file: Pick<DiagnosedFile, 'root' | 'path'>) => FlagLookup;
  readonly severities: DiagnosticSeverities;
  readonly l10n: L10n;
}

/** One evaluation that is certainly of this key, outside of tests, and the flags that it may be of: one or more. */
export interface Evaluation {
  readonly reference: Reference & { readonly key: string };
  readonly flags: readonly [FlagSnapshot, ...FlagSnapshot[]];
  readonly lookup: FlagLookup;
}

/** What a rule finds, without what all findings have. */
export type Finding = Pick<FlagDiagnostic, 'message'> & Partial<Pick<FlagDiagnostic, 'related' | 'fixes'>>;

/** One code's way to look at an evaluation of a flag that is known. */
export interface EvaluationRule {
  readonly code: DiagnosticCode;
  readonly find: (at: Evaluation, l10n: L10n, placed: (region: Region) => DiagnosticPlace) => readonly Finding[];
}

type Region = Pick<Reference, 'line' | 'column' | 'endLine' | 'endColumn'>;

export function placeOf(file: Pick<DiagnosedFile, 'root' | 'path'>, at: Region): DiagnosticPlace {
  const { line, column, endLine, endColumn } = at;
  return { root: file.root, path: file.path, line, column, endLine, endColumn };
}

/** A project where exactly one says it. */
export function onlyProject(flags: readonly FlagSnapshot[]): FlagDiagnostic['project'] {
  const [flag, another] = flags;
  return flag && !another ? { system: flag.ref.system, project: flag.ref.project } : null;
}

/** `flags/shop`, as the command line takes it too; bounded, since the names are from outside. */
export function projectNames(of: readonly { readonly system: string; readonly project: string }[]): string {
  const most = 3;
  const names = of.slice(0, most).map(({ system, project }) => `${system}/${project}`);
  const rest = of.length - most;
  return quotedList(rest > 0 ? [...names, '…'] : names);
}

/** Several names, each quoted; the last of them may be `…`. */
export function quotedList(names: readonly string[]): string {
  return names.map((name) => (name === '…' ? name : quoted(name))).join(', ');
}
