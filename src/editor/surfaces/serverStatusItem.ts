import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { L10n } from '../../platform/l10n';
import { serverStatus } from '../../view/serverRows';
import type { Servers } from '../servers';
import { actionCommand } from './actionCommand';

/** Says that servers wait for a yes or a token; nothing pops up. */
export function serverStatusItem(servers: Pick<Servers, 'waiting' | 'onDidChange'>, l10n: L10n): Disposable {
  const held = new DisposableStack();
  const item = held.add(vscode.window.createStatusBarItem('sightglass.servers', vscode.StatusBarAlignment.Right, 89));
  item.name = l10n.t('Sightglass: servers that wait');
  const draw = (): void => {
    const model = serverStatus(servers.waiting, l10n);
    if (!model) {
      item.hide();
      return;
    }
    const { command, argument } = actionCommand(model.action);
    item.text = model.text;
    item.tooltip = model.tooltip;
    item.accessibilityInformation = { label: model.label, role: 'button' };
    item.command = { command, title: model.label, ...(argument === undefined ? {} : { arguments: [argument] }) };
    item.show();
  };
  held.add(servers.onDidChange(draw));
  draw();
  return held;
}
