import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/run';
import { MemoryGrpc } from '../../../src/platform/memory/grpc';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { makeHome } from '../../../src/platform/node/home';
import { createUndiciHttp } from '../../../src/platform/node/undiciHttp';

const token = 'a-token-that-nobody-may-see';
const flags = {
  flags: { banner: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' } },
};

let folder: string;
let server: Server;
let origin: string;
let asked: { readonly path: string; readonly authorization: string | undefined }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightglass-cli-servers-'));
  asked = [];
  server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(flags));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const environments = [{ name: 'production', kind: 'live', source: [`${origin}/flags.json`] }];
  const systems = [{ id: 'my-flags', type: 'flagd', projects: [{ name: 'shop', environments }] }];
  await mkdir(join(folder, 'shop'));
  await writeFile(join(folder, 'shop/.sightglass.json'), JSON.stringify({ systems }));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly text: string;
  readonly questions: readonly string[];
}

/** `answers`: those of a terminal; null = there is none. */
async function status(answers: string[] | null, variables: Readonly<Record<string, string>> = {}): Promise<Ran> {
  let text = '';
  const questions: string[] = [];
  const code = await run(['status', 'banner'], {
    cwd: join(folder, 'shop'),
    version: '1.2.3',
    who: 'ana',
    home: () => makeHome(join(folder, 'home')),
    http: createUndiciHttp(),
    grpc: new MemoryGrpc(),
    variables,
    l10n: memoryL10n,
    prompt: answers && {
      line: async (question) => {
        questions.push(question);
        return answers.shift() ?? null;
      },
    },
    signal: new AbortController().signal,
    out: (said) => (text += said),
    err: (said) => (text += said),
  });
  return { code, text, questions };
}

describe('a server that the folder’s configuration names', () => {
  it('is asked about on the terminal once a machine, by its origin and as what it is', async () => {
    const first = await status(['y']);
    expect(first.questions.length).toBe(1);
    expect(first.text).toContain(`${origin} (flagd "my-flags", on this machine)`);
    expect(first).toMatchObject({ code: 0 });
    expect(asked).toEqual([{ path: '/flags.json', authorization: undefined }]);
    const again = await status([]);
    expect(again).toMatchObject({ code: 0, questions: [] });
    const remembered = join(folder, 'home/origins.json');
    expect(JSON.parse(await readFile(remembered, 'utf8'))).toMatchObject({ origins: { [origin]: { by: 'ana' } } });
    if (process.platform !== 'win32') expect((await stat(remembered)).mode & 0o777).toBe(0o600);
    expect((await status(null)).code).toBe(0);
  });

  it.each([['n'], [''], ['maybe']])('is not asked after the answer %j, and that is said', async (answer) => {
    const ran = await status([answer]);
    expect(ran.code).toBe(3);
    expect(ran.text).toContain('SIGHTGLASS_MY_FLAGS_URL');
    expect(asked).toEqual([]);
  });

  it('is not asked without a terminal, unless the environment names its origin', async () => {
    expect((await status(null)).code).toBe(3);
    expect((await status(null, { SIGHTGLASS_MY_FLAGS_TOKEN: token })).code).toBe(3);
    const other = { SIGHTGLASS_MY_FLAGS_TOKEN: token, SIGHTGLASS_MY_FLAGS_URL: 'http://127.0.0.1:1' };
    const refused = await status(null, other);
    expect(refused.code).toBe(3);
    expect(refused.text).not.toContain(token);
    expect(asked).toEqual([]);
    const same = { SIGHTGLASS_MY_FLAGS_TOKEN: token, SIGHTGLASS_MY_FLAGS_URL: `${origin}/` };
    const ran = await status(null, same);
    expect(ran.code).toBe(0);
    expect(asked).toEqual([{ path: '/flags.json', authorization: `Bearer ${token}` }]);
    expect(ran.text).not.toContain(token);
  });

  it('gets no token of the environment by a yes alone', async () => {
    const ran = await status(['y'], { SIGHTGLASS_MY_FLAGS_TOKEN: token });
    expect(ran.code).toBe(0);
    expect(asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  });
});
