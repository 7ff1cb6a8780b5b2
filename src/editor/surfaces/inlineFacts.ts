import * as vscode from 'vscode';
import type { Clock } from '../../platform/clock';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { FileView } from '../../view/output';
import { codeDocuments } from '../documentSelectors';
import type { FileViews } from './fileViews';
import { HintPrompts } from './hintPrompts';
import { hoverMarkdownString } from './markdown';

/** The fact at the end of each evaluating call. */
export function inlineFacts(views: FileViews, clock: Clock): Disposable {
  const held = new DisposableStack();
  const changed = held.add(new vscode.EventEmitter<void>());
  const prompts = held.add(new HintPrompts(clock, () => changed.fire()));
  held.add(views.onDidChangeViews((documents) => prompts.changed(documents)));
  held.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => prompts.closed(uri.toString())));
  const ofHint = new WeakMap<
    vscode.InlayHint,
    { readonly view: FileView; readonly line: number; readonly column: number }
  >();
  held.add(
    vscode.languages.registerInlayHintsProvider([...codeDocuments], {
      onDidChangeInlayHints: changed.event,
      provideInlayHints: (document, range) => {
        prompts.asked(document.uri.toString());
        return (views.view(document)?.inline ?? []).flatMap((fact) => {
          const position = views.position(document, fact.line, fact.column);
          if (!position || !range.contains(position)) return [];
          const hint = new vscode.InlayHint(position, fact.text);
          hint.paddingLeft = true;
          const view = views.view(document);
          if (view) ofHint.set(hint, { view, line: fact.line, column: fact.column });
          return [hint];
        });
      },
      resolveInlayHint: (hint) => {
        const at = ofHint.get(hint);
        const hover = at?.view.hovers.find(
          ({ range }) => (range.endLine === at.line && range.endColumn <= at.column + 1) || range.startLine === at.line,
        );
        if (hover) hint.tooltip = hoverMarkdownString(hover.model());
        return hint;
      },
    }),
  );
  return held;
}
