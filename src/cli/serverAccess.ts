import { configuredServers } from '../flags/configuredServers';
import { findConfiguration, readConfiguration } from '../flags/configuration';
import { reachOf } from '../platform/addresses';
import { AllowedOrigins } from '../platform/allowedOrigins';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter } from '../platform/emitter';
import { GuardedRemotes } from '../platform/guardedRemotes';
import { systemClock } from '../platform/node/clock';
import { nodeFiles } from '../platform/node/files';
import { nodePaths } from '../platform/node/paths';
import { stderrLog } from '../platform/node/stderrLog';
import { environmentTokens, variableName, type Tokens } from '../platform/tokens';
import { oneLine, quoted } from '../view/text';
import type { Surroundings } from './surroundings';

/** What stands between one command and configured servers. */
export interface ServerAccess extends Disposable {
  readonly remotes: GuardedRemotes;
  readonly origins: AllowedOrigins;
  readonly tokens: Tokens;
}

/** Whoever runs a command in a folder trusts it; consent and tokens are looked after as in the editor. */
export async function serverAccess({ http, grpc, variables, home, l10n }: Surroundings): Promise<ServerAccess> {
  const log = stderrLog('servers');
  const origins = new AllowedOrigins({
    files: nodeFiles,
    paths: nodePaths,
    clock: systemClock,
    log,
    home: await home(),
  });
  const tokens = environmentTokens(variables);
  const remotes = new GuardedRemotes({
    http,
    grpc,
    origins,
    tokens,
    trusted: () => true,
    onDidTrust: new Emitter<void>(() => undefined).event,
    advice: (reason, { id }) =>
      reason === 'noToken'
        ? l10n.t('Set {0} and, to the address it is for, {1}.', variableName(id, 'TOKEN'), variableName(id, 'URL'))
        : l10n.t('Run this in a terminal to be asked, or set {0} to the address.', variableName(id, 'URL')),
    l10n,
    log,
  });
  const held = new DisposableStack();
  held.add(origins);
  held.add(remotes);
  return { remotes, origins, tokens, dispose: () => held.dispose() };
}

/**
 * Asks on the terminal about each origin that the folder's configuration names and nobody said yes to on this machine:
 * once, for windows and commands alike. Without a terminal nothing is asked and nothing allowed.
 */
export async function askForOrigins(
  folder: string,
  { origins, tokens }: ServerAccess,
  { prompt, l10n, err, who, signal }: Surroundings,
): Promise<void> {
  const path = await findConfiguration(folder, nodeFiles, nodePaths);
  if (path === undefined || !prompt) return;
  const { config } = await readConfiguration(path, nodeFiles, l10n);
  const asked = new Set<string>();
  for (const server of config ? configuredServers(config) : []) {
    const { id, type, origin, url } = server;
    if (origin === '' || asked.has(origin) || (await origins.has(origin))) continue;
    if (tokens.vouches({ id, type, url, authorization: 'none' }, origin)) continue;
    asked.add(origin);
    const reach = {
      loopback: l10n.t(', on this machine'),
      private: l10n.t(', a private address'),
      public: '',
    }[reachOf(origin)];
    err(
      `${l10n.t('{0} names {1} ({2} {3}{4}), which was never asked from this machine.', path, origin, oneLine(type, 40), quoted(id), reach)}\n`,
    );
    const answer = await prompt.line(l10n.t('Allow it, now and later? [y/N] '), signal);
    if (['y', 'yes'].includes(answer?.trim().toLowerCase() ?? '')) await origins.allow(origin, who);
  }
}
