import * as vscode from 'vscode';
import type { Disposable } from '../../platform/disposable';
import { codeDocuments } from '../documentSelectors';
import type { FileViews } from './fileViews';
import { hoverMarkdownString } from './markdown';

/** What a flag is and does, over its name and its call. */
export function flagHover(views: FileViews): Disposable {
  return vscode.languages.registerHoverProvider([...codeDocuments], {
    provideHover: (document, position) => {
      for (const hover of views.view(document)?.hovers ?? []) {
        const { range } = hover;
        const start = views.position(document, range.startLine, range.startColumn);
        const end = views.position(document, range.endLine, range.endColumn);
        if (!start || !end) continue;
        const at = new vscode.Range(start, end);
        if (at.contains(position)) return new vscode.Hover(hoverMarkdownString(hover.model()), at);
      }
      return undefined;
    },
  });
}
