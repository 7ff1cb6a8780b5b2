import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isMade } from '../../src/change/entry';
import { run } from '../../src/cli/run';
import type { JournalEntry } from '../../src/model/change';
import { MemoryGrpc } from '../../src/platform/memory/grpc';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { makeHome } from '../../src/platform/node/home';

const key = 'new-checkout';
const flagFile = `{
  // what qa reads
  "flags": {
    "${key}": {
      "state": "ENABLED",
      "variants": { "on": true, "off": false },
      "defaultVariant": "off",
      "targeting": { "fractional": [["on", 25], ["off", 75]] } // a quarter
    }
  }
}
`;
const killedFile = `{
  // what qa reads
  "flags": {
    "${key}": {
      "state": "ENABLED",
      "variants": { "on": true, "off": false },
      "defaultVariant": "off" // a quarter
    }
  }
}
`;
const configuration = {
  systems: [
    {
      id: 'flags',
      type: 'flagd',
      projects: [{ name: 'shop', environments: [{ name: 'qa', kind: 'live', source: ['qa.json'], pollSeconds: 1 }] }],
    },
  ],
};
const kill = ['kill', key, '--yes', '--no-wait', '--json'];

let folder: string;
let shop: string;
let home: string;
let round = 0;

/** The command line as it is shipped, bundled from the source as it is now. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightglass-killed-'));
  await build({
    entryPoints: [join(import.meta.dirname, '../../src/cli/main.ts')],
    outfile: join(folder, 'dist/cli.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: { 'web-tree-sitter': join(import.meta.dirname, '../../node_modules/web-tree-sitter/web-tree-sitter.cjs') },
    external: ['./http.js', '@vscode/ripgrep'],
    logLevel: 'error',
  });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ version: '1.2.3' }));
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A shop and a home that nothing happened to yet. */
async function anew(): Promise<void> {
  round++;
  shop = join(folder, `shop-${String(round)}`);
  home = join(folder, `home-${String(round)}`);
  await mkdir(shop);
  await writeFile(join(shop, '.sightglass.json'), JSON.stringify(configuration));
  await writeFile(join(shop, 'qa.json'), flagFile);
}
beforeEach(anew);

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
}

/** `killAt`: the step before which it dies; `watching` is called often while it lives, and says when to kill it. */
function command(killAt: number, watching?: () => boolean): Promise<Ended> {
  const env = {
    ...process.env,
    SIGHTGLASS_HOME: home,
    SIGHTGLASS_TEST_KILL_AT: String(killAt),
    SIGHTGLASS_TEST_STEPS: join(folder, 'steps'),
  };
  const preload = ['--require', join(import.meta.dirname, 'killAtStep.cjs')];
  const child = spawn(process.execPath, [...preload, join(folder, 'dist/cli.js'), ...kill], {
    cwd: shop,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const timer = setInterval(() => watching?.() === true && child.kill('SIGKILL'), 1);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearInterval(timer);
      resolve({ code, signal, err });
    });
  });
}

async function next(line: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await run(line, {
    cwd: shop,
    version: '1.2.3',
    who: 'ana',
    home: () => makeHome(home),
    http: { request: () => Promise.reject(new Error('nobody listens')) },
    grpc: new MemoryGrpc(),
    variables: {},
    l10n: memoryL10n,
    prompt: null,
    signal: new AbortController().signal,
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

const written = (): Promise<string> => readFile(join(shop, 'qa.json'), 'utf8');

/** What the next run finds: a whole file, a journal that says what became of it, and nothing in the way. */
async function truthIsTold(when: string): Promise<'made' | 'not made'> {
  const text = await written();
  const isNew = text !== flagFile;
  if (isNew) expect(text, when).toBe(killedFile);

  const { code, out, err } = await next(['journal', '--json']);
  expect(`${String(code)} ${err}`, when).toBe('0 ');
  expect(await written(), when).toBe(text);
  const listing = JSON.parse(out) as { entries: JournalEntry[]; unreadable: unknown[] };
  expect(listing.unreadable, when).toEqual([]);
  expect(listing.entries.length, when).toBeLessThanOrEqual(1);
  const [entry] = listing.entries;
  expect(entry !== undefined && isMade(entry), when).toBe(isNew);
  if (entry && !isNew) expect(entry.status, when).toBe('abandoned');

  // Locks of the dead hold nobody up.
  if (!isNew) expect(await next(kill), when).toMatchObject({ code: 0 });
  expect(await written(), when).toBe(killedFile);
  const back = await next(['undo', '--yes', '--no-wait']);
  expect(`${String(back.code)} ${back.err}`, when).toContain('0 ');
  expect(await written(), when).toBe(flagFile);
  expect((await stat(home)).mode & 0o777, when).toBe(0o700);
  expect((await stat(join(home, 'journal'))).mode & 0o777, when).toBe(0o700);
  for (const name of await readdir(join(home, 'journal')))
    expect((await stat(join(home, 'journal', name))).mode & 0o777, `${when}: ${name}`).toBe(0o600);
  return isNew ? 'made' : 'not made';
}

describe.skipIf(process.platform === 'win32')('the command line, killed (kill -9) while it changes a flag', () => {
  it('before any of its writes: the journal of the next run tells the truth', { timeout: 240_000 }, async () => {
    expect(await command(0)).toMatchObject({ code: 0 });
    const steps = Number((await readFile(join(folder, 'steps'), 'utf8')).trim());
    expect(steps).toBeGreaterThan(15);
    const told = new Set<string>();
    for (let at = 1; at <= steps; at++) {
      await anew();
      const when = `step ${String(at)} of ${String(steps)}`;
      expect(await command(at), when).toMatchObject({ signal: 'SIGKILL' });
      told.add(await truthIsTold(when));
    }
    expect([...told].sort()).toEqual(['made', 'not made']);
  });

  it('at moments that nobody chose: likewise', { timeout: 120_000 }, async () => {
    for (const delay of [0, 2, 5, 10, 20, 40]) {
      await anew();
      let since: number | undefined;
      const folderOfEntries = join(home, 'journal');
      await command(0, () => {
        if (since === undefined && existsSync(folderOfEntries) && readdirSync(folderOfEntries).length > 0)
          since = performance.now();
        return since !== undefined && performance.now() - since >= delay;
      });
      await truthIsTold(`${String(delay)} ms after the journal was opened`);
    }
  });
});
