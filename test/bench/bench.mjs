// `npm run bench`: speed as ratios against a named peer measured in the same run. Nothing here passes or fails; a goal is
// printed beside the figure. `npm run bench -- finder edit` (or `--only finder,edit`) runs some; `--dir PATH` indexes a
// tree of yours instead of the generated one; `--corpora PATH` is a folder of repositories checked out under the names of
// ../shared/corpora, over which `scan` tells recall.
import { parseArgs } from 'node:util';
import { cpus } from 'node:os';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

const { values, positionals } = parseArgs({
  options: { only: { type: 'string' }, dir: { type: 'string' }, corpora: { type: 'string' } },
  allowPositionals: true,
});
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
if (!existsSync(join(root, 'dist/worker-code.js'))) {
  console.error('Nothing is built: run "npm run build" first.');
  process.exit(2);
}

const benches = [
  'finder',
  'edit',
  'providers',
  'diagnostics',
  'large',
  'scan',
  'engines',
  'receiver',
  'memory',
  'compare',
  'editor',
  'push',
  'pushToScreen',
  'consent',
  'verified',
  'review',
  'sizes',
];
const named = [...positionals, ...(values.only?.split(',') ?? [])];
const wanted = named.length > 0 ? named : benches;
const unknown = wanted.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${benches.join(', ')}.`);
  process.exit(2);
}
console.log(`Node ${process.versions.node}, ${cpus().length} cores, ${process.platform}-${process.arch}`);

for (const name of benches.filter((bench) => wanted.includes(bench))) {
  const { run } = await import(`./${name}.mjs`);
  console.log(`\n${name}`);
  await run({
    root,
    dir: values.dir,
    corpora: values.corpora,
    figure: (what, value, goal) =>
      console.log(`  ${what.padEnd(64)} ${value}${goal === undefined ? '' : `   (goal ${goal})`}`),
  });
}
