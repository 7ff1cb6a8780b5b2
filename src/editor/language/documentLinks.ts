import * as vscode from 'vscode';
import type { Flags } from '../../flags/api';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { L10n } from '../../platform/l10n';
import { codeDocuments } from '../documentSelectors';
import { flagFileDocuments } from './flagFileDocuments';
import type { FlagPlaces } from './flagPlaces';
import type { KeysAt } from './keysAt';
import { pageOf } from './systemPage';

/** More links than these a document are none that somebody follows. */
const most = 2_000;

/** A key in code leads to the flag's page where its system has one, a key in a flag file to the code that asks for it. */
export function keyLinks(of: {
  readonly keys: KeysAt;
  readonly flags: Flags;
  readonly places: FlagPlaces;
  readonly l10n: L10n;
}): Disposable {
  const { keys, flags, places, l10n } = of;
  const held = new DisposableStack();
  held.add(
    vscode.languages.registerDocumentLinkProvider([...codeDocuments], {
      provideDocumentLinks: (document) =>
        keys.all(document).flatMap(({ range, reference: { key }, literal }) => {
          if (!literal || key === null) return [];
          const [page] = flags.resolve(key, document.uri.fsPath).flatMap(({ flag }) => pageOf(flags, flag.ref) ?? []);
          if (!page) return [];
          const link = new vscode.DocumentLink(range, page);
          link.tooltip = l10n.t('Open the flag in its system');
          return [link];
        }),
    }),
  );
  held.add(
    vscode.languages.registerDocumentLinkProvider([...flagFileDocuments], {
      provideDocumentLinks: (document) =>
        places.inFile(document, most).map(({ ref, range }) => {
          const argument = encodeURIComponent(JSON.stringify([{ ref }]));
          const link = new vscode.DocumentLink(
            range,
            vscode.Uri.parse(`command:sightglass.peekFlagReferences?${argument}`),
          );
          link.tooltip = l10n.t('Show where the flag is asked for');
          return link;
        }),
    }),
  );
  return held;
}
