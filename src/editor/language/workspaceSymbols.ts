import * as vscode from 'vscode';
import type { FlagSnapshot } from '../../model/flag';
import type { Disposable } from '../../platform/disposable';
import { stateInShort } from '../../view/stateInShort';
import { keyChoices } from '../../view/keyChoices';
import type { ViewContext } from '../../view/input';
import { iconless, oneLine } from '../../view/text';
import type { FlagPlaces } from './flagPlaces';

const kinds: Readonly<Record<FlagSnapshot['type'], vscode.SymbolKind>> = {
  boolean: vscode.SymbolKind.Boolean,
  string: vscode.SymbolKind.String,
  number: vscode.SymbolKind.Number,
  object: vscode.SymbolKind.Object,
  unknown: vscode.SymbolKind.Constant,
};

/** Flags by key among the symbols of the workspace, with what they are now beside them. */
export function flagSymbols(of: {
  readonly places: FlagPlaces;
  context(path: string | null): ViewContext;
}): Disposable {
  return vscode.languages.registerWorkspaceSymbolProvider({
    provideWorkspaceSymbols: (query) => {
      const written = query.trim();
      // All symbols of the workspace are no answer to no question; a list of flags is in the view.
      if (written === '' || written.length > 200) return [];
      const context = of.context(null);
      const wanted = { written, prefix: '', suffix: '', valueType: null, bare: false };
      return keyChoices(context.flags, wanted).choices.flatMap(({ flags }) =>
        flags.flatMap((flag) => symbols(flag, context, of.places)),
      );
    },
  });
}

function symbols(flag: FlagSnapshot, context: ViewContext, places: FlagPlaces): vscode.SymbolInformation[] {
  const [place] = places.of(flag);
  if (!place) return [];
  const container = iconless(stateInShort(context, flag));
  const location = new vscode.Location(place.uri, new vscode.Range(place.range.start, place.range.start));
  const symbol = new vscode.SymbolInformation(oneLine(flag.ref.key), kinds[flag.type], container, location);
  if (flag.archived) symbol.tags = [vscode.SymbolTag.Deprecated];
  return [symbol];
}
