import * as vscode from 'vscode';
import type { Place } from '../../review/report';
import type { ReportAnswer, Reviewed } from './impactReview';

/**
 * Opens a place of a report as it was looked at: what is gone, and what lies in a commit or is staged, in git's own
 * documents; where VS Code's git does not show them, the file as it lies there.
 */
export async function openPlace(
  { side, path, line, endLine }: Place,
  answer: ReportAnswer,
  of: Reviewed,
): Promise<void> {
  const file = vscode.Uri.joinPath(vscode.Uri.file(answer.top), path);
  const revision = side === 'base' ? answer.parted : (answer.report.head.commit ?? (of.staged ? '' : null));
  const selection = new vscode.Range(line - 1, 0, Math.max(line, endLine) - 1, 0);
  const at: vscode.TextDocumentShowOptions = { selection, preview: true };
  if (revision !== null) {
    // As the built-in git extension writes them; an empty ref is what is staged.
    const query = JSON.stringify({ path: file.fsPath, ref: revision });
    try {
      await vscode.window.showTextDocument(file.with({ scheme: 'git', query }), at);
      return;
    } catch {
      // There is no git extension, or it does not have this repository open.
    }
  }
  await vscode.window.showTextDocument(file, at);
}
