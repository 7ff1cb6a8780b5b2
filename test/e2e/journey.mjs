// One journey: VS Code's server with the extension on a fresh copy of the shop, driven by Chromium.
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../host/vscodeServer.mjs';
import { openWindow } from './codeWindow.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * A journey starts with a shop nobody has visited, its own profile and its own receiver. It is a function, or one with
 * what its windows need beyond that: `{ trust, settings, strangers, prepare, take }`.
 * @param {import('playwright-core').Browser} browser @param {{ name: string, journey: any, vsix?: string }} options
 */
export async function takeJourney(browser, { name, journey, vsix }) {
  const { take, prepare, ...needs } = typeof journey === 'function' ? { take: journey } : journey;
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'sightglass-e2e-')));
  const workspace = join(temporary, 'shop');
  const home = join(temporary, 'home');
  const receiverPort = await freePort();
  cpSync(join(root, 'test/demo/shop'), workspace, { recursive: true });
  const windows = [];
  const anotherWindow = async () => {
    const directory = join(temporary, `window-${windows.length + 1}`);
    const one = await openWindow(browser, { directory, workspace, home, receiverPort, vsix, ...needs });
    windows.push(one);
    return one;
  };
  try {
    const prepared = await prepare?.({ workspace, home, receiverPort });
    const first = await anotherWindow();
    const flagFile = join(workspace, 'flags/prod.flagd.json');
    await take({ ...first, anotherWindow, workspace, home, receiverPort, flagFile, prepared });
  } catch (error) {
    const pictures = windows.map((_, index) => join(root, '.cache/e2e', `${name.slice(0, 40)} ${index + 1}.png`));
    await Promise.all(windows.map(({ page }, index) => page.screenshot({ path: pictures[index] }).catch(() => {})));
    throw new Error(`${error instanceof Error ? error.stack : String(error)}\n    screen: ${pictures.join(', ')}`, {
      cause: error,
    });
  } finally {
    await Promise.all(windows.map((one) => one.close()));
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
