import { checkFlipt } from '../flags/flipt/serverCheck';
import { checkGrowthBook } from '../flags/growthbook/serverCheck';
import { checkLaunchDarkly } from '../flags/launchdarkly/serverCheck';
import { checkUnleash } from '../flags/unleash/serverCheck';
import type { L10n } from '../platform/l10n';
import type { Remote, RemoteOptions } from '../platform/remotes';
import type { ServerProblem } from '../platform/serverAnswer';
import { checkPrometheus } from '../telemetry/prometheus/serverCheck';

export interface Asking {
  readonly l10n: L10n;
  readonly signal: AbortSignal;
  /** Whose data is asked for, where a server keeps several tenants apart. */
  readonly tenant?: string | undefined;
}

/** How people sign in to a server of a type. */
export interface ServerKind {
  readonly name: string;
  readonly authorization: RemoteOptions['authorization'];
  readonly tokenOptional: boolean;
  /** Which token is wanted, and where it is made. */
  readonly whichToken: (l10n: L10n) => string;
  /** Tries the token; null when it is good. */
  readonly check: (remote: Remote, token: string, asking: Asking) => Promise<ServerProblem | null>;
}

const unleash: ServerKind = {
  name: 'Unleash',
  authorization: 'raw',
  tokenOptional: false,
  whichToken: ({ t }) =>
    t('A personal access token (Profile > Personal API tokens; changes then carry your name), or an admin token.'),
  check: async (remote, token, asking) => {
    const checked = await checkUnleash(remote, token, asking);
    return checked.ok ? null : checked.problem;
  },
};

const launchdarkly: ServerKind = {
  name: 'LaunchDarkly',
  authorization: 'raw',
  tokenOptional: false,
  whichToken: ({ t }) =>
    t(
      'An access token (Organization settings > Authorization). The role Reader shows flags; to change them Writer, or a custom role with updateOn, updateFallthrough, updateTargets and updateOffVariation.',
    ),
  check: async (remote, token, asking) => {
    const checked = await checkLaunchDarkly(remote, token, asking);
    return checked.ok ? null : checked.problem;
  },
};

const growthbook: ServerKind = {
  name: 'GrowthBook',
  authorization: 'bearer',
  tokenOptional: false,
  whichToken: ({ t }) =>
    t(
      'A personal access token (Settings > Personal Access Tokens; changes then carry your name), or a secret key. The role readonly shows flags; to change them Engineer, without bypassing approvals.',
    ),
  check: async (remote, token, asking) => {
    const checked = await checkGrowthBook(remote, token, asking);
    return checked.ok ? null : checked.problem;
  },
};

const prometheus: ServerKind = {
  name: 'Prometheus',
  authorization: 'bearer',
  tokenOptional: true,
  whichToken: ({ t }) => t('The bearer token that the metrics server, or the proxy before it, wants for queries.'),
  check: async (remote, _token, asking) => {
    const checked = await checkPrometheus(remote, asking);
    return checked.ok ? null : checked.problem;
  },
};

/** flagd has no question that is good for a token alone: what it says is seen when flags are read. */
const other = (type: string): ServerKind => ({
  name: type,
  authorization: 'bearer',
  tokenOptional: true,
  whichToken: ({ t }) => t('The bearer token that the server wants.'),
  check: () => Promise.resolve(null),
});

/** What the relay says of a key is seen when flags are read. */
const goff: ServerKind = {
  name: 'GO Feature Flag',
  authorization: 'bearer',
  tokenOptional: true,
  whichToken: ({ t }) => t('One of the "authorizedKeys" for evaluation of the relay, where it has any.'),
  check: () => Promise.resolve(null),
};

/** A server may want no token at all; what it says of one is tried before it is kept. */
const flipt: ServerKind = {
  name: 'Flipt',
  authorization: 'bearer',
  tokenOptional: true,
  whichToken: ({ t }) =>
    t(
      'A client token of the server. To change flags its policy has to allow updates in this environment and namespace.',
    ),
  check: async (remote, _token, asking) => {
    const checked = await checkFlipt(remote, asking);
    return checked.ok ? null : checked.problem;
  },
};

/** Adding a type of server adds a row. */
const kinds: Readonly<Record<string, ServerKind>> = { unleash, launchdarkly, growthbook, goff, flipt, prometheus };

export function serverKind(type: string): ServerKind {
  return (Object.hasOwn(kinds, type) ? kinds[type] : undefined) ?? other(type);
}
