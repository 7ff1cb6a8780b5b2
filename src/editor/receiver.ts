import * as vscode from 'vscode';
import type { ChangesApi } from '../change/api';
import { DisposableStack, type Disposable } from '../platform/disposable';
import type { Hash } from '../platform/hash';
import type { Log } from '../platform/log';
import type { Secrets } from '../platform/secrets';
import type { Settings } from '../platform/settings';
import { isCodeDocument } from './documentSelectors';
import type { ReceiverPlace, SignalFeed } from './signalFeed';

export interface ReceiverOf {
  readonly feed: SignalFeed;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly hash: Hash;
  readonly changes: ChangesApi;
  readonly log: Log;
  readonly home: string;
  readonly anyPanel: () => boolean;
  /** Whether telemetry is to be had elsewhere too: backends of the configuration. */
  readonly hasBackends: () => boolean;
}

/** In place of an address: nothing is received, and others are asked. */
const othersAlone = 'others alone';

const loopback = ['127.0.0.1', '::1', 'localhost'];

/**
 * Decides whether and where the receiver listens (never in a workspace that is not trusted), and how often facts are
 * asked for: by what the reader can see, except that a change being verified is always watched.
 */
export class Receiver implements Disposable {
  readonly #held = new DisposableStack();
  #treeVisible = false;
  #place = '';

  constructor(private readonly of: ReceiverOf) {
    const again = (): void => this.look();
    this.#held.add(of.settings.onDidChange(again));
    this.#held.add(vscode.workspace.onDidGrantWorkspaceTrust(again));
    this.#held.add(vscode.window.onDidChangeWindowState(() => this.#attend()));
    this.#held.add(vscode.window.onDidChangeActiveTextEditor(() => this.#attend()));
    this.#held.add(of.changes.onDidChange(() => of.feed.setUrgent(of.changes.inFlightAll.some(({ ended }) => !ended))));
  }

  get treeVisible(): boolean {
    return this.#treeVisible;
  }

  setTreeVisible(visible: boolean): void {
    this.#treeVisible = visible;
    this.#attend();
    if (visible) this.of.feed.askNow();
  }

  look(): void {
    this.#attend();
    this.of.feed.askNow();
    void this.#listen().catch((error: unknown) => this.of.log.error('The receiver could not be started', error));
  }

  dispose(): void {
    this.#held.dispose();
  }

  async #listen(): Promise<void> {
    const { feed, settings } = this.of;
    const isReceiving = settings.get<boolean>('receiver.enabled', true);
    if (!vscode.workspace.isTrusted || (!isReceiving && !this.of.hasBackends())) {
      const before = this.#place;
      this.#place = '';
      if (before !== '') await feed.stop();
      return;
    }
    if (!isReceiving) {
      if (this.#place !== othersAlone) feed.start(null);
      this.#place = othersAlone;
      return;
    }
    const address = settings.get('receiver.address', '127.0.0.1');
    const port = settings.get('receiver.port', 4318);
    const place = `${address}:${String(port)}`;
    if (place === this.#place) return;
    this.#place = place;
    feed.start({ home: this.of.home, address, port, token: await this.#token(address, port) } satisfies ReceiverPlace);
  }

  /** Other machines can reach any address but loopback: they need a token, made once and kept as a secret. */
  async #token(address: string, port: number): Promise<string | null> {
    if (loopback.includes(address)) return null;
    const origin = `http://${address.includes(':') ? `[${address}]` : address}:${String(port)}`;
    const known = await this.of.secrets.get(origin);
    if (known !== undefined) return known;
    const token = this.of.hash.random(32);
    await this.of.secrets.set(origin, token);
    return token;
  }

  #attend(): void {
    const seen =
      this.#treeVisible ||
      this.of.anyPanel() ||
      vscode.window.visibleTextEditors.some(({ document }) => isCodeDocument(document));
    this.of.feed.setAttention(!seen ? 'hidden' : vscode.window.state.focused ? 'focused' : 'unfocused');
  }
}
