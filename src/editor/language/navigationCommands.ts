import * as vscode from 'vscode';
import type { L10n } from '../../platform/l10n';
import type { CommandHandler } from '../commandTable';
import type { FlagPick } from '../flagPick';
import { parseProposal } from '../proposal';
import type { KeysAt } from './keysAt';
import { placesNaming, type ReferencesOf } from './references';

export interface NavigationOf extends Omit<ReferencesOf, 'keys'> {
  readonly keys: KeysAt;
  readonly pick: FlagPick;
  readonly l10n: L10n;
}

type NavigationCommand = 'sightglass.peekFlagReferences' | 'sightglass.goToRegionFlag';

/** What leads from one place of a flag to its others. */
export function navigationCommands(of: NavigationOf): Readonly<Record<NavigationCommand, CommandHandler>> {
  return {
    'sightglass.peekFlagReferences': (argument) => peekReferences(of, argument),
    'sightglass.goToRegionFlag': () => goToRegionFlag(of),
  };
}

/** All places that name a flag, in the editor's own peek: of the flag given, at the cursor, or picked. */
async function peekReferences(of: NavigationOf, argument: unknown): Promise<void> {
  const { pick, l10n } = of;
  const editor = vscode.window.activeTextEditor;
  const proposal = parseProposal(argument);
  const inFile = editor && !proposal.ref ? of.places.at(editor.document, editor.selection.active)?.ref : undefined;
  const at = editor && !proposal.ref ? of.keys.at(editor.document, editor.selection.active) : undefined;
  const known = at?.reference.key ? of.flags.resolve(at.reference.key, editor?.document.uri.fsPath ?? '') : [];
  // A key that nobody knows is written somewhere all the same.
  const key = at?.reference.key && known.length === 0 ? at.reference.key : undefined;
  const flag = key === undefined ? await pick.flag(inFile ? { ...proposal, ref: inFile } : proposal) : undefined;
  const meant = key ?? flag?.flag.ref.key;
  if (meant === undefined) return;
  const found = await placesNaming(of, meant, flag ? [flag.flag.ref] : [], true);
  if (found.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('Nothing here names this flag.'));
    return;
  }
  const locations = found.map(({ uri, range }) => new vscode.Location(uri, range));
  const [first] = locations;
  const from = vscode.window.activeTextEditor;
  if (!from && first) await vscode.window.showTextDocument(first.uri, { selection: first.range });
  const front = vscode.window.activeTextEditor;
  if (!front) return;
  const keyHere = flag && of.places.inFile(front.document, 20_000).find(({ ref }) => ref.key === flag.flag.ref.key);
  const position = keyHere?.range.start ?? front.selection.active;
  await vscode.commands.executeCommand('editor.action.peekLocations', front.document.uri, position, locations, 'peek');
}

/** From code that runs only for some value of a flag to where that flag is asked for; once more: to the one around that. */
async function goToRegionFlag({ keys, l10n }: NavigationOf): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const [key] = keys.around(editor.document, editor.selection.active);
  if (!key) {
    void vscode.window.showInformationMessage(l10n.t('No flag that Sightglass found decides whether this line runs.'));
    return;
  }
  editor.selection = new vscode.Selection(key.range.start, key.range.end);
  editor.revealRange(key.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
