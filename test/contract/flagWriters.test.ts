import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const keys = ['first', 'second'];
const times = 50;
const text = `{
  // written by two at once
  "flags": {
${keys
  .map(
    (key) => `    "${key}": {
      "state": "ENABLED", // ${key}
      "variants": { "on": true, "off": false },
      "defaultVariant": "off",
      "targeting": { "fractional": [["on", 0], ["off", 100]] }
    }`,
  )
  .join(',\n')}
  }
}
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightglass-writers-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs until the process ends, and gives what it complained of. */
function writer(bundle: string, key: string): Promise<string> {
  const child = spawn(process.execPath, [bundle, folder, key, String(times)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve(code === 0 ? said : `${said}\n${key} ended with ${String(code)}`));
  });
}

it(
  'two processes that write one file at once lose no update, and nobody ever reads half a file',
  { timeout: 120_000 },
  async () => {
    const bundle = join(folder, 'writer.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'flagWriterProcess.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      logLevel: 'error',
    });
    const path = join(folder, 'flags.json');
    await writeFile(path, text, { mode: 0o640 });
    const all = { done: false };
    const writers = Promise.all(keys.map((key) => writer(bundle, key))).finally(() => (all.done = true));
    const seen = new Set<string>();
    while (!all.done) {
      const now = await readFile(path, 'utf8');
      seen.add(now);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect((await writers).join('')).toBe('');
    // Every state that anybody could read is the first text with other numbers.
    for (const one of seen) expect(one.replace(/\["(on|off)", \d+\]/g, (_, side: string) => weight(side))).toBe(zeroed);
    expect(seen.size).toBeGreaterThan(10);
    const last = await readFile(path, 'utf8');
    expect(last.match(/\["on", 50\], \["off", 50\]/g)).toHaveLength(2);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await readdir(folder)).sort()).toEqual(['flags.json', 'writer.mjs']);
  },
);

const weight = (side: string): string => `["${side}", 0]`;
const zeroed = text.replaceAll('["off", 100]', weight('off'));
