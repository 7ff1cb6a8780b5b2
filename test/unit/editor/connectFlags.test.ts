import { beforeEach, describe, expect, it, vi } from 'vitest';
import { connectFlags, type ConnectFlagsOf } from '../../../src/editor/connectFlags';
import type { FoundHint } from '../../../src/editor/flagDetection';
import { parseConfiguration } from '../../../src/flags/configuration';
import type { HttpRequest, HttpResponse } from '../../../src/platform/http';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { host } from './fakeHost';
import { good, guardedWorld, sdkToken, unleash, type GuardedWorld } from './guardedWorld';

vi.mock('vscode', async () => (await import('./fakeHost')).fakeVscode);

const target = '/w/.sightglass.json';
const origin = 'https://flags.acme.dev';
const show = vi.fn();
let servers: GuardedWorld;
let hints: FoundHint[];

const of = (inForce?: string): ConnectFlagsOf =>
  ({
    flags: {
      configurationFor: () => (inForce === undefined ? undefined : { path: inForce }),
      projects: () => [],
      servers: () => [],
    },
    detection: { look: async () => undefined, files: [{ path: '/w/flags.json', keys: ['a'] }], hints },
    diff: { show },
    l10n: memoryL10n,
    paths: memoryPaths,
    access: servers.access,
    me: 'ana',
  }) as unknown as ConnectFlagsOf;

const written = (): { systems: unknown[] } => JSON.parse(host.files.get(target) ?? '{}') as { systems: unknown[] };
const live = 'Services read this very file';

beforeEach(() => {
  vi.resetAllMocks();
  host.reset();
  hints = [];
  servers = guardedWorld(unleash);
});

describe('a flag file', () => {
  it('is written into a configuration only after a yes to what was shown', async () => {
    host.answers = ['flags.json', live, undefined];
    await connectFlags(of());
    expect(show).toHaveBeenCalledOnce();
    expect(host.files.size).toBe(0);
    host.answers = ['flags.json', live, 'Write .sightglass.json'];
    await connectFlags(of());
    expect(host.files.get(target)).toBe(String(show.mock.calls[1]?.[2]));
    expect(written().systems).toMatchObject([
      { type: 'flagd', projects: [{ environments: [{ kind: 'live', source: ['flags.json'] }] }] },
    ]);
  });

  it('leaves alone what was written there while the question stood', async () => {
    host.answers = ['flags.json', live, 'Write .sightglass.json'];
    host.meanwhile = () => host.files.set(target, '{}');
    await connectFlags(of());
    expect(host.files.get(target)).toBe('{}');
    expect(host.told.join()).toContain('nothing was written');
  });

  it('is not written into a workspace that is not trusted', async () => {
    host.trusted = false;
    await connectFlags(of());
    expect(host.asked).toEqual([]);
    expect(host.told.join()).toContain('not trusted');
  });

  it('opens a configuration that is there and broken, and never replaces it', async () => {
    host.files.set(target, '{ broken');
    host.answers = ['flags.json', live, 'Write .sightglass.json'];
    await connectFlags(of());
    expect(host.files.get(target)).toBe('{ broken');
    expect(host.opened).toEqual([target]);
  });

  it('joins what is configured, comments kept', async () => {
    const text = `{\n  // ours\n  "systems": [\n    { "id": "flags", "type": "flagd", "projects": [{ "name": "w", "environments": [{ "name": "qa", "source": ["qa.json"] }] }] }\n  ]\n}\n`;
    host.files.set(target, text);
    host.answers = ['flags.json', live, 'Write .sightglass.json'];
    await connectFlags(of(target));
    const after = host.files.get(target) ?? '';
    expect(after).toContain('// ours');
    expect(after).toContain('"qa.json"');
    const { systems } = JSON.parse(after.replace('// ours', '')) as { systems: { projects: { name: string }[] }[] };
    expect(systems.map(({ projects }) => projects.map(({ name }) => name))).toEqual([['w', 'w-2']]);
    host.answers = ['Open .sightglass.json'];
    await connectFlags(of(target));
    expect(host.opened).toEqual([target]);
  });
});

describe('Unleash', () => {
  const hint: FoundHint = { system: 'unleash', url: origin, evidence: 'UNLEASH_URL', file: '.env' };

  it('is offered from what the workspace holds, and connected with consent, a token that works and its projects', async () => {
    hints = [hint, { system: 'unleash', url: null, evidence: 'unleash-client', file: null }];
    host.answers = ['Unleash', '', 'Allow', good, 'The shop', 'Write .sightglass.json'];
    await connectFlags(of());
    expect(host.asked[0]?.offered.slice(0, 3)).toEqual([
      'Found here',
      `Unleash | ${origin} | UNLEASH_URL in .env`,
      'flags.json | flagd, 1 flag | a',
    ]);
    expect(written().systems).toEqual([
      {
        id: 'unleash',
        type: 'unleash',
        url: origin,
        projects: [
          {
            name: 'shop',
            environments: [
              { name: 'development', kind: 'live' },
              { name: 'production', kind: 'live', production: true },
            ],
          },
        ],
      },
    ]);
    expect(await servers.access.secrets.get(origin)).toBe(good);
    expect(host.asked.filter(({ password }) => password).length).toBe(1);
    expect(JSON.stringify([...host.files, host.asked, host.told, show.mock.calls])).not.toContain(good);
  });

  it('is sent nothing before the yes, and nothing at all without it', async () => {
    hints = [hint];
    host.answers = ['Unleash', '', undefined];
    host.meanwhile = () => expect(servers.sent).toEqual([]);
    await connectFlags(of());
    expect(host.asked.at(-1)).toMatchObject({ by: 'modal', title: `Let Sightglass ask ${origin}?` });
    expect(servers.sent).toEqual([]);
    expect(await servers.access.origins.list()).toEqual([]);
  });

  it.each([
    ['user:wrong', /refused the token \(401\)/],
    [sdkToken, /token for SDKs.*user:.*\*:\*/],
  ])('says what is wrong with the token %s, asks again, and keeps only the good one', async (wrong, words) => {
    host.answers = ['Unleash…', origin, 'Allow', wrong, good, 'Default,The shop', undefined];
    await connectFlags(of());
    const tokens = host.asked.filter(({ password }) => password);
    expect(tokens.length).toBe(2);
    expect(tokens[1]?.words).toMatch(words);
    expect(await servers.access.secrets.get(origin)).toBe(good);
    expect(JSON.stringify([host.asked, host.told])).not.toContain(wrong);
  });

  it('asks for the address again where a web page, another server or nobody answers', async () => {
    let said = '';
    for (const [answer, words] of [
      [{ status: 200, body: new TextEncoder().encode('<html>') }, /web page/],
      [{ status: 404 }, /no Unleash at .* \(404\)/],
      [
        { status: 302, headers: { location: 'https://sso.acme.dev/login?user=ana' } },
        /sends on to https:\/\/sso\.acme\.dev\./,
      ],
    ] as const) {
      host.reset();
      servers = guardedWorld(() => answer);
      host.answers = ['Unleash…', origin, 'Allow', good, undefined];
      await connectFlags(of());
      said = host.asked.at(-1)?.words ?? '';
      expect(host.asked.at(-1)?.offered).toEqual([origin]);
      expect(said).toMatch(words);
      expect(await servers.access.secrets.get(origin)).toBeUndefined();
    }
    expect(said).not.toContain('ana');
  });

  it('uses the token that is kept, and asks for another when it is no longer good', async () => {
    await servers.access.origins.allow(origin, 'ana');
    await servers.access.secrets.set(origin, 'user:old');
    host.answers = ['Unleash…', `${origin}/api/`, good, undefined];
    await connectFlags(of());
    expect(host.asked.map(({ by }) => by)).toEqual(['pick', 'input', 'input', 'pick']);
    expect(host.asked[2]?.words).toMatch(/401/);
    expect(await servers.access.secrets.get(origin)).toBe(good);
  });
});

it('connects a flagd server by its sync stream, asked about first', async () => {
  host.answers = ['flagd server…', 'grpc://10.0.0.7', 'staging', 'Allow', 'Write .sightglass.json'];
  await connectFlags(of());
  expect(host.asked.find(({ by }) => by === 'modal')).toMatchObject({
    title: 'Let Sightglass ask http://10.0.0.7:8015?',
    words: expect.stringMatching(/private address.*\n.*without encryption/) as string,
  });
  expect(written().systems).toEqual([
    {
      id: 'flagd',
      type: 'flagd',
      projects: [{ name: 'w', environments: [{ name: 'staging', kind: 'live', source: ['grpc://10.0.0.7'] }] }],
    },
  ]);
});

describe('a metrics server', () => {
  const address = 'http://metrics.internal:9090/prometheus';
  const vector = (result: unknown): Partial<HttpResponse> => ({
    status: 200,
    body: new TextEncoder().encode(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } })),
  });
  /** Answers as Prometheus does, to those with the token and the tenant that are wanted. */
  const metrics =
    (wants: { token?: string; tenant?: string } = {}, series = '42') =>
    ({ url, headers = {} }: HttpRequest): Partial<HttpResponse> => {
      const { pathname, searchParams } = new URL(url);
      if (pathname !== '/prometheus/api/v1/query') return { status: 404 };
      const known =
        (wants.token === undefined || headers.authorization === `Bearer ${wants.token}`) &&
        (wants.tenant === undefined || headers['x-scope-orgid'] === wants.tenant);
      if (!known) return { status: 401, body: new TextEncoder().encode('no org id') };
      return vector(searchParams.get('query') === '1' ? [1, '1'] : series === '0' ? [] : [{ value: [1, series] }]);
    };
  const backends = (): unknown => (JSON.parse(host.files.get(target) ?? '{}') as { backends?: unknown }).backends;

  it('is asked once allowed, and written with what it said', async () => {
    servers = guardedWorld(metrics());
    host.answers = ['Metrics server…', `${address}/api/v1/query`, 'Allow', ' ', 'Write .sightglass.json'];
    await connectFlags(of());
    expect(backends()).toEqual([{ id: 'metrics', type: 'prometheus', url: address }]);
    expect(host.asked.at(-1)?.words).toContain('holds 42 series of calls');
    expect(host.asked.at(-1)?.words).toContain('without a token');
  });

  it('is sent nothing without a yes to its origin', async () => {
    servers = guardedWorld(metrics());
    host.answers = ['Metrics server…', address, undefined];
    await connectFlags(of());
    expect(servers.sent).toEqual([]);
    expect(host.files.size).toBe(0);
  });

  it('gets token and tenant where it wants them, and neither the token nor an address it is not for is written', async () => {
    servers = guardedWorld(metrics({ token: good, tenant: 'team-a' }));
    host.answers = [
      'Metrics server…',
      address,
      'Allow',
      'team-a',
      'wrong-token-0123456789',
      good,
      'Write .sightglass.json',
    ];
    await connectFlags(of());
    expect(host.asked.filter(({ password }) => password).map(({ words }) => words)).toEqual([
      'http://metrics.internal:9090 lets nobody in without a token, or not to this tenant.',
      expect.stringContaining('refused the token (401)'),
    ]);
    expect(backends()).toEqual([{ id: 'metrics', type: 'prometheus', url: address, tenant: 'team-a' }]);
    expect(host.files.get(target)).not.toContain(good);
    expect(await servers.access.secrets.get('http://metrics.internal:9090')).toBe(good);
  });

  it('asks for the address again where nobody answers as Prometheus there', async () => {
    servers = guardedWorld(metrics({}, '0'));
    host.answers = [
      'Metrics server…',
      'http://metrics.internal:9090',
      'Allow',
      '',
      address,
      '',
      'Write .sightglass.json',
    ];
    await connectFlags(of());
    expect(host.asked.filter(({ by }) => by === 'input').map(({ words }) => words)[2]).toContain(
      'There is no Prometheus',
    );
    expect(backends()).toEqual([{ id: 'metrics', type: 'prometheus', url: address }]);
    expect(host.asked.at(-1)?.words).toContain('holds no metrics of calls');
  });

  it('is told from a web page or another server that answers JSON', async () => {
    servers = guardedWorld(() => ({ status: 200, body: new TextEncoder().encode('{"hello":"world"}') }));
    host.answers = ['Metrics server…', address, 'Allow', ''];
    await connectFlags(of());
    expect(host.asked.at(-1)?.words).toContain('not as Prometheus does');
    expect(host.files.size).toBe(0);
  });

  it('joins what is configured, comments kept, and not twice', async () => {
    const text = `{\n  // ours\n  "systems": [],\n  "backends": [\n    { "id": "metrics", "type": "prometheus", "url": "https://other.acme.dev" } // fleet\n  ]\n}\n`;
    host.files.set(target, text);
    servers = guardedWorld(metrics());
    host.answers = ['Metrics server…', address, 'Allow', '', 'Write .sightglass.json'];
    await connectFlags(of(target));
    const after = host.files.get(target) ?? '';
    expect(after).toContain('// ours');
    expect(after).toContain('// fleet');
    expect(parseConfiguration(target, after, memoryL10n).config?.backends.map(({ id, url }) => [id, url])).toEqual([
      ['metrics', 'https://other.acme.dev'],
      ['metrics-2', address],
    ]);
    host.answers = ['Metrics server…', address, '', 'Write .sightglass.json'];
    await connectFlags(of(target));
    expect(host.files.get(target)).toBe(after);
    expect(host.told.join()).toContain('says so already');
  });
});

describe('an OFREP server', () => {
  const text = `{\n  // ours\n  "systems": [\n    { "id": "flags", "type": "flagd", "projects": [{ "name": "w", "environments": [{ "name": "qa", "source": ["qa.json"] }] }] }\n  ]\n}\n`;
  const world = (): ConnectFlagsOf => {
    const made = of(target);
    const { config } = parseConfiguration(target, text, memoryL10n);
    const [system] = config?.systems ?? [];
    const projects = (system?.projects ?? []).map((project) => ({
      ...{ system: 'flags', systemType: 'flagd', configPath: target, config: project },
    }));
    return { ...made, flags: { ...made.flags, projects: () => projects } } as unknown as ConnectFlagsOf;
  };
  const ofrep = ({ url }: HttpRequest): Partial<HttpResponse> =>
    new URL(url).pathname.startsWith('/ofrep/v1/evaluate/flags/')
      ? {
          status: 404,
          body: new TextEncoder().encode(
            JSON.stringify({
              key: 'sightglass-connection-check',
              errorCode: 'FLAG_NOT_FOUND',
              errorDetails: 'no such flag',
            }),
          ),
        }
      : { status: 404, body: new TextEncoder().encode('404 page not found') };
  beforeEach(() => {
    host.files.set(target, text);
    servers = guardedWorld(ofrep);
  });

  it('is asked for a flag that nobody has, and written at its environment, comments kept', async () => {
    host.answers = ['OFREP server…', 'http://localhost:8016/ofrep/v1', 'Allow', 'Write .sightglass.json'];
    await connectFlags(world());
    const after = host.files.get(target) ?? '';
    expect(after).toContain('// ours');
    expect(
      parseConfiguration(target, after, memoryL10n).config?.systems[0]?.projects[0]?.environments[0],
    ).toMatchObject({
      ...{ name: 'qa', source: ['qa.json'], ofrep: 'http://localhost:8016' },
    });
  });

  it('is asked for again where nobody speaks the protocol, and sent nothing without a yes', async () => {
    servers = guardedWorld(() => ({ status: 200, body: new TextEncoder().encode('<!doctype html>') }));
    host.answers = ['OFREP server…', 'http://localhost:8016', undefined];
    await connectFlags(world());
    expect(servers.sent).toEqual([]);
    host.answers = ['OFREP server…', 'http://localhost:8016', 'Allow'];
    await connectFlags(world());
    expect(host.asked.at(-1)?.words).toContain('Is this the address of an OFREP server?');
    expect(host.files.get(target)).toBe(text);
  });
});
