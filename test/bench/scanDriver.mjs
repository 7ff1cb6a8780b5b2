// One way of indexing a folder as a process of its own, so that all are measured alike. Writes what it found to stdout
// as JSON. Started by scan.mjs with its task as the argument.
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { startWorker } from './workerRpc.mjs';

const persistedWithinMs = 120_000;
const everything = 1_000_000;
const { mode, root, tree, storage, ripgrep, search } = JSON.parse(process.argv[2]);
const grammars = join(root, 'dist/grammars');

if (mode === 'bareParse') {
  const worker = new Worker(join(root, 'test/bench/bareParse.mjs'), {
    workerData: { tree, grammars, ripgrep, ...search },
  });
  const [candidates] = await once(worker, 'message');
  await worker.terminate();
  process.stdout.write(JSON.stringify({ candidates }));
} else {
  const code = startWorker(root, 'code', { grammars, ripgrep: [ripgrep], storage });
  const summary = await code.call('index', { root: tree, knownKeys: [], exclude: [] });
  if (mode === 'keep') {
    const begin = performance.now();
    // Written last.
    while (!existsSync(storage) || !readdirSync(storage).some((name) => name.endsWith('.json'))) {
      if (performance.now() - begin > persistedWithinMs) throw new Error(`No index in ${storage}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const files = mode === 'rows' ? await code.call('references', { root: tree, limit: everything }) : [];
  await code.stop();
  const rows = files.flatMap(({ references }) =>
    references.map(({ path, line, key, kind, certainty }) => ({ path, line, key, kind, certainty })),
  );
  process.stdout.write(JSON.stringify({ summary, rows }));
}
