import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

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

export function launchChromium() {
  return chromium.launch({
    executablePath: findChromium(),
    // Containers run as root and give /dev/shm 64 MB.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}
