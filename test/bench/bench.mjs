// `npm run bench`: speed as ratios against a named peer measured in the same run. Nothing here passes or fails; a goal is
// printed beside the figure. `npm run bench -- --only finder,edit` runs some; `--dir PATH` indexes a tree of yours
// instead of the generated one.
import { parseArgs } from 'node:util';
import { cpus } from 'node:os';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

const { values } = parseArgs({ options: { only: { type: 'string' }, dir: { type: 'string' } } });
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
if (!existsSync(join(root, 'dist/worker-code.js'))) {
  console.error('Nothing is built: run "npm run build" first.');
  process.exit(2);
}

const benches = ['finder', 'edit', 'receiver', 'memory', 'editor', 'sizes'];
const wanted = values.only?.split(',') ?? benches;
console.log(`Node ${process.versions.node}, ${cpus().length} cores, ${process.platform}-${process.arch}`);

for (const name of benches.filter((bench) => wanted.includes(bench))) {
  const { run } = await import(`./${name}.mjs`);
  console.log(`\n${name}`);
  await run({
    root,
    dir: values.dir,
    figure: (what, value, goal) =>
      console.log(`  ${what.padEnd(64)} ${value}${goal === undefined ? '' : `   (goal ${goal})`}`),
  });
}
