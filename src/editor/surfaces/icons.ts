import * as vscode from 'vscode';
import type { ShareIcon, TreeIcon } from '../../view/output';

type Shade = 'light' | 'dark';

export function iconFile(extension: vscode.Uri, icon: ShareIcon, regression: boolean, shade: Shade): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'media/icons', `${icon}${regression ? '-regression' : ''}-${shade}.svg`);
}

export function treeIcon(extension: vscode.Uri, icon: TreeIcon): vscode.TreeItem['iconPath'] {
  if (!icon) return undefined;
  if (icon.kind === 'codicon')
    return new vscode.ThemeIcon(icon.id, icon.tone ? new vscode.ThemeColor(`sightglass.${icon.tone}`) : undefined);
  return {
    light: iconFile(extension, icon.icon, icon.regression, 'light'),
    dark: iconFile(extension, icon.icon, icon.regression, 'dark'),
  };
}
