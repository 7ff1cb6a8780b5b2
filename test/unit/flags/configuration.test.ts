import { describe, expect, it } from 'vitest';
import { findConfiguration, parseConfiguration } from '../../../src/flags/configuration';
import { detectFlagFiles, proposeConfiguration } from '../../../src/flags/detect';
import { withSystem } from '../../../src/flags/extendConfiguration';
import { environmentsOf, tightened } from '../../../src/flags/environments';
import { protectionOf } from '../../../src/flags/protection';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { flagDeps } from './flagDeps';

const read = (text: string): ReturnType<typeof parseConfiguration> =>
  parseConfiguration('/w/.sightglass.json', text, memoryL10n);

describe('.sightglass.json', () => {
  it('may hold comments, and says at which line a field is not known', () => {
    const { config, problems } = read('{\n  // ours\n  "systems": [],\n  "sistems": []\n}');
    expect(config).toBe(null);
    expect(problems).toMatchObject([
      { severity: 'error', line: 4, column: 3, message: 'There is no field "sistems" here.' },
    ]);
    expect(read('{ /* nothing */ }').config).toMatchObject({ systems: [], backends: [] });
  });

  it('says where a value is wrong, and where it is no JSON', () => {
    const wrong = read(
      '{"systems": [\n{"id": "a", "type": "flagd", "projects": [\n{"name": "", "environments": []}]}]}',
    );
    expect(wrong.problems.map(({ line }) => line)).toEqual([3, 3]);
    expect(read('{\n"systems": [\n').problems).toMatchObject([{ line: 3 }]);
  });

  it('tells a repository that it cannot loosen', () => {
    const environment = { name: 'prod', source: ['a.json'], protected: false };
    const { config, problems } = read(
      JSON.stringify({ systems: [{ id: 'a', type: 'flagd', projects: [{ name: 'p', environments: [environment] }] }] }),
    );
    expect(config).not.toBe(null);
    expect(problems).toMatchObject([{ severity: 'info', code: 'configuration.protected', line: 1 }]);
  });

  it('says of what it reads but does not follow where it stands', () => {
    const environments = [{ name: 'prod', source: ['a.json'], protected: false }];
    const projects = [{ name: 'p', environments }];
    const systems = [
      { id: 'a', type: 'flagd', projects },
      { id: 'b', type: 'flagg', projects: [{ name: 'q', environments: [{ name: 'x' }] }] },
    ];
    const text = JSON.stringify({ systems }, null, 1);
    const { config, problems } = read(text);
    expect(config?.systems).toHaveLength(2);
    expect(problems.map(({ code }) => code)).toEqual(['configuration.protected', 'configuration.type']);
    const lines = text.split('\n');
    for (const [at, words] of [
      [0, '"protected": false'],
      [1, '"type": "flagg"'],
    ] as const) {
      const { line = 0, column = 0, endLine, endColumn = 0 } = problems[at] ?? {};
      expect(lines[line - 1]?.slice(column - 1, endColumn - 1)).toBe(words);
      expect(endLine).toBe(line);
    }
  });

  it('says which context may name a person, where, and keeps the rest', () => {
    const contexts = [
      { name: 'Pros', attributes: { plan: 'pro' } },
      { name: 'Ana', attributes: { plan: 'pro', mail: 'ana@acme.dev' } },
    ];
    const text = JSON.stringify({ contexts }, null, 1);
    const { config, problems } = read(text);
    expect(config?.contexts).toEqual(contexts);
    expect(problems).toMatchObject([{ severity: 'warning', message: expect.stringContaining('"Ana"') as string }]);
    expect(text.split('\n')[(problems[0]?.line ?? 0) - 1]).toContain('ana@acme.dev');
  });

  it('says which environment of flagd names no source, and keeps the others', () => {
    const named = { name: 'here', source: ['grpc://flagd:8015'] };
    const projects = [{ name: 'shop', environments: [named, { name: 'nowhere' }] }];
    const text = JSON.stringify({ systems: [{ id: 'flags', type: 'flagd', projects }] }, null, 1);
    const { config, problems } = read(text);
    expect(config?.systems[0]?.projects[0]?.environments).toHaveLength(2);
    expect(problems).toMatchObject([{ severity: 'error', message: expect.stringContaining('"nowhere"') as string }]);
    expect(problems[0]?.message).toContain('grpc://');
    expect(text.split('\n')[(problems[0]?.line ?? 0) - 1]).toContain('{');
    const served = { id: 'u', type: 'unleash', url: 'https://unleash.acme.dev', projects };
    expect(read(JSON.stringify({ systems: [served] })).problems).toEqual([]);
  });

  it('is not taken where two projects or environments would share an identity, so that no change can hit the other', () => {
    const environment = (name: string) => `{"name": "${name}", "source": ["${name}.json"]}`;
    const project = (name: string, ...environments: string[]) =>
      `{"name": "${name}", "environments": [\n${environments.join(',\n')}]}`;
    const systems = (...projects: string[]) =>
      read(`{"systems": [{"id": "a", "type": "flagd", "projects": [${projects.join(',\n')}]}]}`);
    const environments = systems(project('p', environment('qa'), environment('prod'), environment('qa')));
    expect(environments.config).toBe(null);
    expect(environments.problems).toMatchObject([{ severity: 'error', line: 4 }]);
    expect(environments.problems[0]?.message).toContain('"qa" is named twice');
    const projects = systems(project('p', environment('qa')), project('p', environment('prod')));
    expect(projects.config).toBe(null);
    expect(projects.problems[0]?.message).toContain('"a/p" is named twice');
    expect(systems(project('p', environment('qa')), project('q', environment('qa'))).config).not.toBe(null);
  });

  it('is the nearest upwards', async () => {
    const { files, deps } = flagDeps();
    files.set('/.sightglass.json', '{}');
    files.set('/w/.sightglass.json', '{}');
    expect(await findConfiguration('/w/a/b', files, deps.paths)).toBe('/w/.sightglass.json');
    expect(await findConfiguration('/x', files, deps.paths)).toBe('/.sightglass.json');
  });
});

describe('protection', () => {
  const names = { system: 's', project: 'p', environment: 'production' };
  const nobody = { protected: [], unprotected: [] };
  it.each([
    ['by name', names, undefined, false, nobody, { value: true, because: 'name' }],
    ['whatever the repository says', names, false, false, nobody, { value: true, because: 'name' }],
    ['by the repository', { ...names, environment: 'qa' }, true, false, nobody, { value: true, because: 'repository' }],
    ['by the system', { ...names, environment: 'qa' }, undefined, true, nobody, { value: true, because: 'system' }],
    [
      'by the user',
      { ...names, environment: 'qa' },
      undefined,
      false,
      { protected: ['q*'], unprotected: [] },
      { value: true, because: 'user' },
    ],
    [
      'not when the user loosens it',
      names,
      true,
      true,
      { protected: [], unprotected: ['s/*/prod*'] },
      { value: false, because: 'user' },
    ],
    [
      'not by a name that only begins alike',
      { ...names, environment: 'product-qa' },
      undefined,
      false,
      nobody,
      { value: false, because: 'nothing' },
    ],
  ] as const)('%s', (_name, of, repository, system, user, expected) => {
    expect(protectionOf(of, repository, system, user)).toEqual(expected);
  });

  it('goes with the file: writing it writes every environment that reads it', () => {
    const environment = (name: string, source: string[]) => ({
      name,
      source,
      kind: 'live' as const,
      write: 'rename' as const,
    });
    const project = {
      name: 'p',
      folders: ['.'],
      environments: [
        environment('qa', ['a.json', './f.json']),
        environment('prod', ['f.json']),
        environment('dev', ['d.json']),
      ],
    };
    const found = environmentsOf('s', project, '/w', nobody, memoryPaths);
    expect(found.map(({ protected: { value } }) => value)).toEqual([true, true, false]);
    expect(found.map(({ production }) => production)).toEqual([false, true, false]);
    expect(found[0]?.sourceName).toBe('f.json +1');
  });

  it('goes with the file under any of its names and through any project, and so does being read-only', () => {
    const kind = { kind: 'live' as const, write: 'rename' as const };
    const projects = [
      { name: 'p', environments: [{ name: 'prod', source: ['flags/f.json'], readOnly: true, ...kind }] },
      { name: 'q', environments: [{ name: 'qa', source: ['file:./flags/../flags/f.json'], ...kind }] },
    ].map(({ name, environments }) => {
      const config = { name, folders: ['.'], environments };
      return { folder: '/w', config, environments: environmentsOf('s', config, '/w', nobody, memoryPaths) };
    });
    expect(projects[1]?.environments[0]).toMatchObject({ protected: { value: false }, readOnly: false });
    const [, [qa] = []] = tightened(projects, memoryPaths);
    expect(qa).toMatchObject({ protected: { value: true, because: 'name' }, readOnly: true });
  });
});

describe('detected flag files', () => {
  const flags = (...keys: string[]): string =>
    JSON.stringify({
      flags: Object.fromEntries(keys.map((key) => [key, { state: 'ENABLED', variants: { on: true } }])),
    });

  it('are those that hold flags; they become environments when they define the same', async () => {
    const { files, deps } = flagDeps();
    files.set('/w/prod.flagd.json', flags('a', 'b'));
    files.set('/w/dev.flagd.json', flags('a', 'b', 'c'));
    files.set('/w/other/flags.json', flags('x'));
    files.set('/w/i18n/flags.json', '{"flags": {"de": "🇩🇪"}}');
    files.set('/w/broken.flagd.json', '{"flags": {');
    const found = await detectFlagFiles(
      [
        '/w/prod.flagd.json',
        '/w/other/flags.json',
        '/w/i18n/flags.json',
        '/w/broken.flagd.json',
        '/w/gone.json',
        '/w/dev.flagd.json',
      ],
      deps,
      new AbortController().signal,
    );
    expect(found.map(({ path }) => path)).toEqual(['/w/dev.flagd.json', '/w/other/flags.json', '/w/prod.flagd.json']);
    const config = proposeConfiguration('/w', found, deps);
    expect(
      config.systems[0]?.projects.map(({ environments }) => environments.map(({ name, kind }) => `${name} ${kind}`)),
    ).toEqual([['dev definition', 'prod definition'], ['flags definition']]);
    expect(read(withSystem(null, config.systems[0]!))).toMatchObject({ config, problems: [] });
  });
});
