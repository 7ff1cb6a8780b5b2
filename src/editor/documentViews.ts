import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { Log } from '../platform/log';
import { fileView, sameView } from '../view/fileView';
import type { FileView } from '../view/output';
import type { CodeIndex } from './codeIndex';
import { isCodeDocument } from './documentSelectors';
import type { FileViews } from './surfaces/fileViews';
import { surfaceSettings, viewContext, type ViewContextOf } from './viewContext';

/**
 * The views of the visible documents, decided again when something they rest on changed, told on only when they
 * differ. Reading is from memory.
 */
export class DocumentViews implements FileViews, Disposable {
  readonly #held = new DisposableStack();
  readonly #views = new Map<string, FileView>();
  readonly #changed: Emitter<readonly string[]>;
  readonly onDidChangeViews: Event<readonly string[]>;
  #decideSoon: Disposable | undefined;

  constructor(private readonly of: ViewContextOf & { readonly code: CodeIndex; readonly log: Log }) {
    this.#changed = new Emitter((error) => of.log.error('A surface failed', error));
    this.onDidChangeViews = this.#changed.event;
    const again = (): void => this.decideSoon();
    this.#held.add(of.code.onDidChangeFacts((uris) => this.#decide(uris)));
    this.#held.add(of.flags.onDidChange(again));
    this.#held.add(of.feed.onDidChange(again));
    this.#held.add(of.changes.onDidChange(again));
    this.#held.add(of.choices.onDidChange(again));
    this.#held.add(of.settings.onDidChange(again));
    this.#held.add(vscode.window.onDidChangeActiveColorTheme(again));
    this.#held.add(vscode.window.onDidChangeVisibleTextEditors(again));
    this.#held.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#views.delete(uri.toString())));
    this.#held.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('editor.inlayHints.enabled')) again();
      }),
    );
  }

  view(document: vscode.TextDocument): FileView | null {
    return this.#views.get(document.uri.toString()) ?? null;
  }

  position(document: vscode.TextDocument, line: number, column: number): vscode.Position | undefined {
    const now = this.of.code.now(document, { line: line - 1, character: column - 1 });
    return now && document.validatePosition(new vscode.Position(now.line, now.character));
  }

  /** Many things change at once: one decision for them all, when those that changed them are through. */
  decideSoon(): void {
    this.#decideSoon ??= this.of.clock.after(0, () => {
      this.#decideSoon = undefined;
      this.#decide();
    });
  }

  dispose(): void {
    this.#decideSoon?.dispose();
    this.#held.dispose();
    this.#changed.dispose();
  }

  #decide(only?: readonly string[]): void {
    const wanted = only && new Set(only);
    const settings = surfaceSettings(this.of);
    const differing: string[] = [];
    const documents = new Map(
      vscode.window.visibleTextEditors.map(({ document }) => [document.uri.toString(), document]),
    );
    for (const [uri, document] of documents) {
      if (!isCodeDocument(document) || (wanted && !wanted.has(uri))) continue;
      const view = fileView({
        ...viewContext(this.of, document.uri.fsPath),
        file: this.of.code.facts(document),
        settings,
      });
      const before = this.#views.get(uri);
      // Kept even when it looks the same: what its hovers say is made on demand, of the newest state.
      this.#views.set(uri, view);
      if (!before || !sameView(before, view)) differing.push(uri);
    }
    if (differing.length > 0) this.#changed.fire(differing);
  }
}
