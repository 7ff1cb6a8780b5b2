import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { FrontDocument } from '../frontDocument';
import { actionCommand } from './actionCommand';
import type { FileViews } from './fileViews';

/** Environment, window and flags of the file in front. */
export function statusBar(views: FileViews, front: FrontDocument): Disposable {
  const held = new DisposableStack();
  const item = held.add(vscode.window.createStatusBarItem('sightglass.file', vscode.StatusBarAlignment.Right, 90));
  item.name = vscode.l10n.t('Sightglass: flags of the file');
  const warning = new vscode.ThemeColor('statusBarItem.warningBackground');
  const draw = (): void => {
    const document = front.current;
    const model = document ? views.view(document)?.statusBar : null;
    if (!model) {
      item.hide();
      return;
    }
    const { command, argument } = actionCommand(model.action);
    item.text = model.text;
    item.tooltip = model.tooltip;
    item.accessibilityInformation = { label: model.label, role: 'button' };
    item.backgroundColor = model.warning ? warning : undefined;
    item.command = { command, title: model.label, ...(argument === undefined ? {} : { arguments: [argument] }) };
    item.show();
  };
  held.add(views.onDidChangeViews(draw));
  held.add(front.onDidChange(draw));
  draw();
  return held;
}
