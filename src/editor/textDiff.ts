import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../platform/disposable';

const scheme = 'sightglass-plan';
/** Diffs whose text is still held; older ones show as empty. */
const most = 50;

/** Opens two texts side by side, read-only, without a file. */
export class TextDiff implements Disposable {
  readonly #held = new DisposableStack();
  readonly #texts = new Map<string, string>();
  #next = 1;

  constructor() {
    this.#held.add(
      vscode.workspace.registerTextDocumentContentProvider(scheme, {
        provideTextDocumentContent: (uri) => this.#texts.get(uri.path) ?? '',
      }),
    );
  }

  async show(title: string, before: string, after: string): Promise<void> {
    const id = this.#next++;
    const side = (name: string, text: string): vscode.Uri => {
      const uri = vscode.Uri.from({ scheme, path: `/${String(id)}/${name}.json` });
      this.#texts.set(uri.path, text);
      return uri;
    };
    for (const old of [...this.#texts.keys()].slice(0, Math.max(0, this.#texts.size - most))) this.#texts.delete(old);
    await vscode.commands.executeCommand('vscode.diff', side('before', before), side('after', after), title, {
      preview: true,
      preserveFocus: true,
    } satisfies vscode.TextDocumentShowOptions);
  }

  dispose(): void {
    this.#held.dispose();
    this.#texts.clear();
  }
}
