import * as vscode from 'vscode';
import type { ChangeEnd, ChangesApi } from '../change/api';
import type { Disposable } from '../platform/disposable';
import type { L10n } from '../platform/l10n';
import { linkless } from '../view/text';

/** One notification at the end of a change, only where it needs a decision. */
export class ChangeEnds implements Disposable {
  readonly #listening: Disposable;

  constructor({ changes, l10n }: { readonly changes: ChangesApi; readonly l10n: L10n }) {
    this.#listening = changes.onDidEnd((end) => void tell(end, l10n));
  }

  dispose(): void {
    this.#listening.dispose();
  }
}

async function tell({ entry, needs }: ChangeEnd, l10n: L10n): Promise<void> {
  if (needs === 'nothing') return;
  const words = entry.verification?.words ?? entry.steps.at(-1)?.words ?? '';
  const about = `${entry.plan.ref.key}: ${words}`;
  const journal = l10n.t('Show journal');
  const configuration = l10n.t('Open .sightglass.json');
  const advice =
    needs === 'writeInPlace'
      ? l10n.t(
          'Services do not follow the file. If it is mounted into a container, set "write": "inPlace" for its environment.',
        )
      : '';
  const buttons = needs === 'writeInPlace' ? [configuration, journal] : [journal];
  const answer = await vscode.window.showWarningMessage(
    linkless([about, advice].filter((part) => part !== '').join(' ')),
    ...buttons,
  );
  if (answer === journal) await vscode.commands.executeCommand('sightglass.showJournal');
  if (answer === configuration) await vscode.commands.executeCommand('sightglass.connectFlagSystem');
}
