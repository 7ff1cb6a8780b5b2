import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../../platform/disposable';

/** Of git: what is checked out, staged, committed, fetched or being merged. Its lock files come and go with each of these. */
const ofGit = /\/\.git\/(HEAD|index|packed-refs|MERGE_HEAD|refs\/.*)$/;
const nobodys = /\/(\.git|node_modules)\//;

/** Tells of files and of git's own notes that became others, in any folder of the window. */
export function changeWatch(changed: () => void): Disposable {
  const held = new DisposableStack();
  const watcher = held.add(vscode.workspace.createFileSystemWatcher('**/*'));
  const look = ({ path }: vscode.Uri): void => {
    if (!path.endsWith('.lock') && (ofGit.test(path) || !nobodys.test(path))) changed();
  };
  held.add(watcher.onDidChange(look));
  held.add(watcher.onDidCreate(look));
  held.add(watcher.onDidDelete(look));
  held.add(vscode.workspace.onDidChangeWorkspaceFolders(changed));
  return held;
}
