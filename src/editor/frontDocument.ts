import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';

/**
 * The document the reader is at: the active text editor's, or the last one that was while a view or a panel has the
 * focus, as long as it can be seen.
 */
export class FrontDocument implements Disposable {
  readonly #held = new DisposableStack();
  readonly #changed: Emitter<void>;
  readonly onDidChange: Event<void>;
  #current: vscode.TextDocument | undefined;

  constructor(onError: (error: unknown) => void) {
    this.#changed = new Emitter(onError);
    this.onDidChange = this.#changed.event;
    this.#current = vscode.window.activeTextEditor?.document;
    const look = (): void => this.#look();
    this.#held.add(vscode.window.onDidChangeActiveTextEditor(look));
    this.#held.add(vscode.window.onDidChangeVisibleTextEditors(look));
  }

  get current(): vscode.TextDocument | undefined {
    return this.#current;
  }

  dispose(): void {
    this.#held.dispose();
    this.#changed.dispose();
  }

  #look(): void {
    const active = vscode.window.activeTextEditor?.document;
    const last = this.#current;
    const seen = vscode.window.visibleTextEditors.some(({ document }) => document === last);
    const now = active ?? (seen ? last : undefined);
    if (now === last) return;
    this.#current = now;
    this.#changed.fire();
  }
}
