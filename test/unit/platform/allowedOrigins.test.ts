import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AllowedOrigins } from '../../../src/platform/allowedOrigins';
import { baseAddress, reachOf } from '../../../src/platform/addresses';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { MemoryLog } from '../../../src/platform/memory/log';
import { nodeFiles } from '../../../src/platform/node/files';
import { nodePaths } from '../../../src/platform/node/paths';

let folder: string;
let open: AllowedOrigins[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightglass-origins-'));
  open = [];
});
afterEach(async () => {
  for (const one of open) one.dispose();
  await rm(folder, { recursive: true, force: true });
});

function origins(): AllowedOrigins {
  const home = join(folder, 'home');
  const made = new AllowedOrigins({
    files: nodeFiles,
    paths: nodePaths,
    clock: new MemoryClock(),
    log: new MemoryLog(),
    home,
  });
  open.push(made);
  return made;
}

describe('the origins this machine said yes to', () => {
  it('are in one file for its owner only, shared by all who are open', async () => {
    const one = origins();
    const other = origins();
    expect(await other.has('https://a.example')).toBe(false);
    let told = 0;
    other.onDidChange(() => told++);
    await one.allow('https://a.example', 'ana');
    await expect.poll(() => other.has('https://a.example'), { timeout: 5_000 }).toBe(true);
    expect(told).toBeGreaterThan(0);
    expect(await other.has('https://a.example:8443')).toBe(false);
    if (process.platform !== 'win32') {
      expect((await stat(join(folder, 'home'))).mode & 0o777).toBe(0o700);
      expect((await stat(join(folder, 'home/origins.json'))).mode & 0o777).toBe(0o600);
    }
    await other.allow('http://10.0.0.1', 'ben');
    expect(await origins().list()).toEqual(['http://10.0.0.1', 'https://a.example']);
    await other.forget(['https://a.example']);
    expect(await origins().list()).toEqual(['http://10.0.0.1']);
  });

  it('are all kept when several are allowed at once', async () => {
    const three = [origins(), origins(), origins()];
    await Promise.all(three.map((one, index) => one.allow(`https://${String(index)}.example`, 'ana')));
    expect(await origins().list()).toEqual(['https://0.example', 'https://1.example', 'https://2.example']);
  });

  it.each(['{', '[]', '{"origins": ["https://a.example"]}', '{"origins": {"https://a.example": true}}'])(
    'are none where the file says %j',
    async (text) => {
      const one = origins();
      await one.allow('https://b.example', 'ana');
      await writeFile(join(folder, 'home/origins.json'), text);
      const later = origins();
      expect(await later.has('https://a.example')).toBe(false);
      await later.allow('https://c.example', 'ana');
      expect(JSON.parse(await readFile(join(folder, 'home/origins.json'), 'utf8'))).toMatchObject({
        origins: { 'https://c.example': { by: 'ana' } },
      });
    },
  );

  it('do not answer to the names of what every object has', async () => {
    expect(await origins().has('constructor')).toBe(false);
  });
});

describe('an address', () => {
  it.each([
    ['http://localhost:4242', 'loopback'],
    ['http://127.9.9.9', 'loopback'],
    ['http://[::1]:1', 'loopback'],
    ['http://2130706433', 'loopback'],
    ['http://[::ffff:127.0.0.1]', 'loopback'],
    ['http://0x0a.0.0.1', 'private'],
    ['https://192.168.1.4', 'private'],
    ['https://172.31.0.1', 'private'],
    ['http://169.254.169.254', 'private'],
    ['http://[fd00::1]', 'private'],
    ['http://[fe80::1]', 'private'],
    ['http://[::ffff:10.0.0.1]', 'private'],
    ['http://unleash:4242', 'private'],
    ['https://flags.corp.internal', 'private'],
    ['https://printer.local.', 'private'],
    ['https://172.32.0.1', 'public'],
    ['https://flags.acme.dev', 'public'],
    ['https://localhost.evil.example', 'public'],
    ['https://[2001:db8::1]', 'public'],
  ] as const)('%s is %s', (url, reach) => {
    expect(reachOf(new URL(url).origin)).toBe(reach);
  });

  it('keeps its path and loses its query', () => {
    expect(baseAddress('https://A.example:443/b//?q#f')).toEqual({ origin: 'https://a.example', path: '/b' });
    expect(baseAddress('file:///etc/passwd')).toBeNull();
  });
});
