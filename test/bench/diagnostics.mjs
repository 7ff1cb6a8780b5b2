// Diagnosing 5,000 references against 20,000 flags, as the extension host does it: in CPU, which what else the machine
// does hardly moves. Peers: `structuredClone` of the same references, which is what the worker's answer costs this thread
// anyway, and weighing an unknown key against every known one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { median } from './workerRpc.mjs';

const rounds = 15;

async function importDiagnosing(root, out) {
  const outfile = join(out, 'diagnosing.mjs');
  await build({
    stdin: {
      contents: `
        export { Diagnosis } from './src/view/diagnostics/diagnose';
        export { ReferenceBook } from './src/view/diagnostics/referenceBook';
        export { NearKeys } from './src/view/nearKeys';
        export { slips } from './src/view/slips';
        export { answered, diagnosing } from './test/unit/view/diagnostics/world';
        export { filesOf, manyFlags, manyReferences } from './test/unit/view/diagnostics/many';`,
      resolveDir: root,
      loader: 'ts',
    },
    ...{ bundle: true, platform: 'node', format: 'esm', logLevel: 'error', outfile },
  });
  return import(pathToFileURL(outfile).href);
}

/** CPU of a run in milliseconds. */
function cpuOf(run) {
  const from = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}
const several = (run) => median(Array.from({ length: rounds }, () => cpuOf(run)));

/** The longest that a generator holds the thread between two of its parts, in milliseconds. */
function longestPart(made) {
  let longest = 0;
  const all = made[Symbol.iterator]();
  for (;;) {
    const from = performance.now();
    const { done } = all.next();
    longest = Math.max(longest, performance.now() - from);
    if (done) return longest;
  }
}

export async function run({ root, figure }) {
  const out = mkdtempSync(join(tmpdir(), 'sightglass-diagnosing-'));
  try {
    const { Diagnosis, ReferenceBook, NearKeys, slips, ...world } = await importDiagnosing(root, out);
    const flags = world.manyFlags();
    const files = world.filesOf(world.manyReferences());
    const of = world.diagnosing([world.answered(flags)]);
    const book = new ReferenceBook(files);
    const fresh = () => new Diagnosis(book, of);
    const ms = (time) => `${time.toFixed(1)} ms`;

    const clone = several(() => structuredClone(files));
    const all = several(() => {
      const diagnosis = fresh();
      for (const file of files) diagnosis.ofFile(file);
    });
    figure('all files, CPU / structuredClone of them', `${ms(all)} / ${ms(clone)} = ${(all / clone).toFixed(2)}x`);
    figure('one file after an edit of it, CPU', ms(several(() => fresh().ofFile(files[100]))));
    figure('flags without references, CPU', ms(several(() => fresh().unreferenced())));
    const parts = Array.from({ length: rounds }, () => longestPart(fresh().unreferencedInParts()));
    figure('its longest part, p50 of the runs', ms(median(parts)), '8 ms');

    const keys = flags.map(({ ref }) => ref.key);
    const near = new NearKeys(keys);
    const asked = keys.slice(0, 20).map((key) => key.replace('-', ''));
    const ours = several(() => asked.forEach((key) => near.nearest(key))) / asked.length;
    const weighed = cpuOf(() => asked.forEach((key) => keys.forEach((each) => slips(key, each, 4)))) / asked.length;
    const ratio = `${(ours / weighed).toFixed(3)}x`;
    figure('the nearest of 20,000 keys, CPU / weighing all of them', `${ms(ours)} / ${ms(weighed)} = ${ratio}`);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
