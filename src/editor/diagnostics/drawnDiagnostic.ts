import * as vscode from 'vscode';
import type {
  DiagnosticCode,
  DiagnosticPlace,
  DiagnosticSeverity,
  FlagDiagnostic,
} from '../../view/diagnostics/diagnostic';
import { explanationAddress } from '../../view/diagnostics/explanations';
import { keyToken } from '../../view/keyToken';

export const shownSeverities: Readonly<Record<DiagnosticSeverity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

const tags: Partial<Readonly<Record<DiagnosticCode, vscode.DiagnosticTag>>> = {
  'flag-archived': vscode.DiagnosticTag.Deprecated,
  'flag-unreferenced': vscode.DiagnosticTag.Unnecessary,
};

/** A diagnostic as VS Code shows it, with what its quick fixes are made of. */
export class DrawnDiagnostic extends vscode.Diagnostic {
  constructor(
    readonly flag: FlagDiagnostic,
    range: vscode.Range,
  ) {
    super(range, flag.message, shownSeverities[flag.severity]);
    this.source = 'Sightglass';
    this.code = { value: flag.code, target: vscode.Uri.parse(explanationAddress(flag.code)) };
    const tag = tags[flag.code];
    if (tag !== undefined) this.tags = [tag];
    if (flag.related.length > 0)
      this.relatedInformation = flag.related.map(
        ({ place, message }) =>
          new vscode.DiagnosticRelatedInformation(new vscode.Location(placeUri(place), placeRange(place)), message),
      );
  }
}

export function placeUri({ root, path }: Pick<DiagnosticPlace, 'root' | 'path'>): vscode.Uri {
  return root === null ? vscode.Uri.file(path) : vscode.Uri.joinPath(vscode.Uri.file(root), path);
}

/** The whole of a place, as it was when it was found. */
export function placeRange({ line, column, endLine, endColumn }: DiagnosticPlace): vscode.Range {
  const end = endColumn === null ? Number.MAX_SAFE_INTEGER : endColumn - 1;
  return new vscode.Range(line - 1, column - 1, endLine - 1, end);
}

/**
 * The token that names the flag, where it stands in a text: of a call in code, of a key in a flag file. `lineOf` gives
 * a line of the text (0-based), undefined where it is not at hand: then as much as the key is long.
 */
export function tokenRange(
  { place, key }: { readonly place: DiagnosticPlace; readonly key: string },
  start: { readonly line: number; readonly character: number },
  lineOf: (line: number) => string | undefined,
): vscode.Range {
  const { line, character } = start;
  const text = lineOf(line);
  if (place.root === null) {
    const quotedAt = text?.indexOf(JSON.stringify(key)) ?? -1;
    const at = quotedAt >= 0 ? quotedAt + 1 : (text?.indexOf(key) ?? -1);
    if (at >= 0) return new vscode.Range(line, at, line, at + key.length);
    return new vscode.Range(line, 0, place.endLine - 1 + line - (place.line - 1), Number.MAX_SAFE_INTEGER);
  }
  const token = text === undefined ? null : keyToken(text, character, key);
  const guessed = place.endLine === place.line ? Math.min(key.length + 2, (place.endColumn ?? 0) - place.column) : 0;
  const to = token?.to ?? character + Math.max(1, guessed);
  return new vscode.Range(line, character, line, to);
}
