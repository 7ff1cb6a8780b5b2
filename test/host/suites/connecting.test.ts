import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import type { ShownNode, SightglassApi } from '../../../src/editor/api';
import { api, file, read, until, write } from '../shop';

const good = 'user:3f2c9d8e7a6b5c4d3e2f1a0b';
const sdkToken = 'default:development.3f2c9d8e7a6b';
const definition = {
  flags: { 'from-server': { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' } },
};

interface Seen {
  readonly path: string;
  readonly authorization: string | undefined;
}

/** Answers at `/api/admin/` as Unleash does and at `/flags.json` with definitions, below `/metrics` as Prometheus; anywhere else a web page. */
function answerTo({ url = '', headers }: IncomingMessage): readonly [status: number, body: unknown] {
  if (url === '/flags.json') return [200, definition];
  if (url.startsWith('/metrics/api/v1/query?'))
    return [200, { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, '7'] }] } }];
  if (!url.startsWith('/api/admin/')) return [200, null];
  if (headers.authorization === sdkToken)
    return [403, { message: 'invalid token: expected a different token type for this endpoint' }];
  if (headers.authorization !== good) return [401, { message: 'You must log in to use Unleash.' }];
  switch (url) {
    case '/api/admin/user':
      return [200, { user: {}, permissions: [{ permission: 'ADMIN' }] }];
    case '/api/admin/projects':
      return [200, { projects: [{ id: 'default', name: 'Default' }] }];
    case '/api/admin/environments/project/default':
      return [200, { environments: [{ name: 'production', type: 'production', enabled: true }] }];
    default:
      return [404, { message: 'not there' }];
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const [status, body] = answerTo(request);
  response.writeHead(status, { 'content-type': body === null ? 'text/html' : 'application/json' });
  response.end(body === null ? '<!doctype html>' : JSON.stringify(body));
}

/** Stands where the person is: one answer a question, in their order; none left is Escape. */
function person(answers: readonly (string | undefined)[]): { readonly asked: string[]; restore: () => void } {
  const stub = vscode.window as unknown as Record<string, unknown>;
  const names = ['showQuickPick', 'showInputBox', 'showWarningMessage', 'showInformationMessage'] as const;
  const before = names.map((name) => stub[name]);
  const left = [...answers];
  const asked: string[] = [];
  stub.showQuickPick = async (items: readonly vscode.QuickPickItem[]) => {
    asked.push('pick');
    const next = left.shift();
    return items.find(({ label }) => label === next);
  };
  stub.showInputBox = async (options: vscode.InputBoxOptions) => {
    asked.push(`${options.password === true ? 'password' : 'input'}: ${options.prompt ?? ''}`);
    const next = left.shift();
    return next === undefined || (await options.validateInput?.(next)) ? undefined : next;
  };
  const message = async (title: string, options?: vscode.MessageOptions, ...buttons: string[]) => {
    if (options?.modal !== true) {
      asked.push(`told: ${title}`);
      return undefined;
    }
    asked.push(`modal: ${title} ${options.detail ?? ''}`);
    const next = left.shift();
    return buttons.find((button) => button === next);
  };
  stub.showWarningMessage = message;
  stub.showInformationMessage = message;
  return { asked, restore: () => names.forEach((name, at) => (stub[name] = before[at])) };
}

async function during(
  answers: readonly (string | undefined)[],
  command: string,
  argument?: unknown,
): Promise<readonly string[]> {
  const stand = person(answers);
  try {
    await vscode.commands.executeCommand(command, argument);
  } finally {
    stand.restore();
  }
  return stand.asked;
}

suite('connecting to servers', () => {
  let exported: SightglassApi;
  let server: Server;
  let origin: string;
  const seen: Seen[] = [];

  const rows = (): readonly ShownNode[] => exported.flags().sections.find(({ id }) => id === 'servers')?.children ?? [];
  const row = (text: string): boolean => rows().some(({ label }) => label.includes(text) && label.includes(origin));
  const shows = (key: string): boolean => JSON.stringify(exported.flags()).includes(`"${key}"`);

  suiteSetup(async function () {
    this.timeout(60_000);
    server = createServer((request, response) => {
      seen.push({ path: request.url ?? '', authorization: request.headers.authorization });
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    exported = await api();
    await vscode.workspace.fs.delete(file('.sightglass.json')).then(undefined, () => undefined);
  });

  suiteTeardown(async () => {
    server.closeAllConnections();
    server.close();
    await vscode.workspace.fs.delete(file('.sightglass.json')).then(undefined, () => undefined);
  });

  test('a server that a configuration names is a row of the Flags view, and is sent nothing without a yes', async function () {
    this.timeout(60_000);
    const environments = [{ name: 'production', kind: 'live', source: [`${origin}/flags.json`] }];
    const systems = [{ id: 'remote', type: 'flagd', projects: [{ name: 'shop', environments }] }];
    await write('.sightglass.json', JSON.stringify({ systems }));
    await until(
      'the row is there',
      () => row('Allow'),
      () => exported.flags(),
      40_000,
    );
    assert.equal(rows()[0]?.contextValue, 'server allowServer');
    const asked = await during([undefined], 'sightglass.allowServer', { origin, consent: true, answer: 'Allow' });
    assert.equal(asked.length, 1);
    assert.match(asked[0]!, /Let Sightglass ask .*address of this machine/s);
    await vscode.commands.executeCommand('sightglass.refresh');
    assert.deepEqual(seen, []);
  });

  test('with a yes it is asked, and what it says is shown', async function () {
    this.timeout(60_000);
    await during(['Allow'], 'sightglass.allowServer', { origin });
    await until(
      'its flag is shown',
      () => shows('from-server'),
      () => exported.flags(),
      40_000,
    );
    assert.equal(rows().length, 0);
    assert.ok(seen.every(({ authorization }) => authorization === undefined));
  });

  test('Unleash is connected with a token that works; the others are told apart', async function () {
    this.timeout(60_000);
    const answers = ['Unleash…', origin, 'user:wrong', sdkToken, good, 'Write .sightglass.json'];
    const asked = await during(answers, 'sightglass.connectFlagSystem');
    const tokens = asked.filter((question) => question.startsWith('password'));
    assert.equal(tokens.length, 3);
    assert.match(tokens[1]!, /refused the token \(401\)/);
    assert.match(tokens[2]!, /token for SDKs/);
    const text = await read('.sightglass.json');
    const { systems } = JSON.parse(text) as { systems: { type: string; url?: string; projects: unknown[] }[] };
    assert.deepEqual(systems[1], {
      id: 'unleash',
      type: 'unleash',
      url: origin,
      projects: [{ name: 'default', environments: [{ name: 'production', kind: 'live', production: true }] }],
    });
    for (const token of [good, sdkToken, 'user:wrong'])
      assert.ok(!text.includes(token) && !asked.join().includes(token));
    // The origin was allowed before, and is not asked about again.
    assert.ok(!asked.some((question) => question.includes('Let Sightglass ask')));
  });

  test('a metrics server answers a question first, and what is written joins the rest', async function () {
    this.timeout(60_000);
    const before = await read('.sightglass.json');
    const answers = ['Metrics server…', `${origin}/elsewhere`, '', `${origin}/metrics`, '', 'Write .sightglass.json'];
    const asked = await during(answers, 'sightglass.connectFlagSystem');
    assert.match(asked.filter((question) => question.startsWith('input'))[2]!, /answers with a web page/);
    assert.match(asked.at(-1)!, /holds 7 series of calls/);
    const after = JSON.parse(await read('.sightglass.json')) as { systems: unknown; backends: unknown };
    assert.deepEqual(after.systems, (JSON.parse(before) as { systems: unknown }).systems);
    assert.deepEqual(after.backends, [{ id: 'metrics', type: 'prometheus', url: `${origin}/metrics` }]);
    assert.ok(seen.some(({ path }) => path.startsWith('/metrics/api/v1/query')));
  });

  test('the token goes to its origin from then on; signing out wipes it, and nothing more is sent', async function () {
    this.timeout(60_000);
    seen.length = 0;
    await vscode.commands.executeCommand('sightglass.refresh');
    await until(
      'it is asked with the token',
      () => seen.some(({ path, authorization }) => path === '/flags.json' && authorization === `Bearer ${good}`),
      () => seen,
      40_000,
    );
    const asked = await during([origin], 'sightglass.signOut');
    assert.match(asked.at(-1)!, /told: Signed out of .* token was removed/);
    await until(
      'the row is back',
      () => row('Allow'),
      () => exported.flags(),
      40_000,
    );
    seen.length = 0;
    await vscode.commands.executeCommand('sightglass.refresh');
    assert.deepEqual([...seen], []);
    await during(['Allow', undefined], 'sightglass.allowServer', { origin });
    await until(
      'it is asked again',
      () => seen.some(({ path }) => path === '/flags.json'),
      () => seen,
      40_000,
    );
    assert.deepEqual(
      seen.filter(({ authorization }) => authorization !== undefined),
      [],
    );
    await during([origin], 'sightglass.signOut');
  });
});
