import * as vscode from 'vscode';
import { AllowedOrigins, type AllowedOriginsOf } from '../allowedOrigins';
import type { Disposable } from '../disposable';
import type { Grpc } from '../grpc';
import { GuardedRemotes } from '../guardedRemotes';
import type { Http } from '../http';
import type { L10n } from '../l10n';
import type { Secrets } from '../secrets';
import type { Sockets } from '../sockets';
import { secretTokens } from '../tokens';

/** What stands between this window and configured servers, and what the person can change about it. */
export interface ServerAccess extends Disposable {
  readonly remotes: GuardedRemotes;
  readonly origins: AllowedOrigins;
  readonly secrets: Secrets;
}

export function serverAccess(
  of: AllowedOriginsOf & {
    readonly http: Http;
    readonly grpc: Grpc;
    readonly sockets: Sockets;
    readonly secrets: Secrets;
    readonly l10n: L10n;
  },
): ServerAccess {
  const { secrets, l10n, http, grpc, sockets, log } = of;
  const origins = new AllowedOrigins(of);
  const remotes = new GuardedRemotes({
    http,
    grpc,
    sockets,
    origins,
    tokens: secretTokens(secrets),
    trusted: () => vscode.workspace.isTrusted,
    onDidTrust: (listener) => vscode.workspace.onDidGrantWorkspaceTrust(() => listener()),
    advice: (reason) => {
      switch (reason) {
        case 'notAllowed':
          return l10n.t('Allow it in the Flags view.');
        case 'noToken':
          return l10n.t('Sign in from the Flags view.');
        case 'untrusted':
          return l10n.t('Trust it with Manage Workspace Trust.');
      }
    },
    l10n,
    log,
  });
  return {
    remotes,
    origins,
    secrets,
    dispose: () => {
      remotes.dispose();
      origins.dispose();
    },
  };
}
