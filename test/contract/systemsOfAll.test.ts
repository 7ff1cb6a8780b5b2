import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemTypes } from '../../src/flags/registry';
import type { Capabilities } from '../../src/flags/system';
import { describeShared } from '../sharedData';
import { fake as fakeUnleash } from '../unit/flags/fakeUnleash';
import { BundledCli } from './bundledCli';
import { FakeFlipt } from './fakeFlipt';
import { FakeGrowthBook, readerToken, writerToken as growthBookToken } from './fakeGrowthBook';
import { FakeLaunchDarkly, writerToken as launchDarklyToken } from './fakeLaunchDarkly';

const unleashToken = 'user:of-the-list-of-systems';

/** The answers of a table, over HTTP. */
async function unleashServer(): Promise<{ url: string; server: Server }> {
  const { http } = fakeUnleash();
  const server = createServer((request, response) => {
    const [method, path] = [request.method ?? 'GET', request.url ?? ''];
    void http
      .request({ method, url: `http://u${path}`, timeoutMs: 1_000, maxBytes: 1e6 } as Parameters<
        typeof http.request
      >[0])
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, server };
}

interface Listed {
  readonly system: string;
  readonly type: string;
  readonly state: string;
  readonly flags: number | null;
  readonly environments: readonly {
    readonly environment: { readonly ref: { readonly name: string }; readonly protected: { readonly value: boolean } };
    readonly readOnly: boolean;
    readonly capabilities: Capabilities;
  }[];
}

const can = (of: Capabilities): string =>
  Object.entries(of)
    .flatMap(([name, value]) => (value === true ? [name] : []))
    .sort()
    .join(' ');

describeShared('a workspace with every flag system', 'specs', (specs) => {
  let folder: string;
  let cli: BundledCli;
  let unleash: { url: string; server: Server };
  const launchDarkly = new FakeLaunchDarkly(join(specs, 'launchdarkly'));
  const growthBook = new FakeGrowthBook(join(specs, 'growthbook'));
  const flipt = new FakeFlipt(join(specs, 'flipt'));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sightglass-all-'));
    const started = [launchDarkly.start(), growthBook.start(), flipt.start()];
    [cli, unleash] = await Promise.all([BundledCli.into(folder), unleashServer(), ...started]);
    launchDarkly.flag('f');
    growthBook.feature('f', []);
    const flag = { '@type': 'flipt.core.Flag', key: 'f', name: 'f', type: 'BOOLEAN_FLAG_TYPE', enabled: false };
    flipt.namespace('production').flags.set('f', { ...flag, description: '', variants: [], rules: [], rollouts: [] });
    const flagd = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };
    writeFileSync(join(folder, 'flags.json'), JSON.stringify({ flags: { f: flagd } }));
    writeFileSync(
      join(folder, 'goff.yaml'),
      'f:\n  variations: { on: true, off: false }\n  defaultRule: { variation: on }\n',
    );
    writeFileSync(
      join(folder, 'features.yaml'),
      'namespace: shop\nflags:\n  - key: f\n    name: f\n    type: BOOLEAN_FLAG_TYPE\n    enabled: false\n',
    );
  }, 60_000);
  afterAll(async () => {
    unleash.server.close();
    await Promise.all([launchDarkly.stop(), growthBook.stop(), flipt.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function listed(tokens: NodeJS.ProcessEnv = {}): Promise<readonly Listed[]> {
    const production = { name: 'production', kind: 'live' };
    const projects = (name: string, more: object = {}): object[] => [
      { name, environments: [{ ...production, ...more }] },
    ];
    const systems = [
      { id: 'of-flagd', type: 'flagd', projects: projects('shop', { source: ['flags.json'] }) },
      { id: 'of-goff', type: 'goff', projects: projects('shop', { source: ['goff.yaml'] }) },
      { id: 'of-flipt', type: 'flipt', projects: projects('shop', { source: ['features.yaml'] }) },
      { id: 'flipt', type: 'flipt', url: flipt.url, projects: projects('shop') },
      { id: 'unleash', type: 'unleash', url: unleash.url, projects: projects('shop') },
      { id: 'ld', type: 'launchdarkly', url: launchDarkly.url, projects: projects('shop') },
      { id: 'gb', type: 'growthbook', url: growthBook.url, projects: projects('prj_shop') },
    ];
    writeFileSync(join(folder, '.sightglass.json'), JSON.stringify({ systems }));
    const env = {
      SIGHTGLASS_HOME: join(folder, 'home'),
      SIGHTGLASS_FLIPT_URL: flipt.url,
      SIGHTGLASS_UNLEASH_URL: unleash.url,
      SIGHTGLASS_UNLEASH_TOKEN: unleashToken,
      SIGHTGLASS_LD_URL: launchDarkly.url,
      SIGHTGLASS_LD_TOKEN: launchDarklyToken,
      SIGHTGLASS_GB_URL: growthBook.url,
      SIGHTGLASS_GB_TOKEN: growthBookToken,
      ...tokens,
    };
    const { code, out, err } = await cli.run(['systems', '--json'], folder, env);
    expect(`${String(code)} ${err}`).toBe('0 ');
    return (JSON.parse(out) as { systems: Listed[] }).systems;
  }

  it('is listed with what each can do in its environment', { timeout: 60_000 }, async () => {
    const all = await listed();
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(systemTypes));
    for (const { system, state, flags, environments } of all) {
      expect({ system, state, flags }).toEqual({ system, state: 'ok', flags: 1 });
      expect(environments.map(({ environment }) => environment.ref.name)).toEqual(['production']);
      expect(environments[0]?.environment.protected.value).toBe(true);
    }
    const told = Object.fromEntries(
      all.map(({ system, environments: [only] }) => [
        system,
        only && `${only.capabilities.precondition}: ${can(only.capabilities)}`,
      ]),
    );
    expect(told).toEqual({
      'of-flagd': 'compareThenWrite: create defaultVariant percentage push targets write',
      'of-goff': 'compareThenWrite: defaultVariant percentage push switch write',
      'of-flipt': 'compareThenWrite: create defaultVariant percentage push switch write',
      flipt: 'atomic: create defaultVariant evaluate percentage switch write',
      unleash: 'compareThenWrite: create createdEverywhere defaultVariant percentage switch targets write',
      ld: 'atomic: create createdEverywhere defaultVariant experiments percentage switch targets write',
      gb: 'compareThenWrite: create createdEverywhere experiments percentage switch write',
    });
  });

  it(
    'can what token and environment let it: less for a reader, by approval where one is required',
    { timeout: 60_000 },
    async () => {
      launchDarkly.environment('production').approvalSettings.required = true;
      const all = await listed();
      const guarded = all.find(({ system }) => system === 'ld')?.environments[0];
      expect(guarded && can(guarded.capabilities)).toContain('approvals');
      // GrowthBook tells what a token may when something is planned: nothing is asked of anybody then, or sent.
      await listed({ SIGHTGLASS_GB_TOKEN: readerToken });
      const line = [
        'set',
        'f',
        '--off',
        '--project',
        'prj_shop',
        '--environment',
        'production',
        '--yes',
        '--reason',
        'x',
      ];
      const env = { SIGHTGLASS_HOME: join(folder, 'home'), SIGHTGLASS_GB_URL: growthBook.url };
      const { code, out, err } = await cli.run(line, folder, { ...env, SIGHTGLASS_GB_TOKEN: readerToken });
      expect(code).toBe(3);
      expect(`${out}${err}`).toMatch(/does not allow this to the token \(403\).*Ask for a role/s);
      expect(growthBook.features.get('f')?.revisions).toHaveLength(1);
    },
  );
});
