// Journeys of a reader through the real screen: VS Code's server with the extension, driven by Chromium.
//   node test/e2e/run.mjs [--only TEXT | --long] [--vsix FILE] [--at-once N]
// Needs dist/ (node esbuild.mjs), or a packaged VSIX, which is then installed as a user would. Two journeys are taken at
// once: they mostly wait. Those that walk every screen several times over (`long`) are taken only when asked for. Ends with "N passed, N failed"; a failure leaves its screens in .cache/e2e.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launchChromium } from '../host/chromium.mjs';
import { takeJourney } from './journey.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = join(root, 'test/e2e/journeys');

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    long: { type: 'boolean', default: false },
    vsix: { type: 'string' },
    'at-once': { type: 'string', default: '2' },
  },
});
const vsix = options.vsix && resolve(options.vsix);
if (vsix && !existsSync(vsix)) {
  console.error(`There is no VSIX at "${vsix}": run "npm run package" first.`);
  process.exit(2);
}

mkdirSync(join(root, '.cache/e2e'), { recursive: true });
/** @type {[string, any][]} */
const waiting = [];
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.mjs'))
  .sort()) {
  const { journeys, long = false } = await import(join(folder, file));
  for (const [name, journey] of Object.entries(journeys)) {
    if (options.only ? `${file} ${name}`.includes(options.only) : long === options.long) waiting.push([name, journey]);
  }
}

let passed = 0;
let failed = 0;
const browser = await launchChromium();

async function takeOneAfterAnother() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, journey] = next;
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    const words = (error) => String(error instanceof Error ? error.message : error);
    try {
      await takeJourney(browser, { name, journey, vsix }).catch((error) => {
        // A busy machine makes VS Code itself miss a key or a click: once more, from nothing, and both are told.
        console.log(`once more: ${name} (${seconds()})\n    ${words(error)}`);
        return takeJourney(browser, { name, journey, vsix });
      });
      passed += 1;
      console.log(`ok ${name} (${seconds()})`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${name} (${seconds()})\n    ${words(error)}`);
    }
  }
}

try {
  await Promise.all(Array.from({ length: Math.max(1, Number(options['at-once'])) }, takeOneAfterAnother));
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
