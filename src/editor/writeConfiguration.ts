import * as vscode from 'vscode';
import type { L10n } from '../platform/l10n';
import type { TextDiff } from './textDiff';

export const configurationName = '.sightglass.json';

export interface WriteConfigurationOf {
  readonly diff: TextDiff;
  readonly l10n: L10n;
}

/** The file as it is on disk; null where there is none. */
export async function readText(file: vscode.Uri): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    return null;
  }
}

/**
 * Shows what the configuration would say after an edit, and writes it after a yes to that. What was written
 * there while the question stood, or is not saved yet, is never written over. `facts`: said with the question.
 */
export async function writeConfiguration(
  target: vscode.Uri,
  edit: (before: string | null) => string,
  facts: readonly string[],
  { diff, l10n }: WriteConfigurationOf,
): Promise<void> {
  const { t } = l10n;
  const before = await readText(target);
  const after = edit(before);
  if (after === before) {
    void vscode.window.showInformationMessage(t('{0} says so already.', configurationName));
    return;
  }
  await diff.show(t('{0}: what would be written', configurationName), before ?? '', after);
  const write = t('Write {0}', configurationName);
  const folder = vscode.workspace.getWorkspaceFolder(target)?.name ?? vscode.workspace.asRelativePath(target);
  const answer = await vscode.window.showInformationMessage(
    before === null
      ? t('Write {0} into {1}?', configurationName, folder)
      : t('Change {0} in {1}?', configurationName, folder),
    { modal: true, detail: [...facts, t('It holds no secrets, and you can edit it at any time.')].join('\n') },
    write,
  );
  if (answer !== write) return;
  const dirty = vscode.workspace.textDocuments.some(({ isDirty, uri }) => isDirty && uri.fsPath === target.fsPath);
  if (dirty || (await readText(target)) !== before) {
    void vscode.window.showWarningMessage(
      t('{0} was changed meanwhile: nothing was written. Connect again.', configurationName),
    );
    return;
  }
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(after));
}
