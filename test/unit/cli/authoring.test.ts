import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../../src/cli/run';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { makeHome } from '../../../src/platform/node/home';
import { http2Grpc } from '../../../src/platform/node/http2Grpc';
import { createUndiciHttp } from '../../../src/platform/node/undiciHttp';

const text = '{\n  "flags": {\n  }\n}\n';
const configuration = {
  systems: [
    {
      id: 'flags',
      type: 'flagd',
      projects: [
        {
          name: 'shop',
          environments: [{ name: 'production', kind: 'live', protected: true, source: ['flags.json'] }],
        },
      ],
    },
  ],
};
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightglass-authoring-'));
  await mkdir(join(folder, 'shop'));
  await writeFile(join(folder, 'shop/.sightglass.json'), JSON.stringify(configuration));
  await writeFile(join(folder, 'shop/flags.json'), text);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = (): Promise<string> => readFile(join(folder, 'shop/flags.json'), 'utf8');

async function sightglass(...line: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await run(line, {
    cwd: join(folder, 'shop'),
    version: '1.2.3',
    who: 'ana',
    home: () => makeHome(join(folder, 'home')),
    http: createUndiciHttp(),
    grpc: http2Grpc,
    variables: {},
    l10n: memoryL10n,
    prompt: null,
    signal: new AbortController().signal,
    out: (said) => (out += said),
    err: (said) => (err += said),
  });
  return { code, out, err };
}

const given = ['--yes', '--reason', 'a test', '--no-wait'];

it('a flag is created off with one yes and a reason, never without, and taken out again by who types its name', async () => {
  expect(await sightglass('create', 'fresh', '--type', 'boolean')).toMatchObject({ code: 2 });
  expect(await sightglass('create', 'fresh', '--type', 'colour', ...given)).toMatchObject({ code: 2 });
  expect(await file()).toBe(text);
  expect(await sightglass('create', 'fresh', '--type', 'boolean', ...given)).toMatchObject({ code: 0 });
  expect(JSON.parse(await file())).toMatchObject({ flags: { fresh: { state: 'ENABLED', defaultVariant: 'off' } } });
  expect(await sightglass('create', 'fresh', '--type', 'boolean', ...given)).toMatchObject({ code: 3 });
  expect(await sightglass('undo', ...given)).toMatchObject({ code: 2 });
  expect(await sightglass('undo', ...given, '--flag-name', 'fresh')).toMatchObject({ code: 0 });
  expect(await file()).toBe(text);
});

it('a flag is created where one can be: several projects that can are told apart by name, others are not asked', async () => {
  const [system] = structuredClone(configuration.systems);
  const other = { name: 'qa', source: ['goff.yaml'] };
  const relayed = { id: 'relayed', type: 'goff', projects: [{ name: 'goff', environments: [other] }] };
  await writeFile(join(folder, 'shop/goff.yaml'), 'old:\n  variations: { on: true, off: false }\n');
  const both = (...systems: unknown[]): Promise<void> =>
    writeFile(join(folder, 'shop/.sightglass.json'), JSON.stringify({ systems }));
  await both(system, relayed);
  expect(await sightglass('create', 'fresh', '--type', 'boolean', ...given)).toMatchObject({ code: 0 });
  expect(JSON.parse(await file())).toMatchObject({ flags: { fresh: {} } });
  await both(relayed);
  const none = await sightglass('create', 'fresh', '--type', 'boolean', ...given);
  expect(none).toMatchObject({
    code: 3,
    err: expect.stringMatching(/No flag can be made from here in relayed\/goff/) as string,
  });
  await both(system, { ...system, id: 'second' }, relayed);
  const several = await sightglass('create', 'newer', '--type', 'boolean', ...given);
  expect(several.code).toBe(2);
  expect(several.err).toMatch(/several projects: .*second\/.*Choose one with --project/);
  expect(several.err).not.toContain('relayed');
});

it('one user is given the flag and evaluated; an e-mail address is no user', async () => {
  await sightglass('create', 'fresh', '--type', 'boolean', ...given);
  expect(await sightglass('target', 'fresh', '--user', 'u1', ...given)).toMatchObject({ code: 2 });
  expect(await sightglass('target', 'fresh', '--user', 'ana@acme.dev', ...given)).toMatchObject({ code: 2 });
  expect(await sightglass('target', 'fresh', '--user', 'u1', ...given, '--flag-name', 'fresh')).toMatchObject({
    code: 0,
  });
  const mine = await sightglass('evaluate', 'fresh', '--context', 'targetingKey=u1', '--env', 'production', '--json');
  expect(JSON.parse(mine.out)).toMatchObject({ variant: 'on', rule: { words: 'targetingKey is one of "u1"' } });
  const other = await sightglass('evaluate', 'fresh', '--context', 'targetingKey=u2');
  expect(other).toMatchObject({ code: 0, out: expect.stringContaining('"off"') as string });
  expect(await sightglass('target', 'fresh', '--user', 'u1', '--remove', ...given)).toMatchObject({ code: 0 });
  expect(await file()).not.toContain('targeting');
  expect(await sightglass('evaluate', 'fresh', '--context', 'nothing')).toMatchObject({ code: 2 });
});

it('a context is evaluated in every environment where none is named; one that cannot tell leaves the others', async () => {
  const flag = (defaultVariant: string): string =>
    JSON.stringify({ flags: { one: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant } } });
  await writeFile(join(folder, 'shop/flags.json'), flag('on'));
  await writeFile(join(folder, 'shop/staging.json'), flag('nowhere'));
  const [system] = structuredClone(configuration.systems);
  const environments: object[] | undefined = system?.projects[0]?.environments;
  environments?.push({ name: 'staging', source: ['staging.json'] });
  await writeFile(join(folder, 'shop/.sightglass.json'), JSON.stringify({ systems: [system] }));
  const lines = await sightglass('evaluate', 'one', '--context', 'plan=pro');
  expect(lines.code).toBe(0);
  expect(lines.out).toMatch(
    /^production\n {2}"on" · true {2}STATIC\n {4}no rule: .*\n {4}flagd's own engine.*\nstaging\n {2}\S/,
  );
  const { out } = await sightglass('evaluate', 'one', '--json');
  expect(JSON.parse(out)).toMatchObject([
    { environment: { name: 'production' }, variant: 'on', value: true },
    { environment: { name: 'staging' } },
  ]);
});
