import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where the demo's check puts it when the developers' tools are not installed. */
const tools = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../.cache/tools/node_modules/playwright-core/index.mjs',
);

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @returns {string} path of a Chromium; throws, saying how to get one, when there is none */
export function findChromium() {
  const found = [process.env.CHROMIUM, ...usual].find((path) => path && existsSync(path));
  if (!found) {
    throw new Error(
      'Chromium was not found. Install it (Debian: apt-get install chromium), or set CHROMIUM to its path.',
    );
  }
  return found;
}

export async function launchChromium() {
  const { chromium } = await import('playwright-core').catch(() => import(pathToFileURL(tools).href));
  return chromium.launch({
    executablePath: findChromium(),
    // Containers run as root and give /dev/shm 64 MB.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}
