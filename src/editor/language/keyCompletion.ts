import * as vscode from 'vscode';
import type { AskedAtCursor } from '../../code/api';
import type { FlagSnapshot } from '../../model/flag';
import type { Disposable } from '../../platform/disposable';
import { stateInShort } from '../../view/stateInShort';
import { flagHover } from '../../view/hover';
import type { ViewContext } from '../../view/input';
import { keyChoices, variantChoices } from '../../view/keyChoices';
import { iconless, oneLine, quoted } from '../../view/text';
import { isPlainInCode } from '../../view/keyInCode';
import { codeDocuments } from '../documentSelectors';
import { hoverMarkdownString } from '../surfaces/markdown';
import type { CodeQuestions } from './codeQuestions';

/** Signs that begin a string, and those inside keys at which VS Code ends a word. */
const triggers = ['"', "'", '`', '-', '.', ':', '/'];

export interface CompletionOf {
  readonly questions: Pick<CodeQuestions, 'atCursor'>;
  context(path: string | null): ViewContext;
}

/** An item with what its documentation is made of, on demand. */
class KeyItem extends vscode.CompletionItem {
  constructor(
    label: vscode.CompletionItemLabel,
    readonly flag: FlagSnapshot | undefined,
    readonly path: string,
    kind: vscode.CompletionItemKind,
  ) {
    super(label, kind);
  }
}

/**
 * Known keys where one is asked for, and the variants where its result is compared. What is at the cursor the finder
 * says, in one question to its worker; what is offered comes from the snapshots.
 */
export function keyCompletion(of: CompletionOf): Disposable {
  const provider: vscode.CompletionItemProvider<KeyItem> = {
    provideCompletionItems: async (document, position, token) => {
      if (!mayBeAsked(document, position)) return undefined;
      const asked = await of.questions.atCursor(document, position, token);
      if (!asked || token.isCancellationRequested) return undefined;
      return completionsFor(of.context(document.uri.fsPath), document, position, asked);
    },
    resolveCompletionItem: (item) => {
      if (item.flag) item.documentation = documentation(of.context(item.path), item.flag);
      return item;
    },
  };
  return vscode.languages.registerCompletionItemProvider([...codeDocuments], provider, ...triggers);
}

/** A look at the line: outside of strings, arguments and symbols there is nothing to ask the worker for. */
function mayBeAsked(document: vscode.TextDocument, position: vscode.Position): boolean {
  const before = document.lineAt(position).text.slice(0, position.character);
  return /["'`]/.test(before) || /[(,:{=]\s*[\p{L}\p{N}_-]*$/u.test(before);
}

/** Exported for the bench: what the host does of a completion, after the worker answered. */
export function completionsFor(
  context: ViewContext,
  document: vscode.TextDocument,
  position: vscode.Position,
  asked: AskedAtCursor,
): vscode.CompletionList<KeyItem> {
  const start = position.translate(0, -asked.behind);
  const range = {
    inserting: new vscode.Range(start, position),
    replacing: new vscode.Range(start, position.translate(0, asked.ahead)),
  };
  const path = document.uri.fsPath;
  const quote = asked.quotes ?? '';
  const place = (item: KeyItem, text: string, index: number): KeyItem => {
    item.range = range;
    item.insertText = `${quote}${text}${quote}`;
    item.filterText = text;
    item.sortText = String(index).padStart(4, '0');
    return item;
  };
  if (asked.kind === 'variant') {
    const flags = context.flags.resolve(asked.key);
    const items = variantChoices(flags)
      .filter(isPlain)
      .map(({ text, name }, index) => {
        const description = context.l10n.t('variant {0} of {1}', quoted(name), quoted(asked.key));
        const label = { label: oneLine(text), description: iconless(description) };
        return place(new KeyItem(label, flags[0], path, vscode.CompletionItemKind.EnumMember), text, index);
      });
    return new vscode.CompletionList(items, false);
  }
  const before = document.getText(new vscode.Range(start.with({ character: Math.max(0, start.character - 1) }), start));
  const { choices } = keyChoices(context.flags, {
    written: document.getText(range.inserting),
    prefix: asked.prefix,
    suffix: asked.suffix,
    valueType: asked.valueType,
    bare: asked.quotes === null && before === ':',
  });
  const items = choices.filter(isPlain).map(({ key, text, flags }, index) => {
    const [flag] = flags;
    const label = { label: oneLine(key), description: flag ? iconless(stateInShort(context, flag)) : '' };
    const item = new KeyItem(label, flag, path, vscode.CompletionItemKind.Constant);
    if (flag?.archived === true) item.tags = [vscode.CompletionItemTag.Deprecated];
    if (flag) item.detail = iconless(oneLine(flag.description ?? flag.name ?? ''));
    return place(item, text, index);
  });
  // What is offered depends on what is written: whoever goes on is asked again.
  return new vscode.CompletionList(items, true);
}

/** What would end its quotes is not offered: keys come from servers and files. */
const isPlain = ({ text }: { readonly text: string }): boolean => isPlainInCode(text);

/** The flag's hover without what can be clicked: nothing in it is trusted. */
function documentation(context: ViewContext, flag: FlagSnapshot): vscode.MarkdownString {
  const markdown = hoverMarkdownString({ ...flagHover(context, flag, null), actions: [], chart: null });
  markdown.isTrusted = false;
  return markdown;
}
