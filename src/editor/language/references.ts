import * as vscode from 'vscode';
import type { KeyPlace } from '../../code/api';
import type { Flags } from '../../flags/api';
import { flagId, type FlagRef } from '../../model/identity';
import { holderAt } from '../../model/traceWords';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { Log } from '../../platform/log';
import type { CodeIndex } from '../codeIndex';
import { codeDocuments } from '../documentSelectors';
import { flagFileDocuments } from './flagFileDocuments';
import type { FlagPlaces } from './flagPlaces';
import { followsNames, type KeysAt } from './keysAt';

/** More than these a folder are not listed. */
const most = 5_000;

export interface ReferencesOf {
  readonly keys: KeysAt;
  readonly flags: Flags;
  readonly places: FlagPlaces;
  readonly code: CodeIndex;
  readonly log: Log;
}

/** Every place that names a flag: code, tests, flag files, in all folders of the window. */
export function keyReferences(of: ReferencesOf): Disposable {
  const held = new DisposableStack();
  held.add(
    vscode.languages.registerReferenceProvider([...codeDocuments], {
      provideReferences: async (document, position, { includeDeclaration }) => {
        const at = of.keys.at(document, position);
        const key = at?.reference.key;
        if (!at || key === null || key === undefined) return undefined;
        const meant = of.flags.resolve(key, document.uri.fsPath).map(({ flag }) => flag.ref);
        const found = await placesNaming(of, key, meant, includeDeclaration);
        // Where VS Code follows names it lists what goes through this one by itself.
        const same = at.literal || !followsNames(document) ? null : holderAt(at.reference);
        return found.filter(({ holder }) => same === null || holder !== same).map(asLocation);
      },
    }),
  );
  held.add(
    vscode.languages.registerReferenceProvider([...flagFileDocuments], {
      provideReferences: async (document, position, { includeDeclaration }) => {
        const at = of.places.at(document, position);
        return at && (await placesNaming(of, at.ref.key, [at.ref], includeDeclaration)).map(asLocation);
      },
    }),
  );
  return held;
}

export interface Naming {
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
  /** The constant through which the key is named there. */
  readonly holder: string | null;
}

/**
 * Every place that names one of these flags by the key; none given: nobody knows the key, and all that is written so
 * counts. Empty when the finder does not answer.
 */
export async function placesNaming(
  { code, flags, places, log }: Omit<ReferencesOf, 'keys'>,
  key: string,
  meant: readonly FlagRef[],
  withDefinitions: boolean,
): Promise<readonly Naming[]> {
  const ids = new Set(meant.map(flagId));
  const found: Naming[] = [];
  try {
    for (const { root, files } of await code.placesOfKey(key, most)) {
      const folder = vscode.Uri.file(root);
      for (const file of files) {
        const uri = vscode.Uri.joinPath(folder, file.path);
        const here = flags.resolve(key, uri.fsPath);
        if (ids.size > 0 && !here.some(({ flag }) => ids.has(flagId(flag.ref)))) continue;
        for (const place of file.places)
          if (withDefinitions || !place.isDefinition) found.push({ uri, range: rangeOf(place), holder: place.holder });
      }
    }
  } catch (error) {
    log.warn(`References of a flag could not be fetched: ${error instanceof Error ? error.message : ''}`);
  }
  if (!withDefinitions) return found;
  const definitions = meant.flatMap((ref) => {
    const flag = flags.flag(ref)?.flag;
    return flag ? places.of(flag) : [];
  });
  return [
    ...found,
    ...definitions.map(({ uri, range }) => ({
      uri,
      range: new vscode.Range(range.start, range.start),
      holder: null,
    })),
  ];
}

const rangeOf = ({ line, column, length }: KeyPlace): vscode.Range =>
  new vscode.Range(line - 1, column - 1, line - 1, column - 1 + length);

const asLocation = ({ uri, range }: Naming): vscode.Location => new vscode.Location(uri, range);
