import * as vscode from 'vscode';
import type { WrittenBackend } from '../flags/extendConfiguration';
import { backendConfigSchema } from '../model/config';
import { baseAddress } from '../platform/addresses';
import type { ServerProblem } from '../platform/serverAnswer';
import { checkPrometheus } from '../telemetry/prometheus/serverCheck';
import { linkless, oneLine } from '../view/text';
import { allowedByPerson, asking, enterToken, optionsOf, type Server, type SignInOf } from './signIn';

export interface MetricsConnection {
  readonly backend: WrittenBackend;
  readonly facts: readonly string[];
}

const id = 'metrics';
const type = 'prometheus';

/**
 * A Prometheus-compatible server: address, yes to it, tenant, and a question that it has to answer; a token only where it
 * wants one. Each step says in plain words why it could not be done and asks again; leaving any of them changes no file.
 */
export async function connectMetrics(of: SignInOf): Promise<MetricsConnection | undefined> {
  const { t } = of.l10n;
  let said = t('The address that /api/v1 follows: https://mimir.example.com/prometheus, http://localhost:9090.');
  let address = 'https://';
  for (;;) {
    const entered = await enterAddress(address, said, of);
    if (entered === undefined) return undefined;
    address = entered;
    const server: Server = { id, type, url: address, origin: baseAddress(address)?.origin ?? '' };
    if (!(await allowedByPerson(server, of))) return undefined;
    const tenant = await enterTenant(of);
    if (tenant === undefined) return undefined;
    const found = await answering({ ...server, ...(tenant !== '' && { tenant }) }, of);
    if (found === undefined) return undefined;
    if ('words' in found) said = found.words;
    else {
      const backend = { id, type, url: address, ...(tenant !== '' && { tenant }) };
      return { backend, facts: [seriesWords(found.series, of), tokenWords(server, found.token, of)] };
    }
  }
}

/** What it holds, asked with the kept token, without one, or with one that is entered now; the problem otherwise. */
async function answering(
  server: Server,
  of: SignInOf,
): Promise<{ readonly series: number | null; readonly token: boolean } | ServerProblem | undefined> {
  const { l10n, access } = of;
  const { t } = l10n;
  let token = (await access.secrets.get(server.origin)) ?? '';
  for (;;) {
    const remote = access.remotes.candidate(optionsOf(server), token);
    const checked = await asking(t('Asking {0}…', oneLine(server.origin)), (signal) =>
      checkPrometheus(remote, { l10n, signal, tenant: server.tenant }),
    );
    if (checked.ok) return { series: checked.series, token: token !== '' };
    if (checked.problem.about !== 'token') return checked.problem;
    const wanted = {
      ...checked.problem,
      words: t('{0} lets nobody in without a token, or not to this tenant.', oneLine(server.origin)),
    };
    const entered = await enterToken(server, of, {
      addressIsOpen: true,
      said: token === '' ? wanted : checked.problem,
    });
    if (typeof entered !== 'string') return entered;
    token = entered;
  }
}

function seriesWords(series: number | null, { l10n }: SignInOf): string {
  const { t } = l10n;
  if (series === null) return t('It answers.');
  if (series === 0)
    return t(
      'It answers, and holds no metrics of calls under the names that are looked for so far: see docs/metrics.md.',
    );
  return t('It answers, and holds {0} series of calls.', new Intl.NumberFormat(l10n.locale).format(series));
}

const tokenWords = ({ origin }: Server, token: boolean, { l10n: { t } }: SignInOf): string =>
  token ? t('The token is kept by VS Code for {0} alone.', oneLine(origin)) : t('It is asked without a token.');

function enterAddress(value: string, prompt: string, { l10n: { t } }: SignInOf): Thenable<string | undefined> {
  return vscode.window
    .showInputBox({
      title: t('Connect {0}', t('metrics server')),
      prompt: linkless(prompt),
      value,
      placeHolder: 'https://mimir.example.com/prometheus',
      ignoreFocusOut: true,
      validateInput: (text) =>
        baseAddress(text.trim()) ? undefined : t('An address starts with https:// or http:// and holds no password.'),
    })
    .then((text) => {
      const base = text === undefined ? null : baseAddress(text.trim());
      // As it is copied from a browser or a data source.
      return base ? `${base.origin}${base.path.replace(/\/(api\/v1(\/.*)?|graph|query)$/, '')}` : undefined;
    });
}

/** `''`: none. */
function enterTenant({ l10n: { t } }: SignInOf): Thenable<string | undefined> {
  const isTenant = (text: string): boolean => backendConfigSchema.shape.tenant.safeParse(text).success;
  return vscode.window
    .showInputBox({
      title: t('Connect {0}', t('metrics server')),
      prompt: linkless(t('Tenant (X-Scope-OrgID), where the server keeps several apart. Leave it empty otherwise.')),
      placeHolder: t('no tenant'),
      ignoreFocusOut: true,
      validateInput: (text) =>
        text.trim() === '' || isTenant(text.trim()) ? undefined : t('A tenant is one word of letters and signs.'),
    })
    .then((text) => text?.trim());
}
