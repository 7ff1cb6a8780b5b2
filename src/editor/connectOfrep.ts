import * as vscode from 'vscode';
import type { Flags } from '../flags/api';
import type { EnvironmentPlace } from '../flags/extendConfiguration';
import { OfrepClient, OfrepError } from '../flags/ofrep/ofrepClient';
import { baseAddress } from '../platform/addresses';
import { iconless, linkless, oneLine } from '../view/text';
import { allowedByPerson, asking, optionsOf, type Server, type SignInOf } from './signIn';

export interface OfrepConnection {
  readonly at: EnvironmentPlace;
  readonly url: string;
  readonly facts: readonly string[];
}

/** No flag has this key: that it is not found is the answer of a server that speaks the protocol. */
const noFlag = 'sightglass-connection-check';

/**
 * An OFREP server that serves an environment of a flagd system: where a change is verified. Environment, address, yes to it,
 * and one evaluation that it has to answer; leaving any of them changes no file.
 */
export async function connectOfrep(of: SignInOf & { readonly flags: Flags }): Promise<OfrepConnection | undefined> {
  const { t } = of.l10n;
  const at = await pickEnvironment(of);
  if (!at) return undefined;
  let said = t('The address that /ofrep/v1 follows, of the flagd or relay that "{0}" is served by.', at.environment);
  let url = 'http://localhost:8016';
  for (;;) {
    const entered = await vscode.window.showInputBox({
      title: t('Connect {0}', 'OFREP'),
      prompt: linkless(said),
      value: url,
      placeHolder: 'http://flagd.internal:8016',
      ignoreFocusOut: true,
      validateInput: (text) =>
        baseAddress(text.trim()) ? undefined : t('An address starts with https:// or http:// and holds no password.'),
    });
    const base = entered === undefined ? null : baseAddress(entered.trim());
    if (!base) return undefined;
    url = `${base.origin}${base.path.replace(/\/ofrep\/v1(\/.*)?$/, '')}`;
    const server: Server = { id: at.system, type: 'flagd', url, origin: base.origin };
    if (!(await allowedByPerson(server, of))) return undefined;
    const problem = await problemOf(server, of);
    if (problem === null)
      return { at, url, facts: [t('Changes in "{0}" are verified by asking it, for made-up users.', at.environment)] };
    said = problem;
  }
}

/** null when it evaluates. */
async function problemOf(server: Server, { access, l10n }: SignInOf): Promise<string | null> {
  const client = new OfrepClient(access.remotes.remote(optionsOf(server)), l10n);
  return asking(l10n.t('Asking {0}…', oneLine(server.origin)), async (signal) => {
    try {
      await client.evaluate(noFlag, { targetingKey: 'sightglass' }, signal);
      return null;
    } catch (error) {
      if (OfrepError.is(error, 'FLAG_NOT_FOUND')) return null;
      const words = error instanceof Error ? error.message : String(error);
      return l10n.t('{0} Is this the address of an OFREP server?', words);
    }
  });
}

async function pickEnvironment({
  flags,
  l10n: { t },
}: SignInOf & { readonly flags: Flags }): Promise<EnvironmentPlace | undefined> {
  const items = flags.projects().flatMap(({ system, systemType, config, configPath }) =>
    systemType === 'flagd' && configPath !== null
      ? config.environments.map(({ name, ofrep }) => ({
          label: iconless(oneLine(name)),
          description: iconless(
            `${oneLine(config.name)} · ${ofrep === undefined ? t('not asked yet') : oneLine(ofrep)}`,
          ),
          at: { system, project: config.name, environment: name },
        }))
      : [],
  );
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      t('Connect a flag file first: an OFREP server serves an environment of one.'),
    );
    return undefined;
  }
  const [only] = items;
  if (items.length === 1) return only?.at;
  const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Which environment does it serve?') });
  return picked?.at;
}
