import * as vscode from 'vscode';
import type { Disposable } from '../../platform/disposable';
import { codeDocuments } from '../documentSelectors';
import { followsNames, type KeysAt } from './keysAt';

/** All tokens of a document that name the flag at the cursor, whatever they are written as. */
export function keyHighlights(keys: KeysAt): Disposable {
  return vscode.languages.registerDocumentHighlightProvider([...codeDocuments], {
    provideDocumentHighlights: (document, position) => {
      const at = keys.at(document, position);
      // Only the first who answers is heard: a name is the language's own to highlight.
      const key = at?.reference.key;
      if (at === undefined || typeof key !== 'string' || (!at.literal && followsNames(document))) return undefined;
      return keys
        .all(document)
        .filter(({ reference }) => reference.key === key)
        .map(({ range, reference }) => new vscode.DocumentHighlight(range, kindOf(reference.kind)));
    },
  });
}

const kindOf = (kind: string): vscode.DocumentHighlightKind =>
  kind === 'definition' ? vscode.DocumentHighlightKind.Write : vscode.DocumentHighlightKind.Read;
