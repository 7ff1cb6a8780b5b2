import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import { codeDocuments } from '../documentSelectors';
import { iconless } from '../../view/text';
import { actionCommand } from './actionCommand';
import type { FileViews } from './fileViews';

/** Calls, errors and latency above functions and routes; each part does one thing. */
export function functionLenses(views: FileViews): Disposable {
  const held = new DisposableStack();
  const changed = held.add(new vscode.EventEmitter<void>());
  held.add(views.onDidChangeViews(() => changed.fire()));
  held.add(
    vscode.languages.registerCodeLensProvider([...codeDocuments], {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: (document) =>
        (views.view(document)?.lenses ?? []).flatMap(({ line, parts }) => {
          const position = views.position(document, line, 1);
          if (!position) return [];
          const range = new vscode.Range(position, position);
          return parts.map(({ text, tooltip, action }) => {
            const { command, argument } = action ? actionCommand(action) : { command: '', argument: undefined };
            return new vscode.CodeLens(range, {
              title: iconless(text),
              tooltip,
              command,
              ...(argument === undefined ? {} : { arguments: [argument] }),
            });
          });
        }),
    }),
  );
  return held;
}
