import * as vscode from 'vscode';
import type { FlagRef } from '../../model/identity';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { Event } from '../../platform/emitter';
import type { L10n } from '../../platform/l10n';
import type { Log } from '../../platform/log';
import { fromDetailPanelSchema, type FromDetailPanel, type ToDetailPanel } from '../../protocol/detailPanel';
import type { Detail } from '../../view/detail';
import { detailHtml } from '../../view/detailHtml';
import type { ViewAction } from '../../view/output';
import { SurfaceArgument } from '../surfaceArgument';
import { actionCommand } from './actionCommand';

export interface DetailPanelOf {
  readonly ref: FlagRef;
  readonly extension: vscode.Uri;
  readonly l10n: L10n;
  readonly log: Log;
  random(bytes: number): string;
  /** Decided anew from memory, for the environment chosen in this panel (null = the window's). */
  detail(ref: FlagRef, environment: string | null): Detail;
  readonly onDidChange: Event<void>;
  chooseWindow(minutes: number): Promise<void>;
  closed(): void;
}

/** What an action of the panel proposes to its command; the command asks the person as it always does. */
class PanelProposal extends SurfaceArgument {
  readonly through = 'detail panel';
  constructor(proposal: object) {
    super();
    Object.assign(this, proposal);
  }
}

/** One flag in an editor tab. The page proposes by ids of the last state it was sent; it can name nothing else. */
export class DetailPanel implements Disposable {
  readonly #held = new DisposableStack();
  readonly #panel: vscode.WebviewPanel;
  #environment: string | null;
  #actions: ReadonlyMap<string, ViewAction> = new Map();
  #ready = false;
  #sent = '';

  constructor(
    private readonly of: DetailPanelOf,
    environment: string | null,
  ) {
    this.#environment = environment;
    const roots = [vscode.Uri.joinPath(of.extension, 'dist/webview'), vscode.Uri.joinPath(of.extension, 'media')];
    this.#panel = this.#held.add(
      vscode.window.createWebviewPanel(
        'sightglass.detail',
        of.ref.key,
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false },
        { enableScripts: true, localResourceRoots: roots },
      ),
    );
    // A tab's icon is drawn as it is, without the theme's colour.
    this.#panel.iconPath = {
      light: vscode.Uri.joinPath(of.extension, 'media/icons/panel-light.svg'),
      dark: vscode.Uri.joinPath(of.extension, 'media/icons/panel-dark.svg'),
    };
    this.#held.add(this.#panel.webview.onDidReceiveMessage((message: unknown) => void this.#receive(message)));
    this.#held.add(of.onDidChange(() => this.#send()));
    this.#held.add(
      this.#panel.onDidChangeViewState(() => {
        // A hidden page is thrown away and loads again when it is shown.
        if (!this.#panel.visible) this.#ready = false;
      }),
    );
    this.#panel.onDidDispose(() => {
      this.dispose();
      of.closed();
    });
    this.#panel.webview.html = this.#html();
  }

  get visible(): boolean {
    return this.#panel.visible;
  }

  reveal(environment: string | null): void {
    if (environment !== null) this.#environment = environment;
    this.#panel.reveal();
    this.#send();
  }

  dispose(): void {
    this.#held.dispose();
  }

  #html(): string {
    const { webview } = this.#panel;
    const file = (name: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.of.extension, 'dist/webview', name)).toString();
    return detailHtml({
      scriptUri: file('detail.js'),
      styleUri: file('detail.css'),
      nonce: this.of.random(16),
      cspSource: webview.cspSource,
      lang: this.of.l10n.locale,
      title: this.of.ref.key,
    });
  }

  async #receive(message: unknown): Promise<void> {
    const parsed = fromDetailPanelSchema.safeParse(message);
    if (!parsed.success) {
      this.of.log.warn('A message of the detail panel was not understood and dropped');
      return;
    }
    const asked = parsed.data;
    if (asked.type === 'ready') {
      this.#ready = true;
      this.#sent = '';
      this.#send();
      return;
    }
    try {
      await this.#act(asked);
      this.#post({ type: 'reply', requestId: asked.requestId, ok: true });
    } catch (error) {
      const words = error instanceof Error ? error.message : this.of.l10n.t('The action failed. See the log.');
      this.#post({ type: 'reply', requestId: asked.requestId, ok: false, error: words.slice(0, 1_000) });
    }
    this.#send();
  }

  async #act(asked: Exclude<FromDetailPanel, { type: 'ready' }>): Promise<void> {
    switch (asked.type) {
      case 'chooseEnvironment':
        this.#environment = asked.environment;
        return;
      case 'chooseWindow':
        await this.of.chooseWindow(asked.minutes);
        return;
      case 'act': {
        const action = this.#actions.get(asked.action);
        if (!action) throw new Error(this.of.l10n.t('This action is no longer offered.'));
        const { command, argument } = actionCommand(action);
        await vscode.commands.executeCommand(
          command,
          typeof argument === 'object' && argument !== null ? new PanelProposal(argument) : argument,
        );
      }
    }
  }

  /** Only while somebody looks, and only what differs. */
  #send(): void {
    if (!this.#ready || !this.#panel.visible) return;
    const { state, actions } = this.of.detail(this.of.ref, this.#environment);
    this.#actions = actions;
    const text = JSON.stringify(state);
    if (text === this.#sent) return;
    this.#sent = text;
    this.#post({ type: 'state', state });
  }

  #post(message: ToDetailPanel): void {
    void this.#panel.webview.postMessage(message);
  }
}
