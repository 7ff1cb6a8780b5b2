import * as vscode from 'vscode';
import { iconless, oneLine } from '../view/text';
import type { CommandHandler } from './commandTable';
import { parseServer } from './proposal';
import { serverKind } from './serverKinds';
import type { Servers } from './servers';
import { allowedByPerson, enterToken, type Server, type SignInOf } from './signIn';

export interface ServerCommandsOf extends SignInOf {
  readonly servers: Servers;
}

type ServerCommand = 'sightglass.allowServer' | 'sightglass.signIn' | 'sightglass.signOut';

/** Consent to origins, tokens, and taking both back. An argument only says which server is meant. */
export function serverCommands(of: ServerCommandsOf): Readonly<Record<ServerCommand, CommandHandler>> {
  return {
    'sightglass.allowServer': async (argument) => {
      const server = await serverOf(argument, of);
      if (!server || !(await allowedByPerson(server, of))) return;
      const { tokenOptional, authorization } = serverKind(server.type);
      const kept = await of.access.secrets.get(server.origin);
      // Without a token the yes alone shows nothing yet.
      const again = of.servers.waiting.some(({ origin, reason }) => origin === server.origin && reason === 'refused');
      if (again || (kept === undefined && !tokenOptional && authorization !== 'none')) await enterToken(server, of);
    },
    'sightglass.signIn': async (argument) => {
      const server = await serverOf(argument, of);
      if (server && (await allowedByPerson(server, of))) await enterToken(server, of);
    },
    'sightglass.signOut': () => signOut(of),
  };
}

/** The configured server that is meant; a choice of those that wait, or of all, where none is. */
async function serverOf(argument: unknown, { servers, l10n }: ServerCommandsOf): Promise<Server | undefined> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage(
      l10n.t('This workspace is not trusted: no server is asked. Trust it with Manage Workspace Trust.'),
    );
    return undefined;
  }
  await servers.look();
  const meant = parseServer(argument)?.origin;
  if (meant !== undefined) {
    const configured = servers.configured(meant);
    if (!configured)
      void vscode.window.showWarningMessage(
        l10n.t('No configuration names {0}: it is not asked.', iconless(oneLine(meant))),
      );
    return configured;
  }
  const all = servers.all();
  const waiting = servers.waiting.flatMap(({ origin }) => servers.configured(origin) ?? []);
  const offered = waiting.length > 0 ? waiting : all;
  if (offered.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('No configuration names a server.'));
    return undefined;
  }
  const items = offered.map((server) => ({
    label: iconless(oneLine(server.origin)),
    description: iconless(`${oneLine(server.type, 40)} "${oneLine(server.id, 40)}"`),
    server,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Which server?') });
  return picked?.server;
}

/** Wipes the tokens of one origin or of all, and takes the yes back with them, so that nothing more is sent there. */
async function signOut({ access, servers, l10n }: ServerCommandsOf): Promise<void> {
  const { t } = l10n;
  const known = new Set([...(await access.origins.list()), ...servers.all().map(({ origin }) => origin)]);
  const found = await Promise.all(
    [...known].map(async (origin) => ({
      origin,
      token: (await access.secrets.get(origin)) !== undefined,
      allowed: await access.origins.has(origin),
    })),
  );
  const wipeable = found.filter(({ token, allowed }) => token || allowed);
  if (wipeable.length === 0) {
    void vscode.window.showInformationMessage(t('There is nothing to sign out of: no token is kept.'));
    return;
  }
  const items: (vscode.QuickPickItem & { readonly origins: readonly string[] })[] = wipeable.map(
    ({ origin, token }) => ({
      label: iconless(oneLine(origin)),
      description: token ? t('token kept') : t('allowed, without a token'),
      origins: [origin],
    }),
  );
  if (wipeable.length > 1)
    items.push({
      label: t('All servers'),
      description: t('{0} tokens', wipeable.filter(({ token }) => token).length),
      origins: wipeable.map(({ origin }) => origin),
    });
  const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Sign out of which server?') });
  if (!picked) return;
  for (const origin of picked.origins) await access.secrets.delete(origin);
  await access.origins.forget(picked.origins);
  void vscode.window.showInformationMessage(
    picked.origins.length === 1
      ? t(
          'Signed out of {0}: its token was removed from this machine, and nothing is sent there until you allow it again.',
          oneLine(picked.origins[0] ?? ''),
        )
      : t(
          'Signed out of {0} servers: their tokens were removed from this machine, and nothing is sent there until you allow it again.',
          picked.origins.length,
        ),
  );
}
