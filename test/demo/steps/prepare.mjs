import { mkdirSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeProfile } from '../../host/profile.mjs';
import { freePort } from '../../host/vscodeServer.mjs';
import { build, installedMegabytes, installProject, installShop, root } from './install.mjs';
import { placeExtension } from './extension.mjs';
import { copyShop, compileShop, startLoad, startShop } from './shop.mjs';

/** The flag that the demo is about, and where the shop asks for it. */
export const bad = { key: 'new-checkout', file: 'checkout/orders.ts', call: 'flags.getBooleanValue(Flag.NewCheckout' };
/** How long the shop's services may go on with old flags; theirs and `.sightglass.json`'s to say. */
export const pollSeconds = 1;

/**
 * @typedef {Awaited<ReturnType<typeof prepare>>} Demo
 */

/**
 * Everything up to the editor: installed, built, and the shop running. Customers come once the extension listens.
 * @param {{ check: boolean, keep: boolean, leftovers: import('./processes.mjs').Leftovers }} options
 */
export async function prepare({ check, keep, leftovers }) {
  const step = stopwatch();
  await step('packages', () => {
    installProject();
    installShop();
    return `${installedMegabytes().toFixed(0)} MB unpacked in node_modules`;
  });
  await step('build', () => build());

  // Links followed: VS Code names files by their real paths (macOS has /tmp behind one).
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sightglass-demo-')));
  const code = join(root, 'test/demo/run', folder.slice(folder.lastIndexOf('-') + 1));
  if (keep) leftovers.add(() => console.log(`Kept: ${folder}, ${code}`));
  else for (const each of [folder, code]) leftovers.addFolder(each);

  const workspace = join(folder, 'shop');
  const logs = join(folder, 'logs');
  const home = join(folder, 'home');
  const userData = join(folder, 'vscode');
  const extensions = join(folder, 'extensions');
  for (const each of [home, userData, extensions]) mkdirSync(each, { recursive: true });
  const receiverPort = await freePort();
  const flagFile = join(workspace, 'flags/prod.flagd.json');

  // What the check measures should not be what its browser costs.
  const urgent = check;
  const shop = await step('shop', async () => {
    copyShop(workspace);
    await compileShop(workspace, code);
    return startShop({ code, flagFile, otlp: `http://127.0.0.1:${receiverPort}`, logs, urgent, leftovers });
  });
  const load = startLoad({ shop, flagFile, receiverPort, logs, urgent, leftovers });

  placeExtension(extensions);
  // A desktop takes the folder itself as its user data, a server the folder `data` in it.
  for (const data of [userData, join(userData, 'data')])
    writeProfile(data, { 'sightglass.receiver.port': receiverPort, 'editor.minimap.enabled': false });

  return {
    step,
    leftovers,
    check,
    workspace,
    logs,
    home,
    userData,
    extensions,
    receiverPort,
    flagFile,
    shop,
    load,
    file: join(workspace, bad.file),
    line: lineOf(join(workspace, bad.file), bad.call),
    env: { SIGHTGLASS_HOME: home },
  };
}

/** @param {string} file @param {string} text @returns {number} 1-based */
function lineOf(file, text) {
  const line =
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((candidate) => candidate.includes(text)) + 1;
  if (line === 0) throw new Error(`${file} no longer holds "${text}"`);
  return line;
}

/** @returns a runner of steps that prints the seconds each took, and what it returned if that is text */
function stopwatch() {
  /** @template T @param {string} name @param {() => T | Promise<T>} work @returns {Promise<T>} */
  return async (name, work) => {
    const start = performance.now();
    const result = await work();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${seconds.padStart(7)} s  ${name}${typeof result === 'string' ? `: ${result}` : ''}`);
    return result;
  };
}
