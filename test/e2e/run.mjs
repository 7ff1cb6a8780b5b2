// Journeys of a reader through the real screen: VS Code's server with the extension, driven by Chromium.
//   node test/e2e/run.mjs [--only TEXT]
// Needs dist/ (node esbuild.mjs). Ends with "N passed, N failed"; a failure leaves its screen in .cache/e2e.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { placeExtension } from '../demo/steps/extension.mjs';
import { launchChromium } from '../host/chromium.mjs';
import { writeProfile } from '../host/profile.mjs';
import { freePort, installServer, startServer } from '../host/vscodeServer.mjs';
import { CodeEditor } from './pages/codeEditor.mjs';
import { DetailPanel } from './pages/detailPanel.mjs';
import { FlagsView, JournalView } from './pages/flagsView.mjs';
import { Workbench } from './pages/workbench.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const version = '1.139.1';
const folder = join(root, 'test/e2e/journeys');

const { values: options } = parseArgs({ options: { only: { type: 'string' } } });

/** A journey starts with a shop nobody has visited, its own profile and its own receiver. */
async function takeJourney(browser, { journey }) {
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

mkdirSync(join(root, '.cache/e2e'), { recursive: true });
let passed = 0;
let failed = 0;
const browser = await launchChromium();
try {
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.mjs'))
    .sort()) {
    const { journeys } = await import(join(folder, file));
    for (const [name, journey] of Object.entries(journeys)) {
      if (options.only && !`${file} ${name}`.includes(options.only)) continue;
      const start = performance.now();
      const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
      try {
        await takeJourney(browser, { journey });
        passed += 1;
        console.log(`ok ${name} (${seconds()})`);
      } catch (error) {
        failed += 1;
        console.log(`FAILED ${name} (${seconds()})\n    ${String(error instanceof Error ? error.message : error)}`);
      }
    }
  }
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
