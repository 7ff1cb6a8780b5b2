import * as vscode from 'vscode';
import type { Place } from '../../review/report';
import type { ReportAnswer, Reviewed } from './impactReview';

/**
 * Where a place of a report is shown as it was looked at: what is gone, and what lies in a commit or is staged, in git's
 * own documents. `file`: the same path as it lies there.
 */
export function placeUri(
  { side, path }: Pick<Place, 'side' | 'path'>,
  answer: ReportAnswer,
  of: Reviewed,
): { readonly shown: vscode.Uri; readonly file: vscode.Uri } {
  const file = vscode.Uri.joinPath(vscode.Uri.file(answer.top), path);
  const revision = side === 'base' ? answer.parted : (answer.report.head.commit ?? (of.staged ? '' : null));
  // As the built-in git extension writes them; an empty ref is what is staged.
  const query = JSON.stringify({ path: file.fsPath, ref: revision });
  return { file, shown: revision === null ? file : file.with({ scheme: 'git', query }) };
}

/** Opens a place of a report; where VS Code's git does not show what was, the file as it lies there. */
export async function openPlace(place: Place, answer: ReportAnswer, of: Reviewed): Promise<void> {
  const { shown, file } = placeUri(place, answer, of);
  const selection = new vscode.Range(place.line - 1, 0, Math.max(place.line, place.endLine) - 1, 0);
  const at: vscode.TextDocumentShowOptions = { selection, preview: true };
  try {
    await vscode.window.showTextDocument(shown, at);
  } catch (error) {
    if (shown === file) throw error;
    // There is no git extension, or it does not have this repository open.
    await vscode.window.showTextDocument(file, at);
  }
}
