import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { L10n } from '../../platform/l10n';
import { nameGiven } from '../../view/keyToken';
import { linkless, quoted } from '../../view/text';
import { codeDocuments } from '../documentSelectors';
import { flagFileDocuments } from './flagFileDocuments';
import type { FlagPlaces } from './flagPlaces';
import type { KeysAt } from './keysAt';

/**
 * Renaming at a key. The key itself is never renamed: it is what the flag is known by where it is served, and code that
 * asks for another one asks for another flag. Where the text is what a constant holds, the constant is renamed, by the
 * language's own extension; names that stand for a key are that extension's alone.
 */
export function keyRename(of: { readonly keys: KeysAt; readonly places: FlagPlaces; readonly l10n: L10n }): Disposable {
  const { keys, places, l10n } = of;
  const refusal = (key: string): Error =>
    new Error(
      linkless(
        l10n.t(
          '{0} is the key that the flag is known by: renamed here only, this asks for another flag. Rename a constant that holds it, or create a flag of the new name.',
          quoted(key),
        ),
      ),
    );
  const constantAt = (document: vscode.TextDocument, position: vscode.Position): vscode.Range | undefined => {
    const at = keys.at(document, position);
    if (at?.literal !== true) return undefined;
    const { line, character } = at.range.start;
    const name = nameGiven(document.lineAt(line).text, character, document.languageId);
    if (name && at.reference.kind === 'definition') return new vscode.Range(line, name.from, line, name.to);
    throw refusal(at.reference.key ?? at.reference.pattern ?? '');
  };
  const held = new DisposableStack();
  held.add(
    vscode.languages.registerRenameProvider([...codeDocuments], {
      prepareRename: (document, position) => {
        const range = constantAt(document, position);
        return range && { range, placeholder: document.getText(range) };
      },
      provideRenameEdits: async (document, position, newName) => {
        const range = constantAt(document, position);
        if (!range) return undefined;
        const edit = await renamed(document.uri, range.start, newName);
        if (edit && edit.size > 0) return edit;
        const name = quoted(document.getText(range));
        throw new Error(linkless(l10n.t('No extension here renames {0}: the language has none that does.', name)));
      },
    }),
  );
  held.add(
    vscode.languages.registerRenameProvider([...flagFileDocuments], {
      prepareRename: (document, position) => {
        const at = places.at(document, position);
        if (at) throw refusal(at.ref.key);
        return undefined;
      },
      provideRenameEdits: (document, position) => {
        const at = places.at(document, position);
        if (at) throw refusal(at.ref.key);
        return undefined;
      },
    }),
  );
  return held;
}

/** What the language's own extension makes of it; undefined where there is none, which VS Code throws for. */
async function renamed(
  uri: vscode.Uri,
  position: vscode.Position,
  newName: string,
): Promise<vscode.WorkspaceEdit | undefined> {
  try {
    return await vscode.commands.executeCommand<vscode.WorkspaceEdit | undefined>(
      'vscode.executeDocumentRenameProvider',
      uri,
      position,
      newName,
    );
  } catch {
    return undefined;
  }
}
