import * as vscode from 'vscode';
import type { Disposable } from '../../platform/disposable';
import type { L10n } from '../../platform/l10n';
import type { DiagnosticFix } from '../../view/diagnostics/diagnostic';
import { isPlainInCode } from '../../view/keyInCode';
import { quoted } from '../../view/text';
import { codeDocuments } from '../documentSelectors';
import { DrawnDiagnostic } from './drawnDiagnostic';

/** The text that a result is compared with stands at its call or below it: so many lines are looked through. */
const linesBelow = 60;

/** Fixes of what is drawn by {@link FlagDiagnostics}, where what is to be written is certain. */
export function flagQuickFixes(l10n: L10n): Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions: (document, _range, { diagnostics }) =>
      // VS Code hands out what was drawn, as it was drawn.
      vscode.languages
        .getDiagnostics(document.uri)
        .filter((one): one is DrawnDiagnostic => one instanceof DrawnDiagnostic)
        .filter((one) => diagnostics.some((shown) => isSame(shown, one)))
        .flatMap((one) => one.flag.fixes.flatMap((fix, at) => actionFor(document, one, fix, at === 0, l10n) ?? [])),
  };
  return vscode.languages.registerCodeActionsProvider([...codeDocuments], provider, {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  });
}

const isSame = (a: vscode.Diagnostic, b: vscode.Diagnostic): boolean =>
  a.message === b.message && a.range.isEqual(b.range);

function actionFor(
  document: vscode.TextDocument,
  diagnostic: DrawnDiagnostic,
  fix: DiagnosticFix,
  isPreferred: boolean,
  { t }: L10n,
): vscode.CodeAction | undefined {
  const made = (title: string): vscode.CodeAction => {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.isPreferred = isPreferred;
    return action;
  };
  if (fix.kind === 'createFlag') {
    const action = made(t('Create flag {0}…', quoted(fix.key)));
    const { key, type } = fix;
    const proposed = { key, ...(type === null ? {} : { type }) };
    action.command = { command: 'sightglass.createFlag', title: action.title, arguments: [proposed] };
    action.isPreferred = false;
    return action;
  }
  if (!isPlainInCode(fix.to)) return undefined;
  const { range } = diagnostic;
  const found =
    fix.kind === 'replaceKey'
      ? inToken(document, range, fix.from)
      : comparedText(document, diagnostic.flag.related[0]?.place.endLine ?? range.start.line + 1, range, fix.from);
  if (!found) return undefined;
  const action = made(
    fix.kind === 'replaceKey' ? t('Write {0}', quoted(fix.to)) : t('Compare with {0}', quoted(fix.to)),
  );
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, found, fix.to);
  return action;
}

/** Where a key is written inside its token; a constant that holds it stands elsewhere. */
function inToken(document: vscode.TextDocument, range: vscode.Range, text: string): vscode.Range | undefined {
  const at = document.getText(range).indexOf(text);
  const isWritten = at > 0 || document.getText(range) === text;
  if (at < 0 || !isWritten) return undefined;
  return new vscode.Range(range.start.translate(0, at), range.start.translate(0, at + text.length));
}

/** The one place at the call or below it where this text stands in quotes; several or none: it is not certain which. */
function comparedText(
  document: vscode.TextDocument,
  last: number,
  { start }: vscode.Range,
  text: string,
): vscode.Range | undefined {
  const end = Math.min(document.lineCount, Math.max(last, start.line + 1), start.line + linesBelow);
  const within = new vscode.Range(start.line, 0, end, 0);
  const from = document.offsetAt(within.start);
  const whole = document.getText(within);
  const found = ["'", '"', '`'].flatMap((sign) => {
    const written = `${sign}${text}${sign}`;
    const at: number[] = [];
    for (let one = whole.indexOf(written); one >= 0; one = whole.indexOf(written, one + 1)) at.push(from + one + 1);
    return at;
  });
  const [only, another] = found;
  if (only === undefined || another !== undefined) return undefined;
  return new vscode.Range(document.positionAt(only), document.positionAt(only + text.length));
}
