// One window of VS Code: a server of its own with the extension, and a page of Chromium that shows it.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { placeExtension } from '../demo/steps/extension.mjs';
import { writeProfile } from '../host/profile.mjs';
import { installExtension, installServer, startServer } from '../host/vscodeServer.mjs';
import { CodeEditor } from './pages/codeEditor.mjs';
import { DetailPanel } from './pages/detailPanel.mjs';
import { FlagsView, JournalView } from './pages/flagsView.mjs';
import { Workbench } from './pages/workbench.mjs';
import { placePseudoLanguage } from './pseudoPack.mjs';

const version = '1.139.1';

/**
 * @typedef {{ directory: string, workspace: string, home: string, receiverPort: number, vsix?: string, trust?: boolean,
 *   settings?: Record<string, unknown>, strangers?: Record<string, string>, language?: string }} WindowOf
 *   `directory` is the window's own; `vsix` is installed as a user would, else the checkout is; `trust` turns workspace
 *   trust on; `strangers` are other extensions, folder by name; `language` is a display language, in which our words are pseudo.
 */

/** @param {import('playwright-core').Browser} browser @param {WindowOf} of */
export async function openWindow(browser, of) {
  const { directory, workspace, home, receiverPort, vsix, trust = false, strangers = {}, language } = of;
  const userData = join(directory, 'server');
  const extensions = join(directory, 'extensions');
  const installation = installServer(version);
  /** @param {Record<string, unknown>} settings */
  const write = (settings) =>
    writeProfile(join(userData, 'data'), {
      'sightglass.receiver.port': receiverPort,
      'editor.minimap.enabled': false,
      'workbench.colorTheme': 'Dark 2026',
      ...(trust ? { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' } : {}),
      ...of.settings,
      ...settings,
    });
  write({});
  mkdirSync(extensions, { recursive: true });
  // Before an installation: that writes the list of extensions, and what comes into the folder later is not on it.
  for (const [name, from] of Object.entries(strangers)) placeStranger(extensions, name, from);
  if (vsix) installExtension(installation, { vsix, userData, extensions });
  else placeExtension(extensions);
  if (language) await placePseudoLanguage(language, { extensions, data: join(userData, 'data') });
  const env = { SIGHTGLASS_HOME: home };
  const server = await startServer(installation, { userData, extensions, trust, env, locale: language });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const workbench = new Workbench(page);
  return {
    page,
    userData,
    server,
    workbench,
    editor: new CodeEditor(page),
    flags: new FlagsView(page),
    journal: new JournalView(page),
    detail: new DetailPanel(page),
    /** As a person who edits the settings of this machine. @param {Record<string, unknown>} settings */
    settings: write,
    /** @param {string} file of the shop @param {number | string} line */
    open: (file, line) => {
      const address = new URL(server.origin);
      const shown = `vscode-remote://${server.authority}${join(workspace, file)}:${line}`;
      address.searchParams.set('folder', workspace);
      address.searchParams.set(
        'payload',
        JSON.stringify([
          ['openFile', shown],
          ['gotoLineMode', 'true'],
        ]),
      );
      return workbench.open(address.href);
    },
    close: async () => {
      await context.close();
      await server.stop();
    },
  };
}

/** @param {string} extensions @param {string} name @param {string} from its folder */
function placeStranger(extensions, name, from) {
  cpSync(from, join(extensions, `strangers.${name}-0.0.1`), { recursive: true });
}
