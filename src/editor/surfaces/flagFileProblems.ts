import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { Event } from '../../platform/emitter';
import type { Problem } from '../../model/problem';
import type { DiagnosticSeverity } from '../../view/diagnostics/diagnostic';
import { explanationAddress } from '../../view/diagnostics/explanations';
import { isOfFlagFile } from '../../view/diagnostics/flagFile';
import { shownSeverities } from '../diagnostics/drawnDiagnostic';

export interface ProblemSource {
  problems(): readonly Problem[];
  /** How grave what is told by the code `flag-file` is; `off`: it is not drawn. */
  severity(): DiagnosticSeverity | 'off';
  readonly onDidChangeProblems: Event<void>;
  readonly onDidChangeSeverity: Event<unknown>;
}

/** What is wrong with flag files and configuration, at the place. */
export function flagFileProblems(source: ProblemSource): Disposable {
  const held = new DisposableStack();
  const collection = held.add(vscode.languages.createDiagnosticCollection('sightglass'));
  const draw = (): void => {
    const byFile = new Map<string, vscode.Diagnostic[]>();
    const severity = source.severity();
    for (const problem of source.problems()) {
      const ofFile = isOfFlagFile(problem);
      if (problem.path === undefined || (ofFile && severity === 'off')) continue;
      const drawn = diagnostic(problem);
      if (ofFile && severity !== 'off') {
        drawn.severity = shownSeverities[severity];
        drawn.code = { value: problem.code, target: vscode.Uri.parse(explanationAddress('flag-file')) };
      }
      byFile.set(problem.path, [...(byFile.get(problem.path) ?? []), drawn]);
    }
    collection.clear();
    for (const [path, diagnostics] of byFile) collection.set(vscode.Uri.file(path), diagnostics);
  };
  held.add(source.onDidChangeProblems(draw));
  held.add(source.onDidChangeSeverity(draw));
  draw();
  return held;
}

const severities: Readonly<Record<Problem['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

function diagnostic(problem: Problem): vscode.Diagnostic {
  const line = (problem.line ?? 1) - 1;
  const column = (problem.column ?? 1) - 1;
  const range = new vscode.Range(
    line,
    column,
    (problem.endLine ?? problem.line ?? 1) - 1,
    problem.endColumn === undefined ? Number.MAX_SAFE_INTEGER : problem.endColumn - 1,
  );
  const made = new vscode.Diagnostic(range, problem.message, severities[problem.severity]);
  made.source = 'Sightglass';
  made.code = problem.code;
  return made;
}
