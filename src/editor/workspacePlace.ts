import * as vscode from 'vscode';

/** A document's place as the finder names it: the workspace folder and the path in it, with `/`. */
export interface WorkspacePlace {
  readonly root: string;
  readonly path: string;
  /** The document is a side of a diff or a new file: no file of that path, its references are listed nowhere. */
  readonly virtual: boolean;
}

/** Marks paths of documents that are not files, so that a diff's old side does not stand in for the file. */
const virtualMark = '~sightglass-';

/** Undefined for documents outside every folder of the window. */
export function workspacePlace(uri: vscode.Uri): WorkspacePlace | undefined {
  if (uri.scheme === 'file' || uri.scheme === 'vscode-remote') {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return folder && { root: folder.uri.fsPath, path: relative(folder.uri, uri), virtual: false };
  }
  const folder =
    vscode.workspace.workspaceFolders?.find((one) => uri.path.startsWith(`${one.uri.path}/`)) ??
    (uri.scheme === 'untitled' ? vscode.workspace.workspaceFolders?.[0] : undefined);
  if (!folder) return undefined;
  const path = uri.path.startsWith(`${folder.uri.path}/`) ? relative(folder.uri, uri) : uri.path.replace(/^\/+/, '');
  const cut = path.lastIndexOf('/') + 1;
  // The folder stays, so that its imports resolve as the file's do.
  return {
    root: folder.uri.fsPath,
    path: `${path.slice(0, cut)}${virtualMark}${uri.scheme}-${path.slice(cut)}`,
    virtual: true,
  };
}

export function isVirtualPath(path: string): boolean {
  return path.includes(virtualMark);
}

function relative(folder: vscode.Uri, uri: vscode.Uri): string {
  return uri.path.slice(folder.path.replace(/\/$/, '').length + 1);
}
