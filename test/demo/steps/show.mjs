import { spawn } from 'node:child_process';
import { downloadDesktop, findDesktop, startDesktop } from './desktop.mjs';
import { bad } from './prepare.mjs';
import { serveEditor } from './serve.mjs';

/**
 * Opens VS Code for a person and stays until the window is closed or Ctrl-C.
 * @param {import('./prepare.mjs').Demo} demo @param {{ server: boolean }} options
 */
export async function show(demo, { server }) {
  const desktop = server ? undefined : await desktopOf(demo);
  let closed = new Promise(() => {});
  if (desktop) {
    const window = await demo.step(`VS Code ${desktop.version}, ${desktop.executable}`, () =>
      startDesktop(desktop, {
        userData: demo.userData,
        extensions: demo.extensions,
        folder: demo.workspace,
        file: demo.file,
        line: demo.line,
        env: demo.env,
      }),
    );
    demo.leftovers.add(() => window.stop());
    closed = window.closed;
  } else {
    const { address } = await serveEditor(demo);
    console.log(`\nOpen this address (it holds the key to it):\n${address}\n`);
    if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) open(address);
  }
  console.log(
    `${bad.file}, line ${demo.line}: the flag "${bad.key}" is what the demo is about. Its numbers come with the first customers.`,
  );
  console.log('Turn it off in the view "Sightglass" of the activity bar. Ctrl-C ends everything.');
  await Promise.race([
    closed,
    demo.load.started.then(() => console.log('The first customers are in the shop.')).then(() => closed),
  ]);
  if (!demo.leftovers.ending) console.log('The window was closed.');
}

async function desktopOf(demo) {
  const { found, passed } = findDesktop();
  for (const why of passed) console.log(`           ${why}`);
  if (found || process.platform === 'linux') return found;
  return demo.step('VS Code, downloaded once', downloadDesktop);
}

function open(address) {
  const opener = spawn('xdg-open', [address], { stdio: 'ignore', detached: true });
  opener.on('error', () => {}); // Not every desktop has it, and the address is on the screen.
  opener.unref();
}
