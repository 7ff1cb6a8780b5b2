import * as vscode from 'vscode';
import type { Flags } from '../flags/api';
import type { ConfiguredServer } from '../flags/configuredServers';
import { reachOf } from '../platform/addresses';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { WaitingServer } from '../platform/guardedRemotes';
import type { Log } from '../platform/log';
import type { ServerAccess } from '../platform/vscode/serverAccess';

/**
 * Servers that the configurations name and that wait for the person: for a yes before anything is sent, for a token,
 * or for trust. A yes is asked for as soon as an origin is named, not only when a change would need it.
 */
export class Servers implements Disposable {
  readonly #held = new DisposableStack();
  readonly #changed: Emitter<void>;
  readonly onDidChange: Event<void>;
  #waiting: readonly WaitingServer[] = [];
  #looks = 0;

  constructor(private readonly of: { readonly flags: Flags; readonly access: ServerAccess; readonly log: Log }) {
    this.#changed = new Emitter((error) => of.log.error('A listener failed', error));
    this.onDidChange = this.#changed.event;
    const again = (): void => void this.look();
    const { remotes, origins } = of.access;
    for (const event of [of.flags.onDidChange, remotes.onDidChange, remotes.onDidChangeWaiting, origins.onDidChange])
      this.#held.add(event(again));
  }

  /** One an origin, in the order of the configurations. */
  get waiting(): readonly WaitingServer[] {
    return this.#waiting;
  }

  configured(origin: string): ConfiguredServer | undefined {
    return this.of.flags.servers().find((server) => server.origin === origin);
  }

  /** Every origin that can be asked, once. */
  all(): readonly ConfiguredServer[] {
    const servers = this.of.flags.servers().filter(({ origin }) => origin !== '');
    return servers.filter(({ origin }, at) => servers.findIndex((one) => one.origin === origin) === at);
  }

  async look(): Promise<void> {
    const look = ++this.#looks;
    const { origins, remotes } = this.of.access;
    const allowed = new Set(await origins.list());
    if (look !== this.#looks) return;
    const found = new Map<string, WaitingServer>();
    for (const server of this.of.flags.servers()) {
      const { origin, id } = server;
      const key = origin === '' ? id : origin;
      const noted = remotes.waiting.find((one) => one.origin === origin && (origin !== '' || one.options.id === id));
      const waits = origin === '' ? noted : (standing(server, allowed.has(origin)) ?? stillTrue(noted));
      if (waits && !found.has(key)) found.set(key, waits);
    }
    const waiting = [...found.values()];
    if (JSON.stringify(waiting) === JSON.stringify(this.#waiting)) return;
    this.#waiting = waiting;
    this.#changed.fire();
  }

  dispose(): void {
    this.#held.dispose();
    this.#changed.dispose();
  }
}

function standing({ id, type, url, origin }: ConfiguredServer, allowed: boolean): WaitingServer | undefined {
  if (allowed && vscode.workspace.isTrusted) return undefined;
  return {
    options: { id, type, url, authorization: 'none' },
    origin,
    reach: reachOf(origin),
    reason: vscode.workspace.isTrusted ? 'notAllowed' : 'untrusted',
  };
}

/** Of what was noted when it was last asked, only what is not known better by now. */
function stillTrue(noted: WaitingServer | undefined): WaitingServer | undefined {
  return noted && (noted.reason === 'noToken' || noted.reason === 'refused') ? noted : undefined;
}
