import { chmod, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consoleL10n } from '../../../src/platform/node/consoleL10n';
import { homeFolder, makeHome } from '../../../src/platform/node/home';

describe('where the per-user folder is', () => {
  const linux = { platform: 'linux' as const, homedir: '/home/ana' };

  it('follows each system', () => {
    expect(homeFolder({ ...linux, env: {} })).toBe('/home/ana/.local/state/sightglass');
    expect(homeFolder({ ...linux, env: { XDG_STATE_HOME: '/var/state' } })).toBe('/var/state/sightglass');
    expect(homeFolder({ ...linux, env: { XDG_STATE_HOME: 'state' } })).toBe('/home/ana/.local/state/sightglass');
    expect(homeFolder({ platform: 'darwin', homedir: '/Users/ana', env: { XDG_STATE_HOME: '/x' } })).toBe(
      '/Users/ana/Library/Application Support/Sightglass',
    );
    expect(homeFolder({ platform: 'win32', homedir: 'C:\\Users\\ana', env: {} })).toBe(
      'C:\\Users\\ana\\AppData\\Local\\Sightglass',
    );
    expect(homeFolder({ platform: 'win32', homedir: 'C:\\Users\\ana', env: { LOCALAPPDATA: 'D:\\L' } })).toBe(
      'D:\\L\\Sightglass',
    );
  });

  it('is where SIGHTGLASS_HOME says, which has to be one place', () => {
    expect(homeFolder({ ...linux, env: { SIGHTGLASS_HOME: '/tmp/a/../b', XDG_STATE_HOME: '/x' } })).toBe('/tmp/b');
    expect(homeFolder({ ...linux, env: { SIGHTGLASS_HOME: '' } })).toBe('/home/ana/.local/state/sightglass');
    expect(() => homeFolder({ ...linux, env: { SIGHTGLASS_HOME: 'here' } })).toThrow(/absolute path, not "here"/);
  });
});

describe.skipIf(process.platform === 'win32')('making it', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'sightglass-home-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is for its owner only, also where it was open before', async () => {
    const fresh = await makeHome(join(folder, 'a', 'b'));
    expect((await stat(fresh)).mode & 0o777).toBe(0o700);
    await chmod(fresh, 0o755);
    await makeHome(fresh);
    expect((await stat(fresh)).mode & 0o777).toBe(0o700);
  });

  it('refuses what is no folder of its own', async () => {
    const elsewhere = join(folder, 'link');
    await symlink(folder, elsewhere);
    await expect(makeHome(elsewhere)).rejects.toThrow(/not a folder of its own/);
    await writeFile(join(folder, 'file'), '');
    await expect(makeHome(join(folder, 'file'))).rejects.toThrow();
  });
});

describe("the terminal's numbers", () => {
  it.each([
    [{}, 'en'],
    [{ LANG: 'C.UTF-8' }, 'en'],
    [{ LANG: 'de_AT.UTF-8' }, 'de-AT'],
    [{ LANG: 'de_AT.UTF-8', LC_ALL: 'fr_FR@euro' }, 'fr-FR'],
    [{ LANG: 'not a locale' }, 'en'],
  ])('%o are those of %s', (env, locale) => {
    expect(consoleL10n(env).locale).toBe(locale);
    expect(consoleL10n(env).t('{0} of {1}', 1, 'b')).toBe('1 of b');
  });
});
