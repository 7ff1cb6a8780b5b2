import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../../src/cli/run';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { http2Grpc } from '../../../src/platform/node/http2Grpc';
import { createUndiciHttp } from '../../../src/platform/node/undiciHttp';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightglass-systems-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function systems(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await run(['systems', ...args], {
    cwd: folder,
    version: '1',
    who: 'ana',
    home: () => Promise.resolve(join(folder, 'home')),
    http: createUndiciHttp(),
    grpc: http2Grpc,
    variables: {},
    l10n: memoryL10n,
    prompt: null,
    signal: new AbortController().signal,
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

const flags = 'a:\n  variations: { on: true, off: false }\n  defaultRule: { variation: on }\n';
const environment = (name: string, more: object = {}): object => ({ name, source: ['f.yaml'], ...more });
const configured = {
  systems: [
    {
      id: 'ours',
      type: 'goff',
      projects: [
        {
          name: 'shop',
          environments: [environment('qa'), environment('prod', { readOnly: true, source: ['p.yaml'] })],
        },
      ],
    },
    {
      id: 'theirs',
      type: 'goff',
      projects: [{ name: 'shop', environments: [{ name: 'live', kind: 'live', source: ['http://127.0.0.1:9'] }] }],
    },
  ],
};

it('lists systems with what each can do in each environment, and those that cannot be asked', async () => {
  await writeFile(join(folder, 'f.yaml'), flags);
  await writeFile(join(folder, 'p.yaml'), flags);
  await writeFile(join(folder, '.sightglass.json'), JSON.stringify(configured));
  const { code, out } = await systems('--json');
  expect(code).toBe(0);
  const listed = JSON.parse(out) as { systems: { environments: unknown[] }[] };
  expect(listed.systems).toMatchObject([
    {
      system: 'ours',
      type: 'goff',
      project: 'shop',
      state: 'ok',
      flags: 1,
      environments: [
        {
          environment: { ref: { name: 'qa' } },
          readOnly: false,
          capabilities: { push: true, write: true, switch: true, targets: false },
        },
        { environment: { ref: { name: 'prod' } }, readOnly: true, capabilities: { write: false, percentage: false } },
      ],
    },
    // Nobody said yes to its address.
    {
      system: 'theirs',
      state: 'notAsked',
      flags: null,
      environments: [{ readOnly: true, capabilities: { push: false, write: false } }],
    },
  ]);
  const lines = (await systems()).out.split('\n');
  expect(lines[0]).toBe('ours/shop · goff · 1 flag');
  expect(lines[1]).toBe('  qa  definition · f.yaml  push, write, percentage, defaultVariant, switch');
  expect(lines[2]).toBe('  prod  definition · protected · read-only · p.yaml  push');
});

it('lists Flipt by its files and by its server', async () => {
  await writeFile(
    join(folder, 'features.yaml'),
    'namespace: shop\nflags:\n- key: a\n  name: A\n  type: BOOLEAN_FLAG_TYPE\n',
  );
  const projects = (environment: object) => [{ name: 'shop', environments: [{ name: 'qa', ...environment }] }];
  await writeFile(
    join(folder, '.sightglass.json'),
    JSON.stringify({
      systems: [
        { id: 'files', type: 'flipt', projects: projects({ source: ['features.yaml'] }) },
        { id: 'server', type: 'flipt', url: 'http://127.0.0.1:9', projects: projects({ kind: 'live' }) },
      ],
    }),
  );
  const listed = JSON.parse((await systems('--json')).out) as { systems: unknown[] };
  expect(listed.systems).toMatchObject([
    {
      system: 'files',
      type: 'flipt',
      state: 'ok',
      flags: 1,
      environments: [
        { capabilities: { push: true, write: true, switch: true, create: true, targets: false, approvals: false } },
      ],
    },
    // Nobody said yes to its address.
    { system: 'server', state: 'notAsked', flags: null },
  ]);
});

it('says what is wrong with each and with the configuration, at the place', async () => {
  const targeting = { if: [{ var: 'pro' }, 'onn', 'off'] };
  const bad = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting };
  await writeFile(join(folder, 'f.json'), JSON.stringify({ flags: { bad } }, null, 1));
  await writeFile(join(folder, 'list.json'), '[]');
  const projects = [
    { name: 'shop', environments: [{ name: 'qa', source: ['f.json'], protected: false }] },
    { name: 'list', environments: [{ name: 'qa', source: ['list.json'] }] },
  ];
  await writeFile(
    join(folder, '.sightglass.json'),
    JSON.stringify({ systems: [{ id: 'ours', type: 'flagd', projects }] }, null, 1),
  );
  const { out, err } = await systems();
  expect(err).toMatch(/^\.sightglass\.json:\d+:\d+: "protected": false of "qa" has no effect/);
  expect(out).toMatch(/^ {2}warning {2}f\.json:\d+:\d+: The targeting of "bad" names "onn", which is not a variant/m);
  expect(out).toMatch(/^ {2}error {2}list\.json:1:1: A flag definition file is an object with "flags"\. Until it is/m);
  expect(out).not.toContain('no JSON');
});

it('says that there is none', async () => {
  expect(await systems('--json')).toMatchObject({
    code: 3,
    out: '{"systems":[]}\n',
    err: expect.stringContaining('No flag system') as string,
  });
});
