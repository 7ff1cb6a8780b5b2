import type { WaitingServer } from '../platform/guardedRemotes';
import type { L10n } from '../platform/l10n';
import { contextValue } from './actions';
import { numbersFor } from './numbers';
import type { ActionLink, StatusBarModel, TreeNode, ViewAction } from './output';
import { dotted, iconless, oneLine } from './text';

/** What the person can do about a server that waits, and how it is said. */
interface Waiting {
  /** As a line of the Flags view. */
  readonly label: string;
  /** As an item of the status bar: the host alone. */
  readonly short: string;
  readonly why: string;
  readonly icon: string;
  readonly button: string;
  readonly action: ViewAction;
}

function waitingOf({ origin, options, reason }: WaitingServer, { t }: L10n): Waiting {
  const place = oneLine(origin, 100);
  const host = oneLine(origin.replace(/^https?:\/\//, ''), 40);
  switch (reason) {
    case 'notAllowed':
      return {
        label: t('Allow {0}?', place),
        short: t('Allow {0}?', host),
        why: t('not asked yet: this machine has not said yes to it'),
        icon: 'shield',
        button: t('Allow…'),
        action: { kind: 'allowServer', origin },
      };
    case 'noToken':
      return {
        label: t('Sign in to {0}', place),
        short: t('Sign in to {0}', host),
        why: t('not asked: there is no token for it'),
        icon: 'key',
        button: t('Sign in…'),
        action: { kind: 'signIn', origin },
      };
    case 'refused':
      return {
        label: t('Sign in to {0} again', place),
        short: t('Sign in to {0} again', host),
        why: t('it refused the token (401)'),
        icon: 'key',
        button: t('Sign in…'),
        action: { kind: 'signIn', origin },
      };
    case 'untrusted':
      return {
        label: place,
        short: t('Not trusted: {0}', host),
        why: t('not asked: this workspace is not trusted'),
        icon: 'workspace-untrusted',
        button: t('Manage trust'),
        action: { kind: 'manageTrust' },
      };
    case 'badAddress':
      return {
        label: t('Address of "{0}"', oneLine(options.id, 40)),
        short: t('Address of "{0}"', oneLine(options.id, 40)),
        why: t('it is not http or https, or has a password in it'),
        icon: 'error',
        button: t('Correct…'),
        action: { kind: 'connectFlags' },
      };
  }
}

/** `unleash "flags" · private address`: what the configuration calls it, and who could stand behind it. */
function nameOf({ options, reach }: WaitingServer, { t }: L10n): string {
  const name = `${oneLine(options.type, 40)} "${oneLine(options.id, 40)}"`;
  const behind = { loopback: t('this machine'), private: t('private address'), public: '' }[reach];
  return dotted(name, behind !== '' && behind);
}

/** Servers that wait for the person, as a section of the Flags view; null when none does. */
export function serverSection(servers: readonly WaitingServer[], l10n: L10n): TreeNode | null {
  if (servers.length === 0) return null;
  const count = numbersFor(l10n).count(servers.length);
  const label = l10n.t('Servers');
  return {
    id: 'servers',
    kind: 'section',
    label,
    description: count,
    icon: null,
    contextValue: 'section',
    accessibilityLabel: l10n.t('{0}, {1} waiting', label, count),
    expanded: 'expanded',
    actions: [],
    open: null,
    tooltip: () => l10n.t('Servers that .sightglass.json names and that are not asked.'),
    children: () => servers.map((server) => serverNode(server, l10n)),
  };
}

function serverNode(server: WaitingServer, l10n: L10n): TreeNode {
  const { label, why, icon, button, action } = waitingOf(server, l10n);
  const name = nameOf(server, l10n);
  const actions: ActionLink[] = [{ label: button, action }];
  return {
    id: `servers:${server.origin === '' ? server.options.id : server.origin}`,
    kind: 'server',
    label,
    description: dotted(name, why),
    icon: { kind: 'codicon', id: icon, tone: 'unknown' },
    contextValue: contextValue('server', actions),
    accessibilityLabel: `${label}, ${dotted(name, why).replaceAll(' · ', ', ')}`,
    expanded: 'none',
    actions,
    open: action,
    tooltip: () => [label, name, why].join('\n'),
    children: () => [],
  };
}

/** One item for all servers that wait; a click leads to what can be done about it. */
export function serverStatus(servers: readonly WaitingServer[], l10n: L10n): StatusBarModel | null {
  const [first, another] = servers;
  if (!first) return null;
  const one = waitingOf(first, l10n);
  const text = another ? l10n.t('{0} servers wait', numbersFor(l10n).count(servers.length)) : one.short;
  const icon = another ? 'shield' : one.icon;
  return {
    text: `$(${icon}) ${iconless(text)}`,
    tooltip: servers
      .slice(0, 10)
      .map((server) => dotted(waitingOf(server, l10n).label, nameOf(server, l10n), waitingOf(server, l10n).why))
      .join('\n'),
    label: dotted(l10n.t('Sightglass'), text).replaceAll(' · ', ', '),
    warning: false,
    action: another ? { kind: 'allowServer', origin: '' } : one.action,
  };
}
