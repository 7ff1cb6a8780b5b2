import * as vscode from 'vscode';
import type { FlagSnapshot } from '../../model/flag';
import type { Disposable } from '../../platform/disposable';
import { callLike, callTitle, type Sample } from '../../view/callLike';
import { stateInShort } from '../../view/stateInShort';
import type { ViewContext } from '../../view/input';
import { keyChoices } from '../../view/keyChoices';
import { iconless } from '../../view/text';
import { codeDocuments } from '../documentSelectors';
import type { KeysAt } from './keysAt';

/** Whole calls are looked at before they are taken: a few of them. */
const most = 20;
/** What a person writes to be offered calls: `flag`, and as much of a key as is known. */
const asking = /(?:^|[\s=(!&|,{;])(flag(?:[-_]?[\p{L}\p{N}_-]*)?)$/u;

/** Calls that ask for a flag, written as the file writes its own: offered where somebody writes `flag…`. */
export function evaluationSnippets(of: {
  readonly keys: KeysAt;
  readonly context: (path: string | null) => ViewContext;
}): Disposable {
  return vscode.languages.registerCompletionItemProvider([...codeDocuments], {
    provideCompletionItems: (document, position) => {
      const before = document.lineAt(position).text.slice(0, position.character);
      const word = asking.exec(before)?.[1];
      if (word === undefined) return undefined;
      const samples = samplesOf(of.keys, document, position.line);
      if (samples.length === 0) return undefined;
      const context = of.context(document.uri.fsPath);
      const written = word.slice('flag'.length).replace(/^[-_]/, '');
      const wanted = { written, prefix: '', suffix: '', valueType: null, bare: false };
      const range = new vscode.Range(position.translate(0, -word.length), position);
      const items = keyChoices(context.flags, wanted)
        .choices.slice(0, most)
        .flatMap(({ key, flags: [flag] }, index) => {
          const call = flag && !flag.archived ? callOf(samples, flag, context) : null;
          if (!flag || call === null) return [];
          const label = { label: callTitle(flag), description: iconless(stateInShort(context, flag)) };
          const item = new vscode.CompletionItem(label, vscode.CompletionItemKind.Snippet);
          item.range = range;
          item.insertText = call;
          item.filterText = `flag-${key}`;
          item.sortText = `~${String(index).padStart(4, '0')}`;
          item.detail = iconless(call);
          return [item];
        });
      return new vscode.CompletionList(items, true);
    },
  });
}

/** Calls of the document on one line, the nearest first. */
function samplesOf(keys: KeysAt, document: vscode.TextDocument, line: number): readonly Sample[] {
  const language = document.languageId;
  return keys
    .all(document)
    .filter(
      ({ reference: { kind, line: start, endLine, key, via } }) =>
        (kind === 'evaluation' || kind === 'test') && start === endLine && key !== null && via !== 'codegen',
    )
    .map(({ range, reference }) => {
      const { line: at, character: keyFrom } = range.start;
      // The key's token may have moved since the call's end was told.
      const end = reference.endColumn - reference.column + keyFrom;
      return { line: document.lineAt(at).text, at, keyFrom, keyTo: range.end.character, end, reference, language };
    })
    .sort((a, b) => Math.abs(a.at - line) - Math.abs(b.at - line));
}

/**
 * As a call of the flag's own type is written there, else as the nearest that can be changed into one: a call that says no
 * type is of the type of the flag that it asks for.
 */
function callOf(samples: readonly Sample[], flag: FlagSnapshot, { flags }: ViewContext): string | null {
  const typeOf = ({ reference: { valueType, key } }: Sample): string | undefined =>
    valueType ?? (key === null ? undefined : flags.resolve(key)[0]?.type);
  const same = samples.filter((sample) => typeOf(sample) === flag.type);
  const changeable = samples.filter(({ reference }) => reference.valueType !== undefined).slice(0, most);
  for (const sample of [...same, ...changeable]) {
    const call = callLike(sample, flag);
    if (call !== null) return call;
  }
  return null;
}
