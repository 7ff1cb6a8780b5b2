import * as vscode from 'vscode';
import type { CallIn, CallingFunction, WrapperPlace } from '../../code/api';
import { DisposableStack, disposable, type Disposable } from '../../platform/disposable';
import { stateInShort } from '../../view/stateInShort';
import type { ViewContext } from '../../view/input';
import { oneLine } from '../../view/text';
import { isCodeDocument } from '../documentSelectors';
import { workspacePlace } from '../workspacePlace';
import type { CodeQuestions } from './codeQuestions';
import type { KeysAt } from './keysAt';

/** One line of the hierarchy. `of`: what its callers are asked by; null where nobody is known to call it. */
class FlagCallItem extends vscode.CallHierarchyItem {
  constructor(
    kind: vscode.SymbolKind,
    name: string,
    detail: string,
    uri: vscode.Uri,
    range: vscode.Range,
    readonly root: string,
    readonly of: WrapperPlace | { readonly key: string } | null,
  ) {
    super(kind, name, detail, uri, range, range);
  }
}

export interface CallHierarchyOf {
  readonly keys: KeysAt;
  readonly questions: CodeQuestions;
  readonly context: (path: string | null) => ViewContext;
}

/**
 * Who asks for a flag, and who calls the wrapper that does.
 *
 * VS Code asks one provider only, the one whose documents are told most exactly, of those the last to come. So ours is
 * told least exactly: where a language's extension knows all calls, it is asked. At a key, of which no language knows
 * anything, ours is registered for the time the cursor stays there, and is asked first.
 */
export function flagCallHierarchy(of: CallHierarchyOf): Disposable {
  const held = new DisposableStack();
  const provider = providerOf(of);
  held.add(vscode.languages.registerCallHierarchyProvider({ language: '*' }, provider));
  let first: (Disposable & { readonly language: string; readonly scheme: string }) | undefined;
  const follow = ({
    textEditor: { document },
    selections: [selection],
  }: vscode.TextEditorSelectionChangeEvent): void => {
    const isAtKey = isCodeDocument(document) && selection && of.keys.at(document, selection.active)?.literal === true;
    const { languageId: language, uri } = document;
    if (isAtKey && first?.language === language && first.scheme === uri.scheme) return;
    first?.dispose();
    first = undefined;
    if (!isAtKey) return;
    const filter = { language, scheme: uri.scheme };
    const registered = vscode.languages.registerCallHierarchyProvider(filter, provider);
    first = { ...filter, dispose: () => void registered.dispose() };
  };
  held.add(vscode.window.onDidChangeTextEditorSelection(follow));
  held.add(disposable(() => first?.dispose()));
  return held;
}

function providerOf({ keys, questions, context }: CallHierarchyOf): vscode.CallHierarchyProvider {
  return {
    prepareCallHierarchy: async (document, position, token) => {
      const place = isCodeDocument(document) ? workspacePlace(document.uri) : undefined;
      if (!place) return undefined;
      const at = keys.at(document, position);
      const key = at?.reference.key;
      if (at && key !== null && key !== undefined) {
        const view = context(document.uri.fsPath);
        const [flag] = view.flags.resolve(key);
        const detail = flag ? stateInShort(view, flag) : '';
        const { root } = place;
        return new FlagCallItem(vscode.SymbolKind.Constant, oneLine(key), detail, document.uri, at.range, root, {
          key,
        });
      }
      const wrapper = await questions.wrapperAt(document, position, token);
      return wrapper ? itemOf(place.root, wrapper) : undefined;
    },
    provideCallHierarchyIncomingCalls: async (item, token) => {
      if (!(item instanceof FlagCallItem) || !item.of) return [];
      const calls = await questions.callers(item.root, item.of, token);
      return calls.map((call) => incoming(item.root, call));
    },
    provideCallHierarchyOutgoingCalls: () => [],
  };
}

function incoming(root: string, call: CallIn): vscode.CallHierarchyIncomingCall {
  const item = call.from ? itemOf(root, call.from) : fileItem(root, call);
  const ranges = call.at.map(
    ({ line, column, key }) =>
      new vscode.Range(line - 1, column - 1, line - 1, column - 1 + (key === null ? 0 : key.length + 2)),
  );
  return new vscode.CallHierarchyIncomingCall(item, ranges);
}

function itemOf(root: string, { path, name, startLine, startColumn, endLine, wrapper }: CallingFunction): FlagCallItem {
  const uri = vscode.Uri.joinPath(vscode.Uri.file(root), path);
  const range = new vscode.Range(startLine - 1, startColumn - 1, endLine - 1, Number.MAX_SAFE_INTEGER);
  return new FlagCallItem(vscode.SymbolKind.Function, name, path, uri, range, root, wrapper);
}

function fileItem(root: string, { path }: CallIn): FlagCallItem {
  const uri = vscode.Uri.joinPath(vscode.Uri.file(root), path);
  const range = new vscode.Range(0, 0, 0, 0);
  return new FlagCallItem(vscode.SymbolKind.File, path.slice(path.lastIndexOf('/') + 1), path, uri, range, root, null);
}
