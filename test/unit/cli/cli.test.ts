import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/run';
import type { Prompt } from '../../../src/cli/terminalConsent';
import type { SignalFacts } from '../../../src/model/facts';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { makeHome } from '../../../src/platform/node/home';
import { http2Grpc } from '../../../src/platform/node/http2Grpc';
import { createUndiciHttp } from '../../../src/platform/node/undiciHttp';

const token = 'a-token-that-nobody-may-see';
const flagFile = `{
  // what production reads
  "flags": {
    "new-checkout": {
      "state": "ENABLED",
      "variants": { "on": true, "off": false },
      "defaultVariant": "off",
      "targeting": { "fractional": [["on", 25], ["off", 75]] } // a quarter
    },
    "banner": { "state": "ENABLED", "variants": { "blue": "b", "green": "g", "none": "" }, "defaultVariant": "blue" }
  }
}
`;
const configuration = {
  systems: [
    {
      id: 'flags',
      type: 'flagd',
      projects: [
        {
          name: 'shop',
          environments: [
            { name: 'production', kind: 'live', protected: true, source: ['production.json'], pollSeconds: 1 },
            { name: 'dev', kind: 'live', source: ['dev.json'], pollSeconds: 1 },
          ],
        },
      ],
    },
  ],
};

let folder: string;
let shop: string;
let home: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightglass-cli-'));
  shop = join(folder, 'shop');
  home = join(folder, 'home');
  await mkdir(shop);
  await writeFile(join(shop, '.sightglass.json'), JSON.stringify(configuration));
  await writeFile(join(shop, 'production.json'), flagFile);
  await writeFile(join(shop, 'dev.json'), flagFile);
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function sightglass(
  line: string[],
  answers?: string[],
  cwd = shop,
  variables: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const prompt: Prompt | null = answers ? { line: async () => answers.shift() ?? null } : null;
  const code = await run(line, {
    cwd,
    version: '1.2.3',
    who: 'ana',
    home: () => makeHome(home),
    http: createUndiciHttp(),
    grpc: http2Grpc,
    variables,
    l10n: memoryL10n,
    prompt,
    signal: new AbortController().signal,
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

const production = (): Promise<string> => readFile(join(shop, 'production.json'), 'utf8');
const journalFiles = async (): Promise<string[]> =>
  (await readdir(join(home, 'journal')).catch(() => [])).filter((name) => name.endsWith('.json'));

/** A window that holds the store: answers on the paths and with the token of receiver.json. */
async function openWindow(answer: (path: string, body: Record<string, unknown>) => unknown): Promise<string[]> {
  const asked: string[] = [];
  const listening = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}`);
      if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end('{}');
      const reply = answer(request.url ?? '', body === '' ? {} : (JSON.parse(body) as Record<string, unknown>));
      return response.writeHead(reply === undefined ? 404 : 200).end(JSON.stringify(reply ?? {}));
    });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  await makeHome(home);
  const { port } = listening.address() as AddressInfo;
  const receiver = { pid: process.pid, address: '127.0.0.1', port, token, startedAt: 0, protocol: 1 };
  await writeFile(join(home, 'receiver.json'), JSON.stringify(receiver), { mode: 0o600 });
  return asked;
}

const status = {
  role: 'owner',
  address: '127.0.0.1',
  port: 1,
  problem: null,
  spansReceived: 0,
  rejected: 0,
  newest: null,
};

describe('changing a flag from the command line', () => {
  it('kills and undoes with the consent of DESIGN, and leaves the file as it was', async () => {
    const killed = await sightglass([
      'kill',
      'new-checkout',
      '-e',
      'production',
      '--yes',
      '--reason',
      'errors',
      '--no-wait',
    ]);
    expect(killed).toMatchObject({ code: 0 });
    expect(killed.err).toContain('Now 25% "on", 75% "off". After: everyone gets "off".');
    const id = killed.out.trim();
    expect(await journalFiles()).toEqual([`${id}.json`]);
    expect(await production()).not.toContain('fractional');
    expect(await production()).toContain('// what production reads');

    const missing = await sightglass(['undo', '--yes', '--reason', 'fixed']);
    expect(missing).toMatchObject({ code: 2, out: '' });
    expect(missing.err).toContain('--flag-name');
    const undone = await sightglass([
      'undo',
      id,
      '--yes',
      '--reason',
      'fixed',
      '--flag-name',
      'new-checkout',
      '--no-wait',
    ]);
    expect(undone.code).toBe(0);
    expect(await production()).toBe(flagFile);

    const journal = await sightglass(['journal', '--json']);
    const { entries } = JSON.parse(journal.out) as {
      entries: { undoes: unknown; undoneBy: unknown; status: unknown; consent: unknown }[];
    };
    expect(entries.map(({ undoes, undoneBy, status: ended }) => [undoes, undoneBy !== null, ended])).toEqual([
      [id, false, 'applied'],
      [null, true, 'applied'],
    ]);
    expect(entries[1]?.consent).toMatchObject({ who: 'ana', through: 'command line', reason: 'errors' });
    expect((await sightglass(['journal'])).out).toMatch(/new-checkout off in production {2}applied .* undone · you/);
    // What is left out does not use up the limit.
    const first = await sightglass(['journal', '--outcome', 'undone', '--who', 'AN', '--limit', '1']);
    expect(first.out.trim().split('\n')).toEqual([expect.stringMatching(new RegExp(`^${id} .* undone`))]);
    const none = await sightglass(['journal', '--flag', 'other']);
    expect([none.out, none.err]).toEqual(['', expect.stringMatching(/No change of the journal is like that/)]);
    const csv = (await sightglass(['journal', '--format', 'csv', '--flag', 'CHECKOUT', '-e', 'production'])).out;
    const [head, , row] = csv.split('\r\n');
    expect(head).toBe('at,id,system,project,environment,flag,change,outcome,who,through,reason');
    expect(row).toMatch(new RegExp(`Z,${id},flags,shop,production,new-checkout,off,undone,ana,command line,errors$`));
  });

  it.each([
    [['kill', 'new-checkout', '-e', 'production'], '--yes, --reason'],
    [['kill', 'new-checkout', '-e', 'production', '--yes'], '--reason'],
    [['set', 'new-checkout', '-e', 'production', '--percentage', '50', '--yes', '--reason', 'x'], '--flag-name'],
    [
      [
        'set',
        'new-checkout',
        '-e',
        'production',
        '--percentage',
        '50',
        '--yes',
        '--reason',
        'x',
        '--flag-name',
        'banner',
      ],
      '--flag-name',
    ],
    [['set', 'new-checkout', '-e', 'dev', '--percentage', '50'], '--yes'],
  ])('%j without a terminal changes nothing for want of %s', async (line, wanted) => {
    const ran = await sightglass(line);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(`wanted as well: ${wanted}.`);
    expect(await production()).toBe(flagFile);
    expect(await journalFiles()).toEqual([]);
  });

  it('asks on a terminal whatever options are given', async () => {
    const no = await sightglass(['kill', 'new-checkout', '-e', 'production', '--yes', '--reason', 'x'], ['n']);
    expect(no).toMatchObject({ code: 3, out: '' });
    expect(await production()).toBe(flagFile);
    const yes = await sightglass(['kill', 'new-checkout', '-e', 'production', '--no-wait'], ['y', 'errors']);
    expect(yes.code).toBe(0);
    expect(await production()).not.toContain('fractional');
  });

  it('refuses a reason left empty where one is wanted', async () => {
    const line = ['set', 'new-checkout', '-e', 'production', '--percentage', '50'];
    const ran = await sightglass(line, ['new-checkout', '']);
    expect(ran).toMatchObject({ code: 3 });
    expect(ran.err).toContain('A reason is needed');
    expect(await production()).toBe(flagFile);
  });

  it('says what is unclear instead of choosing', async () => {
    expect((await sightglass(['kill', 'new-checkout', '--yes'])).err).toContain('--environment: production, dev');
    expect((await sightglass(['kill', 'new-chekout', '-e', 'dev', '--yes'])).err).toContain(
      'Did you mean "new-checkout"?',
    );
    expect((await sightglass(['kill', 'new-checkout', '-e', 'prod', '--yes'])).code).toBe(2);
    expect((await sightglass(['set', 'banner', '-e', 'dev', '--percentage', '5', '--yes'])).err).toContain('--variant');
    expect((await sightglass(['undo', '--yes'])).err).toContain('There is no change to undo here.');
    const nowhere = await sightglass(['kill', 'new-checkout', '--yes'], undefined, folder);
    expect(nowhere).toMatchObject({ code: 3 });
    expect(nowhere.err).toContain('no usable .sightglass.json');
  });

  it('does not undo over somebody else’s later change', async () => {
    await sightglass(['kill', 'new-checkout', '-e', 'dev', '--yes', '--no-wait']);
    const path = join(shop, 'dev.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"ENABLED"', '"DISABLED"'));
    const theirs = await readFile(path, 'utf8');
    const ran = await sightglass(['undo', '--yes', '--no-wait']);
    expect(ran.code).toBe(3);
    expect(ran.err).toContain('changed since');
    expect(await readFile(path, 'utf8')).toBe(theirs);
  });

  it('waits until the instances follow, as the open window tells', async () => {
    const since = Date.now();
    let seen = 0;
    await openWindow((path, body) => {
      if (path === '/sightglass/v1/status') return status;
      if (path !== '/sightglass/v1/instances') return undefined;
      expect(body).toMatchObject({ flag: 'new-checkout', environment: 'dev' });
      const changed = Date.now() - since > 0 && seen++ > 1;
      const common = { service: 'cart', instance: 'cart-1', flag: 'new-checkout' };
      return [
        { ...common, variant: 'on', lastSeen: since - 1, count: 250 },
        {
          ...common,
          variant: 'off',
          lastSeen: changed ? Date.now() : since - 1,
          count: 750 + (changed ? seen * 50 : 0),
        },
      ];
    });
    const ran = await sightglass(['kill', 'new-checkout', '-e', 'dev', '--yes', '--json']);
    expect(ran.code).toBe(0);
    const { entry } = JSON.parse(ran.out) as { entry: { status: string; verification: { words: string } } };
    expect(entry.status).toBe('verified');
    expect(entry.verification.words).toMatch(/^off on 1 of 1 instances after/);
    expect(ran.err).toContain('written, waiting for 1 instance');
    expect(ran.out + ran.err).not.toContain(token);
  });
});

describe('status', () => {
  it('tells the state, and says that telemetry could not be asked', async () => {
    const ran = await sightglass(['status', 'new-checkout']);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('production  25% "on", split by targetingKey  (live · protected · production.json)');
    expect(ran.out).toContain('telemetry: could not ask');
    expect(ran.err).toContain('no window with Sightglass is open');
    const json = JSON.parse((await sightglass(['status', 'new-checkout', '-e', 'dev', '--json'])).out) as {
      environments: { telemetry: unknown; state: { effective: unknown } }[];
    };
    expect(json.environments).toHaveLength(1);
    expect(json.environments[0]?.telemetry).toMatchObject({ state: 'couldNotAsk' });
    expect(json.environments[0]?.state.effective).toMatchObject({ shares: { on: 0.25, off: 0.75 } });
  });

  it('asks the open window for errors and latency of each side', async () => {
    const totals = (calls: number, errors: number) => ({
      calls,
      errors,
      refused: 0,
      perMinute: calls / 15,
      errorRate: { value: errors / calls, low: 0, high: 1 },
      p50: 0.1,
      p95: 0.48,
      p99: 0.9,
    });
    const arm = (variant: string, calls: number, errors: number) => ({
      variant,
      totals: totals(calls, errors),
      points: [],
      exemplars: [],
    });
    const asked = await openWindow((path, body): unknown => {
      if (path === '/sightglass/v1/status') return status;
      if (path !== '/sightglass/v1/facts') return undefined;
      expect(body).toMatchObject({ windowMinutes: 60, flags: [{ key: 'new-checkout', at: [], offVariant: 'off' }] });
      return {
        environment: 'production',
        window: { from: 0, to: 1 },
        windowMinutes: 60,
        source: 'built-in receiver',
        asOf: Date.now(),
        coverage: { sampled: false, approximate: false, partial: false, joinedShare: 1, newestSample: null },
        operationCount: 1,
        services: ['checkout'],
        environments: ['production'],
        paths: [],
        flags: [
          {
            key: 'new-checkout',
            service: 'checkout',
            operation: null,
            match: null,
            arms: [arm('off', 3_640, 22), arm('on', 1_204, 49)],
            mixedCalls: 0,
            observed: { on: 0.248, off: 0.752 },
            evaluations: 4_844,
            comparison: null,
            latency: null,
          },
        ],
      } satisfies SignalFacts;
    });
    const ran = await sightglass(['status', 'new-checkout', '-e', 'production', '--window', '60']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('checkout  "on" 24.8%, "off" 75.2% · 4,844 evaluations');
    expect(ran.out).toMatch(/"on" {2}.*err 4\.1%.*p95 480 ms · 49 of 1,204 failed/);
    expect(asked).toContain('POST /sightglass/v1/facts');
    expect(ran.out).not.toContain(token);
  });

  it('is not fooled by a stranger on the port', async () => {
    await openWindow(() => ({ hello: 'world' }));
    const ran = await sightglass(['status', 'new-checkout']);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain('Telemetry could not be asked');
    expect(ran.err).not.toContain(token);
  });

  it('says why flags cannot be read', async () => {
    await writeFile(join(shop, 'production.json'), '{ "flags": {');
    await rm(join(shop, 'dev.json'));
    const ran = await sightglass(['status', 'new-checkout']);
    expect(ran).toMatchObject({ code: 3, out: '' });
    expect(ran.err).toMatch(/"new-checkout" was not found, and a file cannot be read\. .*(production|dev)\.json/);
  });
});

describe('the rest', () => {
  it('answers for itself', async () => {
    expect(await sightglass(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
    expect((await sightglass(['--help'])).out).toContain('sightglass kill KEY');
    expect(await sightglass(['explode'])).toMatchObject({ code: 2, out: '' });
    expect(await sightglass([])).toMatchObject({ code: 2, out: '' });
  });

  it('lists what it cannot read in the journal without hiding the rest', async () => {
    await sightglass(['kill', 'new-checkout', '-e', 'dev', '--yes', '--no-wait']);
    await writeFile(join(home, 'journal', '20260101T000000000Z-00000001.json'), '{"format":');
    const ran = await sightglass(['journal']);
    expect(ran.code).toBe(0);
    expect(ran.out.trim().split('\n')).toHaveLength(1);
    expect(ran.err).toContain('20260101T000000000Z-00000001.json: Not a journal entry');
  });
});
