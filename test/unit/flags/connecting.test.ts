import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../../src/flags/configuration';
import { configuredServers } from '../../../src/flags/configuredServers';
import { withSystem, type WrittenSystem } from '../../../src/flags/extendConfiguration';
import { JsonSyntaxError } from '../../../src/flags/jsonText';
import { LiveProject } from '../../../src/flags/liveProject';
import type { FlagSystem } from '../../../src/flags/system';
import { isSdkToken } from '../../../src/flags/unleash/serverCheck';
import { hintsIn, MAX_HINT_FILE_BYTES, unleashBase } from '../../../src/flags/workspaceHints';
import { configSchema } from '../../../src/model/config';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { RemoteError } from '../../../src/platform/remotes';
import { flagDeps } from './flagDeps';

describe('hints of a workspace', () => {
  it.each([
    ['.env', 'UNLEASH_URL=https://u.acme.dev/api/\nUNLEASH_TOKEN=*:*.abc', [['unleash', 'https://u.acme.dev']]],
    [
      '.env.local',
      'export NEXT_PUBLIC_UNLEASH_FRONTEND_API_URL="http://localhost:4242/api/frontend"',
      [['unleash', 'http://localhost:4242']],
    ],
    [
      'docker-compose.yml',
      'services:\n  web:\n    environment:\n      UNLEASH_API_URL: "https://u.acme.dev/base/api"\n',
      [['unleash', 'https://u.acme.dev/base']],
    ],
    [
      'compose.yaml',
      '  unleash:\n    image: unleashorg/unleash-server:7\n    ports:\n      - "14242:4242"\n',
      [['unleash', 'http://localhost:14242']],
    ],
    [
      'compose.yaml',
      'flagd:\n  image: ghcr.io/open-feature/flagd:v0.12\n  ports: ["8013:8013", "9015:8015"]\n',
      [['flagd', 'grpc://localhost:9015']],
    ],
    ['compose.yaml', 'flagd:\n  image: ghcr.io/open-feature/flagd:v0.12\n  ports: ["8013"]\n', [['flagd', null]]],
    ['compose.yaml', 'ui:\n  image: ghcr.io/open-feature/flagd-ui:v1\n', []],
    ['a/package.json', '{"dependencies": {"unleash-client": "^6"}}', [['unleash', null]]],
    ['a/package.json', '{"name": "my-unleash-client-demo"}', []],
    ['go.mod', 'require github.com/Unleash/unleash-client-go/v4 v4.1.0', [['unleash', null]]],
    [
      'requirements-dev.txt',
      '\nUnleashClient==6.0\nopenfeature-provider-flagd',
      [
        ['unleash', null],
        ['flagd', null],
      ],
    ],
    ['a/package.json', '{"dependencies": {"@launchdarkly/node-server-sdk": "^9"}}', [['launchdarkly', null]]],
    ['a/package.json', '{"dependencies": {"launchdarkly-react-client-sdk": "3"}}', [['launchdarkly', null]]],
    ['a/package.json', '{"devDependencies": {"@launchdarkly/ldcli": "1"}}', []],
    ['go.mod', 'require github.com/launchdarkly/go-server-sdk/v7 v7.1.0', [['launchdarkly', null]]],
    ['requirements.txt', '\nlaunchdarkly-server-sdk==9.0', [['launchdarkly', null]]],
    ['build.gradle', "implementation 'com.launchdarkly:launchdarkly-java-server-sdk:7.0.0'", [['launchdarkly', null]]],
    ['a/package.json', '{"dependencies": {"@growthbook/growthbook-react": "^1"}}', [['growthbook', null]]],
    ['a/package.json', '{"name": "my-growthbook-demo"}', []],
    ['go.mod', 'require github.com/growthbook/growthbook-golang v0.2.0', [['growthbook', null]]],
    ['requirements.txt', '\ngrowthbook==1.2.0\n', [['growthbook', null]]],
    ['Shop.csproj', '<PackageReference Include="growthbook-c-sharp" Version="1" />', [['growthbook', null]]],
    ['Shop.csproj', '<PackageReference Include="LaunchDarkly.ServerSdk" Version="8" />', [['launchdarkly', null]]],
    ['.env', 'UNLEASH_URL=https://ana:pw@u.acme.dev', []],
    ['.env', 'UNLEASH_URL=not a url', []],
  ] as const)('%s: %j', (name, text, expected) => {
    expect(hintsIn(name, text).map(({ system, url }) => [system, url])).toEqual(expected);
  });

  it('keep nothing of a token, and end in time on any text', () => {
    expect(JSON.stringify(hintsIn('.env', 'UNLEASH_URL=https://u.acme.dev\nUNLEASH_API_TOKEN=user:abc'))).not.toContain(
      'user:abc',
    );
    fc.assert(
      fc.property(
        fc.constantFrom('.env', 'package.json', 'compose.yml'),
        fc.string({ maxLength: 2_000 }),
        (name, text) => {
          for (const { url } of hintsIn(name, `${text}image: open-feature/flagd ${text}`))
            expect(url === null || url.length > 0).toBe(true);
        },
      ),
    );
  });

  it.each(['UNLEASH', 'image:'])('end in time on a file full of %s', (word) => {
    const text = word.repeat(MAX_HINT_FILE_BYTES / word.length);
    expect(hintsIn('compose.yml', text)).toEqual([]);
  });

  it.each([
    ['https://u.acme.dev/', 'https://u.acme.dev'],
    ['https://u.acme.dev/team/api/admin/projects', 'https://u.acme.dev/team'],
    ['ftp://u.acme.dev', null],
  ])('the base of %s is %s', (url, base) => {
    expect(unleashBase(url)).toBe(base);
  });
});

describe('a configuration with one system more', () => {
  const system = (project: string, url?: string): WrittenSystem => ({
    id: 'unleash',
    type: url === undefined ? 'flagd' : 'unleash',
    ...(url !== undefined && { url }),
    projects: [{ name: project, environments: [{ name: 'production', kind: 'live' }] }],
  });
  const read = (text: string): unknown => parseConfiguration('/w/.sightglass.json', text, memoryL10n).config?.systems;

  it('joins equal servers, keeps others apart, and stays what it was otherwise', () => {
    const url = 'https://u.acme.dev';
    const one = withSystem(null, system('shop', url));
    const two = withSystem(one, system('cart', url));
    expect(read(two)).toMatchObject([{ id: 'unleash', url, projects: [{ name: 'shop' }, { name: 'cart' }] }]);
    expect(withSystem(two, system('cart', url))).toBe(two);
    const three = withSystem(two, system('cart', 'https://other.acme.dev'));
    expect(read(three)).toMatchObject([{ id: 'unleash' }, { id: 'unleash-2', url: 'https://other.acme.dev' }]);
    const tabs = '{\n\t// why\n\t"services": {},\r\n}'.replace(',\r\n}', '\n}');
    expect(withSystem(tabs, system('shop', url))).toContain('\t// why\n\t"services": {}');
    expect(read(withSystem(tabs, system('shop', url)))).toMatchObject([{ projects: [{ name: 'shop' }] }]);
  });

  it('is not made of a text that is none', () => {
    expect(() => withSystem('{ broken', system('shop'))).toThrow(JsonSyntaxError);
  });
});

it('finds every server that a configuration names', () => {
  const config = configSchema.parse({
    systems: [
      {
        id: 'u',
        type: 'unleash',
        url: 'https://U.acme.dev/base',
        projects: [{ name: 'p', environments: [{ name: 'e' }] }],
      },
      {
        id: 'f',
        type: 'flagd',
        projects: [
          {
            name: 'p',
            environments: [
              {
                name: 'e',
                source: ['a.json', 'grpc://flagd', 'https://cdn.acme.dev/f.json?x=1'],
                ofrep: 'http://localhost:8016',
              },
            ],
          },
        ],
      },
    ],
    backends: [{ id: 'p', type: 'prometheus', url: 'http://ana:pw@prom:9090' }],
  });
  expect(configuredServers(config).map(({ id, origin, holds }) => [id, origin, holds])).toEqual([
    ['u', 'https://u.acme.dev', 'flags'],
    ['f', 'http://flagd:8015', 'flags'],
    ['f', 'https://cdn.acme.dev', 'flags'],
    ['f', 'http://localhost:8016', 'flags'],
    ['p', '', 'telemetry'],
  ]);
});

it.each([
  ['default:development.abc', true],
  ['*:production.abc', true],
  ['*:*.abc', false],
  ['user:abc', false],
  ['something', false],
])('%s is a token for SDKs: %s', (token, is) => {
  expect(isSdkToken(token)).toBe(is);
});

describe('a project whose server may not be asked', () => {
  it('is not asked yet, says why, and keeps what it knew once it did', async () => {
    const { deps, log } = flagDeps();
    let refused = true;
    const no = new RemoteError('notAllowed', 'https://u.acme.dev', 'https://u.acme.dev has not been asked.');
    const snapshot = { flags: [], version: '1', takenAt: 0 };
    const system = {
      id: 'u',
      type: 'unleash',
      watch: () => ({ dispose: () => undefined }),
      dispose: () => undefined,
      snapshot: async () => {
        if (refused) throw no;
        return snapshot;
      },
    } as unknown as FlagSystem;
    let changes = 0;
    const live = new LiveProject(system, deps, () => changes++);
    await live.refresh();
    expect(live.answer).toEqual({ state: 'notAsked', reason: no.message });
    expect(log.lines).toEqual([]);
    const asked = live.refresh();
    expect(live.answer.state).toBe('notAsked');
    await asked;
    expect(changes).toBe(2);
    refused = false;
    await live.refresh();
    expect(live.answer.state).toBe('ok');
    refused = true;
    await live.refresh();
    expect(live.answer).toMatchObject({ state: 'unreachable', reason: no.message, last: { value: snapshot } });
    const before = changes;
    await live.refresh();
    expect(changes).toBe(before);
    live.dispose();
  });
});
