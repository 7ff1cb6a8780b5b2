import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FlagStore } from '../../src/flags/store';
import { AllowedOrigins } from '../../src/platform/allowedOrigins';
import { Emitter } from '../../src/platform/emitter';
import { GuardedRemotes } from '../../src/platform/guardedRemotes';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { memoryPaths } from '../../src/platform/memory/paths';
import { MemorySecrets } from '../../src/platform/memory/secrets';
import { createUndiciHttp } from '../../src/platform/node/undiciHttp';
import { secretTokens } from '../../src/platform/tokens';
import { flagDeps } from '../unit/flags/flagDeps';
import { hurriedClock as clock } from './faultLoop/loopWindow';

/** Of the shape that Unleash tells a user's token by. */
const token = 'user:planted-7d1f0c52aa94-everywhere';
const live = { name: 'production', kind: 'live' };
const { signal } = new AbortController();

/** Each flag system, at an address. */
const systems: Readonly<Record<string, (url: string) => object>> = {
  unleash: (url) => ({ type: 'unleash', url, projects: [{ name: 'shop', environments: [live] }] }),
  launchdarkly: (url) => ({ type: 'launchdarkly', url, projects: [{ name: 'shop', environments: [live] }] }),
  growthbook: (url) => ({ type: 'growthbook', url, projects: [{ name: 'prj_shop', environments: [live] }] }),
  flipt: (url) => ({ type: 'flipt', url, projects: [{ name: 'shop', environments: [live] }] }),
  'a relay of GO Feature Flag': (url) => ({
    type: 'goff',
    projects: [{ name: 'shop', environments: [{ ...live, source: [url] }] }],
  }),
  'flags of flagd over HTTP': (url) => ({
    type: 'flagd',
    projects: [{ name: 'shop', environments: [{ ...live, source: [`${url}/flags.json`] }] }],
  }),
};

interface Said {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}
const json = { 'content-type': 'application/json' };
/** What careless servers and gateways do with what they were sent. */
const telltale: readonly Said[] = [
  ...[400, 401, 403, 404, 405, 409, 412, 422, 423, 429, 500, 502, 503].flatMap((status): Said[] => [
    {
      status,
      headers: json,
      body: JSON.stringify({ code: token, message: `No ${token}.`, name: token, details: [{ message: token }] }),
    },
    { status, headers: { 'content-type': 'text/html' }, body: `<title>${token}</title>Authorization: ${token}` },
  ]),
  { status: 429, headers: { ...json, 'retry-after': token, 'x-asked-with': token }, body: '{}' },
  { status: 302, headers: { location: `http://127.0.0.1:9/?token=${token}` }, body: '' },
  { status: 200, headers: json, body: `{"${token}": ` },
  { status: 200, headers: { 'content-type': token }, body: token },
  { status: 200, headers: json, body: JSON.stringify({ [token]: token, features: token, items: token, flags: token }) },
];

let server: Server;
let url: string;
let said: Said;
let heard: string[] = [];
beforeEach(async () => {
  heard = [];
  server = createServer((request, response) => {
    heard.push(JSON.stringify(request.headers));
    response.writeHead(said.status, said.headers).end(said.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe.each(Object.keys(systems))('a token that %s gives back in whatever it answers', (name) => {
  it('is in no log, problem, answer or error, nor in the configuration', { timeout: 60_000 }, async () => {
    const { deps, files, log } = flagDeps();
    const secrets = new MemorySecrets();
    const origins = new AllowedOrigins({ files, paths: memoryPaths, clock, log, home: '/home/me/sg' });
    await origins.allow(url, 'ana');
    await secrets.set(url, token);
    const configuration = JSON.stringify({ systems: [{ id: 'flags', ...systems[name]?.(url) }] });
    files.set('/w/.sightglass.json', configuration);
    const shown: unknown[] = [];
    for (said of telltale) {
      const remotes = new GuardedRemotes({
        ...{ http: createUndiciHttp({}), origins, tokens: secretTokens(secrets), trusted: () => true, log },
        onDidTrust: new Emitter<void>(() => undefined).event,
        advice: (reason) => reason,
        l10n: memoryL10n,
      });
      const store = new FlagStore({ ...deps, clock, remotes });
      await store.setFolders(['/w']);
      const [project] = store.projects();
      const ref = { system: 'flags', project: project?.config.name ?? '', key: 'f' };
      const system = store.systemFor(ref);
      shown.push(store.projects(), store.problems(), store.servers(), remotes.waiting);
      shown.push(await system?.detail(ref, signal).catch((error: unknown) => error));
      shown.push(await system?.snapshot(signal).catch((error: unknown) => error));
      store.dispose();
    }
    // It was given, time and again.
    expect(heard.filter((headers) => headers.includes(token)).length).toBeGreaterThan(telltale.length / 2);
    const written = await files.list('/home/me/sg');
    const kept = written.map((each) => files.text(`/home/me/sg/${each.name}`));
    const places: Readonly<Record<string, string>> = {
      log: inspect(log.lines, { depth: null, maxArrayLength: null, maxStringLength: null }),
      shown: inspect(shown, { depth: 12, maxArrayLength: null, maxStringLength: null }),
      'shown, as messages': JSON.stringify(shown),
      home: kept.join('\n'),
      configuration: files.text('/w/.sightglass.json'),
    };
    expect(places.configuration).toBe(configuration);
    for (const [place, text] of Object.entries(places)) {
      expect(text.length, place).toBeGreaterThan(2);
      const at = text.indexOf(token);
      expect(at < 0 ? null : text.slice(Math.max(0, at - 300), at + 60), place).toBeNull();
    }
  });
});
