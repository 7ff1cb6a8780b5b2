import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Flags } from '../../../src/flags/api';
import type { ConfiguredServer } from '../../../src/flags/configuredServers';
import { serverCommands } from '../../../src/editor/serverCommands';
import { Servers } from '../../../src/editor/servers';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { MemoryLog } from '../../../src/platform/memory/log';
import { host } from './fakeHost';
import { good, guardedWorld, unleash, type GuardedWorld } from './guardedWorld';

vi.mock('vscode', async () => (await import('./fakeHost')).fakeVscode);

const origin = 'https://flags.acme.dev';
const metrics = 'http://10.1.2.3:9090';
const configured: ConfiguredServer[] = [
  { id: 'flags', type: 'unleash', url: `${origin}/`, origin, holds: 'flags' },
  { id: 'prom', type: 'prometheus', url: metrics, origin: metrics, holds: 'telemetry' },
];
let world: GuardedWorld;
let servers: Servers;
let run: (name: 'allowServer' | 'signIn' | 'signOut', argument?: unknown) => Promise<void>;

beforeEach(async () => {
  host.reset();
  world = guardedWorld((asked) =>
    asked.url.startsWith(metrics) ? { body: new TextEncoder().encode('{"status":"success"}') } : unleash(asked),
  );
  const flags = { servers: () => configured, onDidChange: world.flagsChanged.event } as unknown as Flags;
  servers = new Servers({ flags, access: world.access, log: new MemoryLog() });
  const commands = serverCommands({ access: world.access, servers, me: 'ana', l10n: memoryL10n });
  run = async (name, argument) => {
    await commands[`sightglass.${name}`](argument);
    await servers.look();
  };
  await servers.look();
});

const waiting = (): unknown[] => servers.waiting.map((one) => [one.origin, one.reason, one.reach]);

describe('allowing a server', () => {
  it('is asked for as soon as a configuration names it, before anybody wants to ask it', async () => {
    expect(waiting()).toEqual([
      [origin, 'notAllowed', 'public'],
      [metrics, 'notAllowed', 'private'],
    ]);
    host.answers = ['Allow', good];
    await run('allowServer', { origin });
    expect(await world.access.origins.list()).toEqual([origin]);
    expect(await world.access.secrets.get(origin)).toBe(good);
    expect(waiting()).toEqual([[metrics, 'notAllowed', 'private']]);
    host.answers = ['Allow'];
    await run('allowServer', { origin: metrics });
    expect(host.asked.at(-1)?.words).toContain('private address');
    expect(waiting()).toEqual([]);
  });

  it.each([[{ origin, consent: true, allowed: true, yes: true, token: 'user:forged' }], [{ origin, answer: 'Allow' }]])(
    'needs the yes of a person, whatever the argument says: %j',
    async (argument) => {
      await run('allowServer', argument);
      expect(host.asked.map(({ by }) => by)).toEqual(['modal']);
      expect(await world.access.origins.list()).toEqual([]);
      expect(await world.access.secrets.get(origin)).toBeUndefined();
      expect(world.sent).toEqual([]);
    },
  );

  it('is not offered for an origin that no configuration names', async () => {
    host.answers = ['Allow', good];
    await run('allowServer', { origin: 'https://evil.example' });
    expect(host.asked).toEqual([]);
    expect(await world.access.origins.list()).toEqual([]);
    expect(host.told.join()).toContain('No configuration names https://evil.example');
  });

  it('lets choose among those that wait where the argument names none', async () => {
    for (const argument of [undefined, 'x', { origin: '' }, { origin: 7 }, { origin: 'x'.repeat(501) }]) {
      host.asked = [];
      await run('allowServer', argument);
      expect(host.asked[0]?.offered).toEqual([`${origin} | unleash "flags"`, `${metrics} | prometheus "prom"`]);
    }
  });

  it('is not possible without trust', async () => {
    host.trusted = false;
    host.answers = ['Allow', good];
    await run('allowServer', { origin });
    expect(waiting()).toMatchObject([
      [origin, 'untrusted', 'public'],
      [metrics, 'untrusted', 'private'],
    ]);
    expect(await world.access.origins.list()).toEqual([]);
    expect(host.asked).toEqual([]);
  });
});

describe('signing in and out', () => {
  it('asks again for a token that was refused, and the row goes with the good one', async () => {
    await world.access.origins.allow(origin, 'ana');
    await world.access.secrets.set(origin, 'user:revoked');
    const remote = world.access.remotes.remote({ id: 'flags', type: 'unleash', url: origin, authorization: 'raw' });
    const ask = { method: 'GET', path: '/api/admin/user', timeoutMs: 100, maxBytes: 10_000 } as const;
    expect((await remote.request(ask)).status).toBe(401);
    await servers.look();
    expect(waiting()[0]).toEqual([origin, 'refused', 'public']);
    host.answers = ['two words', 'user:wrong', good];
    await run('signIn', { origin });
    expect(host.asked.every(({ password }) => password)).toBe(true);
    expect(await world.access.secrets.get(origin)).toBe('user:revoked');
    host.answers = ['user:wrong', good];
    await run('signIn', { origin });
    expect(await world.access.secrets.get(origin)).toBe(good);
    await remote.request(ask);
    await servers.look();
    expect(waiting()).toEqual([[metrics, 'notAllowed', 'private']]);
  });

  it('wipes the token of one origin, and asks before anything more is sent there', async () => {
    for (const one of [origin, metrics]) {
      await world.access.origins.allow(one, 'ana');
      await world.access.secrets.set(one, good);
    }
    host.answers = [origin];
    await run('signOut');
    expect(host.asked[0]?.offered).toEqual([
      `${metrics} | token kept`,
      `${origin} | token kept`,
      'All servers | 2 tokens',
    ]);
    expect(host.told.join()).toContain('token was removed');
    expect(await world.access.secrets.get(origin)).toBeUndefined();
    expect(await world.access.secrets.get(metrics)).toBe(good);
    expect(waiting()).toEqual([[origin, 'notAllowed', 'public']]);
  });

  it('wipes all of them at once, also those whose configuration is gone', async () => {
    const gone = 'https://gone.example';
    for (const one of [origin, metrics, gone]) {
      await world.access.origins.allow(one, 'ana');
      await world.access.secrets.set(one, good);
    }
    host.answers = ['All servers'];
    await run('signOut');
    for (const one of [origin, metrics, gone]) expect(await world.access.secrets.get(one)).toBeUndefined();
    expect(await world.access.origins.list()).toEqual([]);
    host.told = [];
    await run('signOut');
    expect(host.told.join()).toContain('nothing to sign out of');
  });
});
