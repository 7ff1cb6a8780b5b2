import { checkFlipt, fliptEnvironments } from '../flags/flipt/serverCheck';
import { apiAddress } from '../flags/growthbook/appAddress';
import { checkGrowthBook, growthBookEnvironments } from '../flags/growthbook/serverCheck';
import { checkLaunchDarkly, launchDarklyEnvironments } from '../flags/launchdarkly/serverCheck';
import { checkUnleash, unleashEnvironments } from '../flags/unleash/serverCheck';
import { unleashBase } from '../flags/workspaceHints';
import { baseAddress } from '../platform/addresses';
import type { L10n } from '../platform/l10n';
import type { Remote } from '../platform/remotes';
import type { ServerProblem } from '../platform/serverAnswer';
import type { Asking } from './serverKinds';

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ServerProblem };

/** What a token sees, and what the person should know of it (`''`: nothing). Names come from the server. */
export interface AdminAccess {
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  readonly rights: string;
}

/** A flag system that is connected by an address, a token, and projects picked from what the token sees. */
export interface AdminServer {
  readonly type: string;
  /** Which address is meant. */
  readonly addressWords: (l10n: L10n) => string;
  readonly example: string;
  /** Where most people's is; `https://` where everybody has their own. */
  readonly usual: string;
  /** The base of an entered address; null where it is none. */
  readonly base: (entered: string) => string | null;
  readonly check: (remote: Remote, token: string, asking: Asking) => Promise<Checked<AdminAccess>>;
  /** Environments of a project, as `.sightglass.json` names them. */
  readonly environments: (
    remote: Remote,
    project: string,
    asking: Asking,
  ) => Promise<Checked<readonly { readonly name: string; readonly production: boolean }[]>>;
}

const unleash: AdminServer = {
  type: 'unleash',
  addressWords: ({ t }) => t('The address Unleash is opened at in a browser, without /api.'),
  example: 'https://unleash.example.com',
  usual: 'https://',
  base: unleashBase,
  check: async (remote, token, asking) => {
    const { t } = asking.l10n;
    const checked = await checkUnleash(remote, token, asking);
    if (!checked.ok) return checked;
    const rights = {
      admin: t('The token is an admin token: changes are in nobody’s name, and change requests are passed by.'),
      some: '',
      none: t('The token reads, and changes nothing.'),
    }[checked.value.rights];
    return { ok: true, value: { projects: checked.value.projects, rights } };
  },
  environments: async (remote, project, asking) => {
    const found = await unleashEnvironments(remote, project, asking);
    if (!found.ok) return found;
    return { ok: true, value: found.value.map(({ name, type }) => ({ name, production: type === 'production' })) };
  },
};

const launchdarkly: AdminServer = {
  type: 'launchdarkly',
  addressWords: ({ t }) => t('The address LaunchDarkly is opened at in a browser.'),
  example: 'https://app.launchdarkly.com',
  usual: 'https://app.launchdarkly.com',
  base: (entered) => baseAddress(entered)?.origin ?? null,
  check: async (remote, token, asking) => {
    const { t } = asking.l10n;
    const checked = await checkLaunchDarkly(remote, token, asking);
    if (!checked.ok) return checked;
    const { projects, isService } = checked.value;
    const service = isService ? t('It is a service token: changes are in its name, not in yours.') : '';
    const found = t('Whether it may change flags is tried, without effect, when a change is planned.');
    return { ok: true, value: { projects, rights: [service, found].filter((line) => line !== '').join(' ') } };
  },
  environments: async (remote, project, asking) => {
    const found = await launchDarklyEnvironments(remote, project, asking);
    if (!found.ok) return found;
    return { ok: true, value: found.value.map(({ name, critical }) => ({ name, production: critical })) };
  },
};

const flipt: AdminServer = {
  type: 'flipt',
  addressWords: ({ t }) => t('The address Flipt is opened at in a browser.'),
  example: 'https://flipt.example.com',
  usual: 'http://localhost:8080',
  base: (entered) => {
    const base = baseAddress(entered);
    return base && `${base.origin}${base.path.replace(/\/api(\/.*)?$/, '')}`;
  },
  check: async (remote, _token, asking) => {
    const { t } = asking.l10n;
    const checked = await checkFlipt(remote, asking);
    if (!checked.ok) return checked;
    const rights = t('Whether it may change flags is found out by the first change.');
    return { ok: true, value: { projects: checked.value, rights } };
  },
  environments: async (remote, _project, asking) => {
    const found = await fliptEnvironments(remote, asking);
    if (!found.ok) return found;
    return { ok: true, value: found.value.map((name) => ({ name, production: false })) };
  },
};

const growthbook: AdminServer = {
  type: 'growthbook',
  addressWords: ({ t }) => t('The address of GrowthBook’s API, without /api; self-hosted it is mostly at port 3100.'),
  example: 'https://api.growthbook.io',
  usual: 'https://api.growthbook.io',
  base: (entered) => {
    const base = baseAddress(entered);
    return base && apiAddress(base);
  },
  check: async (remote, token, asking) => {
    const checked = await checkGrowthBook(remote, token, asking);
    if (!checked.ok) return checked;
    const rights = asking.l10n.t('Whether it may change flags is tried, without effect, when a change is planned.');
    return { ok: true, value: { projects: checked.value.projects, rights } };
  },
  environments: async (remote, project, asking) => {
    const found = await growthBookEnvironments(remote, project, asking);
    if (!found.ok) return found;
    // GrowthBook marks none as production: names and settings say so.
    return { ok: true, value: found.value.map((name) => ({ name, production: false })) };
  },
};

/** Adding a system that is connected this way adds a row. */
export const adminServers = { unleash, launchdarkly, growthbook, flipt } as const;
export type AdminType = keyof typeof adminServers;
