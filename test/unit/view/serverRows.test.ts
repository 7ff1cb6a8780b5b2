import { describe, expect, it } from 'vitest';
import { flagTree } from '../../../src/view/flagTree';
import type { TreeInput } from '../../../src/view/input';
import { serverSection, serverStatus } from '../../../src/view/serverRows';
import type { WaitingServer } from '../../../src/platform/guardedRemotes';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { situation } from './sample';

const server = (reason: WaitingServer['reason'], over: Partial<WaitingServer> = {}): WaitingServer => ({
  options: { id: 'flags', type: 'unleash', url: 'https://flags.acme.dev', authorization: 'raw' },
  origin: 'https://flags.acme.dev',
  reach: 'public',
  reason,
  ...over,
});
const row = (one: WaitingServer) => serverSection([one], memoryL10n)!.children()[0]!;

describe('a server that waits', () => {
  it.each([
    ['notAllowed', 'Allow https://flags.acme.dev?', 'not asked yet', 'allowServer'],
    ['noToken', 'Sign in to https://flags.acme.dev', 'no token', 'signIn'],
    ['refused', 'Sign in to https://flags.acme.dev again', 'refused the token (401)', 'signIn'],
    ['untrusted', 'https://flags.acme.dev', 'not trusted', 'manageTrust'],
  ] as const)('%s: has its row, its reason and its button', (reason, label, why, action) => {
    const shown = row(server(reason));
    expect(shown.label).toBe(label);
    expect(shown.description).toMatch(/^unleash "flags" · /);
    expect(shown.description).toContain(why);
    expect(shown.open?.kind).toBe(action);
    expect(shown.accessibilityLabel).toContain(label);
    expect(shown.accessibilityLabel).not.toContain('·');
  });

  it('offers inline what can be done about it', () => {
    expect(row(server('notAllowed')).contextValue).toBe('server allowServer');
    expect(row(server('noToken')).contextValue).toBe('server signIn');
    expect(row(server('untrusted')).contextValue).toBe('server');
  });

  it('is named as private where it is', () => {
    expect(row(server('notAllowed', { reach: 'private' })).description).toContain('private address');
    expect(row(server('notAllowed', { reach: 'loopback' })).description).toContain('this machine');
  });

  it('with an address that is none says whose it is, and shows nothing of it', () => {
    const options = {
      id: 'flags',
      type: 'unleash',
      url: 'https://ana:secret@flags.acme.dev',
      authorization: 'raw',
    } as const;
    const shown = row(server('badAddress', { origin: '', options }));
    expect(JSON.stringify([shown.label, shown.description, shown.tooltip()])).not.toContain('secret');
    expect(shown.open?.kind).toBe('connectFlags');
  });

  it('forges no line with its name', () => {
    const options = {
      id: 'a\u202e\nb',
      type: '$(check)',
      url: 'https://flags.acme.dev',
      authorization: 'raw',
    } as const;
    expect(row(server('notAllowed', { options })).description).not.toMatch(/[\u202e\n]/u);
    const status = serverStatus([server('notAllowed', { origin: 'https://$(check).dev' })], memoryL10n);
    expect(status?.text).not.toContain('$(check)');
  });
});

describe('the Flags view and the status bar', () => {
  const tree = (servers: readonly WaitingServer[]) =>
    flagTree({
      ...situation({}),
      filter: '',
      journal: [],
      references: () => [],
      undoable: () => false,
      workspace: { hasFolder: true, trusted: true, detected: null },
      servers,
      unreferenced: new Set(),
    } satisfies TreeInput);

  it('show the servers first, with their count, and nothing where none waits', () => {
    const [first] = tree([server('notAllowed'), server('noToken', { origin: 'http://10.0.0.1' })]).sections;
    expect(first).toMatchObject({ id: 'servers', label: 'Servers', description: '2', expanded: 'expanded' });
    expect(new Set(first!.children().map(({ id }) => id)).size).toBe(2);
    expect(tree([]).sections.map(({ id }) => id)).not.toContain('servers');
  });

  it('offer one thing for one server and a choice for several', () => {
    expect(serverStatus([], memoryL10n)).toBeNull();
    const one = serverStatus([server('notAllowed')], memoryL10n);
    expect(one).toMatchObject({
      text: '$(shield) Allow flags.acme.dev?',
      action: { kind: 'allowServer', origin: 'https://flags.acme.dev' },
    });
    const two = serverStatus([server('notAllowed'), server('noToken')], memoryL10n);
    expect(two).toMatchObject({ text: '$(shield) 2 servers wait', action: { kind: 'allowServer', origin: '' } });
  });
});
