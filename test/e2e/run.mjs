// Journeys of a reader through the real screen: VS Code's server with the extension, driven by Chromium.
//   node test/e2e/run.mjs [--only TEXT]
// Needs dist/ (node esbuild.mjs). Ends with "N passed, N failed"; a failure leaves its screen in .cache/e2e.
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launchChromium } from '../host/chromium.mjs';
import { takeJourney } from './journey.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = join(root, 'test/e2e/journeys');

const { values: options } = parseArgs({ options: { only: { type: 'string' } } });

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
