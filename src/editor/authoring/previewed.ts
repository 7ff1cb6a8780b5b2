import * as vscode from 'vscode';

export interface PreviewedEdit {
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
  readonly text: string;
}

/**
 * Shows edits in VS Code's preview of refactorings, and makes those that are agreed to. False: none was made. The first is
 * the one to agree to; what the others add does no harm without it, and comes ticked.
 */
export async function applyPreviewed(
  edits: readonly PreviewedEdit[],
  label: string,
  description: string,
): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  for (const [at, { uri, range, text }] of edits.entries())
    edit.replace(uri, range, text, { needsConfirmation: at === 0, label, description });
  return vscode.workspace.applyEdit(edit, { isRefactoring: true });
}
