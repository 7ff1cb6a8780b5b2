// One journey: VS Code's server with the extension on a fresh copy of the shop, driven by Chromium.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { placeExtension } from '../demo/steps/extension.mjs';
import { writeProfile } from '../host/profile.mjs';
import { freePort, installServer, startServer } from '../host/vscodeServer.mjs';
import { CodeEditor } from './pages/codeEditor.mjs';
import { DetailPanel } from './pages/detailPanel.mjs';
import { FlagsView, JournalView } from './pages/flagsView.mjs';
import { Workbench } from './pages/workbench.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const version = '1.139.1';

/** A journey starts with a shop nobody has visited, its own profile and its own receiver. */
export async function takeJourney(browser, { journey }) {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'sightglass-e2e-')));
  const workspace = join(temporary, 'shop');
  const userData = join(temporary, 'server');
  const extensions = join(temporary, 'extensions');
  const receiverPort = await freePort();
  mkdirSync(extensions);
  cpSync(join(root, 'test/demo/shop'), workspace, { recursive: true });
  writeProfile(join(userData, 'data'), {
    'sightglass.receiver.port': receiverPort,
    'editor.minimap.enabled': false,
    'workbench.colorTheme': 'Dark 2026',
  });
  placeExtension(extensions);
  const server = await startServer(installServer(version), {
    userData,
    extensions,
    env: { SIGHTGLASS_HOME: join(temporary, 'home') },
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  try {
    await journey({
      page,
      workspace,
      userData,
      receiverPort,
      flagFile: join(workspace, 'flags/prod.flagd.json'),
      workbench: new Workbench(page),
      editor: new CodeEditor(page),
      flags: new FlagsView(page),
      journal: new JournalView(page),
      detail: new DetailPanel(page),
      /** @param {string} file of the shop @param {number} line */
      open: (file, line) => {
        const address = new URL(server.origin);
        const file_ = `vscode-remote://${server.authority}${join(workspace, file)}:${line}`;
        address.searchParams.set('folder', workspace);
        address.searchParams.set(
          'payload',
          JSON.stringify([
            ['openFile', file_],
            ['gotoLineMode', 'true'],
          ]),
        );
        return new Workbench(page).open(address.href);
      },
    });
  } catch (error) {
    const picture = join(root, '.cache/e2e', `${journey.name || 'journey'}.png`);
    await page.screenshot({ path: picture }).catch(() => {});
    throw new Error(`${error instanceof Error ? error.stack : String(error)}\n    screen: ${picture}`, {
      cause: error,
    });
  } finally {
    await context.close();
    await server.stop();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
