import type * as vscode from 'vscode';
import type { WrapPlace } from '../../code/api';
import type { TypedSample } from '../../view/authoring/wrapEdit';
import type { FlagLookup } from '../../view/input';
import type { KeysAt } from '../language/keysAt';

/** The calls of a document that could stand at a place, as far as they are still where the finder saw them. */
export function samplesFor(
  keys: KeysAt,
  document: vscode.TextDocument,
  { calls }: Extract<WrapPlace, { refused: null }>,
  flags: FlagLookup,
): readonly TypedSample[] {
  const all = keys.all(document);
  return calls.flatMap(({ line, column }) => {
    const at = all.find(({ range: { start } }) => start.line === line - 1 && start.character === column - 1);
    if (!at || at.range.start.line >= document.lineCount) return [];
    const { reference } = at;
    const { start, end } = at.range;
    const type = reference.valueType ?? (reference.key === null ? undefined : flags.resolve(reference.key)[0]?.type);
    return [
      {
        line: document.lineAt(start.line).text,
        keyFrom: start.character,
        keyTo: end.character,
        // The key's token may have moved since the call's end was told.
        end: reference.endColumn - reference.column + start.character,
        ...{ reference, type, language: document.languageId },
      },
    ];
  });
}
