import * as vscode from 'vscode';
import { reachOf } from '../platform/addresses';
import type { L10n } from '../platform/l10n';
import type { RemoteOptions } from '../platform/remotes';
import type { ServerProblem } from '../platform/serverAnswer';
import { isTokenText } from '../platform/tokens';
import type { ServerAccess } from '../platform/vscode/serverAccess';
import { iconless, linkless, oneLine } from '../view/text';
import { serverKind } from './serverKinds';

export interface SignInOf {
  readonly access: ServerAccess;
  /** Who says yes, for the record. */
  readonly me: string;
  readonly l10n: L10n;
}

export interface Server {
  readonly id: string;
  readonly type: string;
  readonly url: string;
  readonly origin: string;
  readonly tenant?: string | undefined;
}

/**
 * True when this machine has said yes to the origin, now or before. The question is the host's own modal: a command's
 * argument, another extension or a link cannot answer it.
 */
export async function allowedByPerson({ type, id, origin }: Server, { access, me, l10n }: SignInOf): Promise<boolean> {
  const { t } = l10n;
  if (await access.origins.has(origin)) return true;
  const reach = {
    loopback: t('It is an address of this machine.'),
    private: t('It is a private address: whoever runs the network you are in decides who answers there.'),
    public: '',
  }[reachOf(origin)];
  const open = origin.startsWith('http:') && reachOf(origin) !== 'loopback';
  const detail = [
    t(
      'It is configured as {0} "{1}". Nothing was sent to it from this machine so far.',
      oneLine(type, 40),
      oneLine(id, 40),
    ),
    reach,
    open ? t('It is asked without encryption (http): others on the way can read what is sent.') : '',
    t(
      'A yes holds for every window and the command line of this machine until you sign out. A token is sent only after you enter one for it.',
    ),
  ];
  const allow = t('Allow');
  const answer = await vscode.window.showWarningMessage(
    t('Let Sightglass ask {0}?', oneLine(origin)),
    { modal: true, detail: detail.filter((line) => line !== '').join('\n') },
    allow,
  );
  if (answer !== allow) return false;
  await access.origins.allow(origin, me);
  return true;
}

export const optionsOf = ({ id, type, url }: Server): RemoteOptions => {
  const { authorization, tokenOptional } = serverKind(type);
  return { id, type, url, authorization, tokenOptional };
};

/**
 * Asks for a token until it is good, tries it before it is kept, and keeps it for this origin only. Resolves with the
 * token, or undefined when the person gave up; with the problem where `addressIsOpen` and it is the address that is
 * wrong. The origin has to be allowed before.
 */
export async function enterToken(
  server: Server,
  of: SignInOf,
  { said, addressIsOpen = false }: { readonly said?: ServerProblem; readonly addressIsOpen?: boolean } = {},
): Promise<string | ServerProblem | undefined> {
  const { access, l10n } = of;
  const { t } = l10n;
  const kind = serverKind(server.type);
  let problem = said;
  for (;;) {
    const token = await vscode.window.showInputBox({
      title: t('Sign in to {0}', iconless(oneLine(server.origin))),
      prompt: linkless(problem?.words ?? kind.whichToken(l10n)),
      placeHolder: kind.name,
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        text.trim() === '' || isTokenText(text.trim())
          ? undefined
          : t('A token has no spaces and no line breaks: was it copied whole?'),
    });
    const entered = token?.trim() ?? '';
    if (entered === '' || !isTokenText(entered)) return undefined;
    problem = await tried(server, entered, of);
    if (problem?.about === 'address' && addressIsOpen) return problem;
    if (problem) continue;
    await access.secrets.set(server.origin, entered);
    return entered;
  }
}

/** What is wrong with the token, or undefined. The one that tells it can be stopped. */
async function tried(server: Server, token: string, { access, l10n }: SignInOf): Promise<ServerProblem | undefined> {
  const remote = access.remotes.candidate(optionsOf(server), token);
  return asking(l10n.t('Asking {0}…', oneLine(server.origin)), async (signal) => {
    const problem = await serverKind(server.type).check(remote, token, {
      ...{ l10n, signal },
      tenant: server.tenant,
    });
    return problem ?? undefined;
  });
}

/** Words beside the status bar while a server is asked. */
export async function asking<T>(title: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
    ask(AbortSignal.timeout(60_000)),
  );
}
