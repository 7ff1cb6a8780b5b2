import * as vscode from 'vscode';
import type { WrittenSystem } from '../flags/extendConfiguration';
import { baseAddress } from '../platform/addresses';
import type { Remote } from '../platform/remotes';
import type { ServerProblem } from '../platform/serverAnswer';
import { iconless, linkless, oneLine } from '../view/text';
import type { AdminAccess, AdminServer } from './adminServers';
import { serverKind } from './serverKinds';
import { allowedByPerson, asking, enterToken, optionsOf, type Server, type SignInOf } from './signIn';

/** What is to be written, and what the person should know with it. */
export interface Connection {
  readonly system: WrittenSystem;
  readonly facts: readonly string[];
}

/**
 * Address, yes to it, token (tried before it is kept), projects. Each step says in plain words why it could not be done
 * and asks again; leaving any of them changes no file.
 */
export async function connectAdmin(
  kind: AdminServer,
  suggested: string | null,
  of: SignInOf,
): Promise<Connection | undefined> {
  let said = kind.addressWords(of.l10n);
  let address = suggested ?? kind.usual;
  for (;;) {
    const entered = await enterAddress(kind, address, said, of);
    if (entered === undefined) return undefined;
    address = entered;
    const { type } = kind;
    const server: Server = { id: type, type, url: address, origin: baseAddress(address)?.origin ?? '' };
    if (!(await allowedByPerson(server, of))) return undefined;
    const found = await signedIn(kind, server, of);
    if (found === undefined) return undefined;
    if ('words' in found) said = found.words;
    else return ofProjects(kind, server, found, of);
  }
}

interface SignedIn {
  readonly remote: Remote;
  readonly value: AdminAccess;
  readonly hasToken: boolean;
}

/** What the kept token sees, or one that is entered now; the problem where it is the address that is wrong. */
async function signedIn(
  kind: AdminServer,
  server: Server,
  of: SignInOf,
): Promise<SignedIn | ServerProblem | undefined> {
  const { l10n, access } = of;
  // Where a server may want none, it is asked without first.
  let token = (await access.secrets.get(server.origin)) ?? (serverKind(kind.type).tokenOptional ? '' : undefined);
  let said: ServerProblem | undefined;
  for (;;) {
    if (token !== undefined) {
      const remote = access.remotes.candidate(optionsOf(server), token);
      const tried = token;
      const checked = await asking(l10n.t('Asking {0}…', oneLine(server.origin)), (signal) =>
        kind.check(remote, tried, { l10n, signal }),
      );
      if (checked.ok) return { remote, value: checked.value, hasToken: tried !== '' };
      if (checked.problem.about !== 'token') return checked.problem;
      said = checked.problem;
    }
    const entered = await enterToken(server, of, { addressIsOpen: true, ...(said && { said }) });
    if (typeof entered !== 'string') return entered;
    token = entered;
  }
}

function enterAddress(
  kind: AdminServer,
  value: string,
  prompt: string,
  { l10n: { t } }: SignInOf,
): Thenable<string | undefined> {
  return vscode.window
    .showInputBox({
      title: t('Connect {0}', serverKind(kind.type).name),
      prompt: linkless(prompt),
      value,
      placeHolder: kind.example,
      ignoreFocusOut: true,
      validateInput: (text) =>
        baseAddress(text.trim()) ? undefined : t('An address starts with https:// or http:// and holds no password.'),
    })
    .then((text) => (text === undefined ? undefined : (kind.base(text.trim()) ?? undefined)));
}

async function ofProjects(
  kind: AdminServer,
  server: Server,
  { remote, value: { projects, rights }, hasToken }: SignedIn,
  { l10n }: SignInOf,
): Promise<Connection | undefined> {
  const { t } = l10n;
  const chosen = await pickProjects(projects, l10n.t);
  if (!chosen) return undefined;
  const written = await asking(t('Asking {0}…', oneLine(server.origin)), async (signal) => {
    const environments = [];
    for (const { id } of chosen) environments.push(await kind.environments(remote, id, { l10n, signal }));
    return environments;
  });
  const made = chosen.flatMap(({ id }, at) => {
    const found = written[at];
    if (!found?.ok || found.value.length === 0) return [];
    const environments = found.value.map(({ name, production }) => ({
      name,
      kind: 'live',
      ...(production && { production: true }),
    }));
    return [{ name: id, environments }];
  });
  const [problem] = written.flatMap((one) => (one.ok ? [] : [one.problem.words]));
  if (made.length === 0) {
    const words = problem ?? t('No environment is switched on there.');
    void vscode.window.showWarningMessage(linkless(words));
    return undefined;
  }
  return {
    system: { id: server.id, type: server.type, url: server.url, projects: made },
    facts: [
      hasToken ? t('The token is kept by VS Code for {0} alone.', oneLine(server.origin)) : '',
      rights,
      problem ?? '',
    ].filter((line) => line !== ''),
  };
}

async function pickProjects(
  projects: AdminAccess['projects'],
  t: SignInOf['l10n']['t'],
): Promise<AdminAccess['projects'] | undefined> {
  if (projects.length === 0) {
    void vscode.window.showWarningMessage(t('This token sees no project. Ask for a role in one.'));
    return undefined;
  }
  if (projects.length === 1) return projects;
  const picked = await vscode.window.showQuickPick(
    projects.map((project) => ({
      label: iconless(oneLine(project.name)),
      description: iconless(oneLine(project.id)),
      project,
    })),
    { canPickMany: true, ignoreFocusOut: true, placeHolder: t('Whose flags does this code use?') },
  );
  return picked && picked.length > 0 ? picked.map(({ project }) => project) : undefined;
}
