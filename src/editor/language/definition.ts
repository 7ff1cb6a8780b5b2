import * as vscode from 'vscode';
import type { Flags } from '../../flags/api';
import { flagId } from '../../model/identity';
import type { Reference } from '../../model/reference';
import { holderOf, isAccessor } from '../../model/traceWords';
import type { Disposable } from '../../platform/disposable';
import { codeDocuments } from '../documentSelectors';
import type { FlagPlaces } from './flagPlaces';
import { followsNames, type KeysAt } from './keysAt';

/** From a key to the constant that holds it, then to where the flag is defined. */
export function keyDefinitions(of: {
  readonly keys: KeysAt;
  readonly flags: Flags;
  readonly places: FlagPlaces;
}): Disposable {
  return vscode.languages.registerDefinitionProvider([...codeDocuments], {
    provideDefinition: (document, position) => {
      const at = of.keys.at(document, position);
      const key = at?.reference.key;
      if (!at || key === null || key === undefined) return undefined;
      const folder = vscode.workspace.getWorkspaceFolder(document.uri);
      const links = followsNames(document) || !folder ? [] : constantsOf(at.reference, folder.uri);
      for (const { flag } of uniqueFlags(of.flags.resolve(key, document.uri.fsPath)))
        for (const { uri, range } of of.places.of(flag))
          links.push({
            targetUri: uri,
            targetRange: range,
            targetSelectionRange: new vscode.Range(range.start, range.start),
          });
      return links.map((link) => ({ ...link, originSelectionRange: at.range }));
    },
  });
}

/** Steps of a trace that say where the key is written down: a constant, a member, an accessor that a tool wrote. */
function constantsOf({ trace }: Reference, root: vscode.Uri): vscode.LocationLink[] {
  return trace
    .filter((step) => holderOf(step) !== null || isAccessor(step))
    .map(({ path, line }) => ({
      targetUri: vscode.Uri.joinPath(root, path),
      targetRange: new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER),
      targetSelectionRange: new vscode.Range(line - 1, 0, line - 1, 0),
    }));
}

function uniqueFlags(resolved: ReturnType<Flags['resolve']>): ReturnType<Flags['resolve']> {
  return [...new Map(resolved.map((one) => [flagId(one.flag.ref), one])).values()];
}
