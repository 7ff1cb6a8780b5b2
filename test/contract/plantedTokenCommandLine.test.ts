import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeShared } from '../sharedData';
import { BundledCli } from './bundledCli';
import { FakeLaunchDarkly, writerToken, type Fault } from './fakeLaunchDarkly';

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

const source = `import * as ld from '@launchdarkly/node-server-sdk';
const client = ld.init(process.env.LD_SDK_KEY ?? '');
export const asked = () => client.boolVariation('f', { kind: 'user', key: 'u' }, false);
`;

let folder: string;
let cli: BundledCli;
let shop: string;
let home: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sightglass-planted-cli-'));
  cli = await BundledCli.into(folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  [shop, home] = [mkdtempSync(join(folder, 'shop-')), mkdtempSync(join(folder, 'home-'))];
  mkdirSync(join(shop, 'src'));
  writeFileSync(join(shop, 'src/a.ts'), source);
});

function configure(url: string): NodeJS.ProcessEnv {
  const environments = [{ name: 'test' }, { name: 'production' }].map((each) => ({ ...each, kind: 'live' }));
  const system = { id: 'ld', type: 'launchdarkly', url, projects: [{ name: 'shop', environments }] };
  writeFileSync(join(shop, '.sightglass.json'), JSON.stringify({ systems: [system] }));
  return { SIGHTGLASS_HOME: home, SIGHTGLASS_LD_TOKEN: writerToken, SIGHTGLASS_LD_URL: url };
}

function expectNowhere(places: Readonly<Record<string, string>>): void {
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(10);
    const at = text.indexOf(writerToken);
    expect(at < 0 ? null : text.slice(Math.max(0, at - 200), at + 60), place).toBeNull();
  }
}

describeShared('a token in the environment of the command line', 'specs/launchdarkly', (spec) => {
  const faults: readonly (Fault | null)[] = [
    null,
    { status: 403, json: { code: writerToken, message: `The token ${writerToken} does not do.` } },
    { status: 500, text: `<html>Authorization: ${writerToken}</html>` },
    { text: `{"${writerToken}": ` },
    { status: 302, text: '', headers: { location: `http://127.0.0.1:9/?token=${writerToken}` } },
  ];
  const commands: readonly (readonly string[])[] = [
    ['systems', '--json'],
    ['systems'],
    ['status', 'f', '--json'],
    ['set', 'f', '--on', '--environment', 'test', '--yes', '--no-wait', '--json'],
    ['set', 'f', '--off', '--environment', 'test', '--yes', '--no-wait'],
    ['undo', '--yes', '--no-wait'],
    ['journal', '--format', 'json'],
    ['journal', '--format', 'csv'],
    ['check', '--format', 'json'],
    ['scan', '--format', 'json'],
  ];

  it('is in nothing that it says, exports or keeps, whatever the server answers', { timeout: 120_000 }, async () => {
    const fake = new FakeLaunchDarkly(spec);
    fake.checksAnswers = false;
    fake.flag('f');
    await fake.start();
    const said: string[] = [];
    let done = 0;
    try {
      const env = configure(fake.url);
      for (const fault of faults) {
        fake.fault = () => fault;
        const before = fake.heard.length;
        // What no server is asked for is the same whatever it answers.
        for (const command of fault === null ? commands : commands.slice(0, 7)) {
          const { code, out, err } = await cli.run(command, shop, env);
          if (code === 0) done += 1;
          said.push(`${command.join(' ')} -> ${String(code)}`, out, err);
        }
        expect(fake.heard.length).toBeGreaterThan(before);
      }
    } finally {
      await fake.stop();
    }
    // It was used: nothing is done without it.
    expect(done).toBeGreaterThan(commands.length);
    expect(fake.heard.some(({ method, query }) => method === 'PATCH' && !query.has('dryRun'))).toBe(true);
    const kept = filesBelow(home);
    expect(kept.some((path) => path.includes('journal'))).toBe(true);
    expectNowhere({
      'what it said': said.join('\n'),
      'its home: journal, origins, index': kept.map((path) => `${path}\n${readFileSync(path, 'utf8')}`).join('\n'),
      'the workspace': filesBelow(shop)
        .map((path) => `${path}\n${readFileSync(path, 'utf8')}`)
        .join('\n'),
    });
  });

  /**
   * Node's own report of a crash names the environment, which the token has left by then. What cannot be had: while it is in
   * use it is a string in the heap, so it is in a heap snapshot and in a core dump, and what the process was started
   * with stays readable to its own user and root (/proc/PID/environ). Neither is written by Sightglass or by Node unasked.
   */
  it.skipIf(process.platform === 'win32')(
    'is in no report of a crash, while it is in use',
    { timeout: 60_000 },
    async () => {
      const heard: (string | undefined)[] = [];
      // Takes the question, and never answers it.
      const server = createServer((request) => heard.push(request.headers.authorization));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const env = configure(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
      const options = ['--report-on-signal', '--report-signal=SIGUSR2', `--report-directory=${home}`];
      const child = cli.start(['systems', '--json'], shop, env, [...options, '--report-filename=report.json']);
      try {
        await expect.poll(() => heard.length, { timeout: 20_000 }).toBeGreaterThan(0);
        expect(heard[0]).toContain(writerToken);
        const path = join(home, 'report.json');
        child.kill('SIGUSR2');
        await expect
          .poll(() => existsSync(path) && readFileSync(path, 'utf8').endsWith('}\n'), { timeout: 20_000 })
          .toBe(true);
        const report = readFileSync(path, 'utf8');
        // It is one, and names the variables that are left.
        expect(report).toContain('SIGHTGLASS_LD_URL');
        expectNowhere({ report });
      } finally {
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
        server.closeAllConnections();
        server.close();
      }
    },
  );
});
