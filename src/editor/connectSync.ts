import * as vscode from 'vscode';
import { configuredServers } from '../flags/configuredServers';
import { configSchema } from '../model/config';
import type { L10n } from '../platform/l10n';
import { linkless, oneLine } from '../view/text';
import type { Connection } from './connectAdmin';
import { allowedByPerson, type Server, type SignInOf } from './signIn';

/** A server that hands out flags by its address alone. */
export interface SourceServer {
  readonly type: 'flagd' | 'goff';
  readonly title: (t: L10n['t']) => string;
  readonly prompt: (t: L10n['t']) => string;
  readonly start: string;
  readonly example: string;
  readonly schemes: (t: L10n['t']) => string;
}

export const flagdServer: SourceServer = {
  type: 'flagd',
  title: (t) => t('flagd server'),
  prompt: (t) => t('Its sync stream (grpc://host:8015, grpcs:// with TLS), or a URL that definitions are served at.'),
  start: 'grpc://',
  example: 'grpc://localhost:8015',
  schemes: (t) => t('An address starts with grpc://, grpcs://, https:// or http:// and holds no password.'),
};

export const goffRelay: SourceServer = {
  type: 'goff',
  title: (t) => t('GO Feature Flag relay'),
  prompt: (t) => t('The address of the relay proxy. A key, where it wants one, is asked for by Sign in.'),
  start: 'http://',
  example: 'http://localhost:1031',
  schemes: (t) => t('An address starts with https:// or http:// and holds no password.'),
};

/** A server that hands out flags: address, environment, and a yes to asking it. */
export async function connectSync(
  kind: SourceServer,
  suggested: string | null,
  project: string,
  of: SignInOf,
): Promise<Connection | undefined> {
  const { t } = of.l10n;
  const title = t('Connect {0}', kind.title(t));
  const source = await vscode.window.showInputBox({
    title,
    prompt: linkless(kind.prompt(t)),
    value: suggested ?? kind.start,
    placeHolder: kind.example,
    ignoreFocusOut: true,
    validateInput: (text) => (serverAt(text.trim(), kind) ? undefined : kind.schemes(t)),
  });
  const server = source === undefined ? undefined : serverAt(source.trim(), kind);
  if (source === undefined || !server) return undefined;
  const name = await vscode.window.showInputBox({
    title,
    prompt: linkless(t('The environment that services reading from {0} run in.', oneLine(server.origin))),
    placeHolder: 'production',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? t('An environment has a name.') : undefined),
  });
  const environment = name?.trim() ?? '';
  if (environment === '' || !(await allowedByPerson(server, of))) return undefined;
  const { type } = kind;
  return {
    system: {
      id: type,
      type,
      projects: [{ name: project, environments: [{ name: environment, kind: 'live', source: [source.trim()] }] }],
    },
    facts: [t('Flags read from a server are shown and not changed: nobody can write to it.')],
  };
}

/** Read as the configuration would be, so that what is entered here means the same there. */
function serverAt(source: string, { type }: SourceServer): Server | undefined {
  if (type === 'goff' && !/^https?:\/\//i.test(source)) return undefined;
  const project = { name: 'p', environments: [{ name: 'e', kind: 'live', source: [source] }] };
  const parsed = configSchema.safeParse({ systems: [{ id: type, type, projects: [project] }] });
  const [server] = parsed.success ? configuredServers(parsed.data) : [];
  return server && server.origin !== '' ? server : undefined;
}
