// Index time against its named peer: ripgrep finding candidates plus a bare web-tree-sitter parse of the very files that
// the finder takes for candidates. Both start cold, as a worker of their own, in pairs one after the other, so that what
// else runs on the machine weighs on both.
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { rgPath } from '@vscode/ripgrep';
import { generateTree } from './generatedTree.mjs';
import { candidatesOf } from './candidates.mjs';
import { median, startWorker } from './workerRpc.mjs';

const persistedWithinMs = 60_000;
const rounds = 7;

/** Wall clock and CPU of this process, all threads; ripgrep's own CPU is in neither side's. Both in milliseconds. */
async function measured(run) {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const answer = await run();
  const wall = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  return { answer, wall, cpu: (user + system) / 1000 };
}

async function persisted(storage) {
  const begin = performance.now();
  // The manifest is written when all segments are.
  while (!readdirSync(storage).some((name) => name.endsWith('.json'))) {
    if (performance.now() - begin > persistedWithinMs)
      throw new Error(`No index in ${storage} ${persistedWithinMs} ms after indexing`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function run({ root, dir, figure }) {
  const scratch = mkdtempSync(join(tmpdir(), 'sightglass-bench-'));
  try {
    const tree = dir ?? scratch;
    if (!dir) {
      const { evaluations } = generateTree(scratch, 3000);
      figure('generated tree: TypeScript files / evaluations', `3000 / ${evaluations}`);
    }
    const grammars = join(root, 'dist/grammars');
    const times = { cold: [], peer: [], warm: [] };
    const search = await candidatesOf(root);
    let summary;
    let peerCandidates;
    for (let round = 0; round < rounds; round++) {
      const storage = mkdtempSync(join(tmpdir(), 'sightglass-index-'));
      const data = { grammars, ripgrep: [rgPath], storage };
      const request = { root: tree, knownKeys: [], exclude: [] };
      const index = async () => {
        const code = startWorker(root, 'code', data);
        return { code, summary: await code.call('index', request) };
      };

      const cold = await measured(index);
      summary = cold.answer.summary;
      times.cold.push(cold);
      await persisted(storage);
      await cold.answer.code.stop();

      const peer = await measured(async () => {
        const worker = new Worker(join(root, 'test/bench/bareParse.mjs'), {
          workerData: { tree, grammars, ripgrep: rgPath, ...search },
        });
        const [candidates] = await once(worker, 'message');
        return { worker, candidates };
      });
      peerCandidates = peer.answer.candidates;
      times.peer.push(peer);
      await peer.answer.worker.terminate();

      const warm = await measured(index);
      if (warm.answer.summary.engine !== 'cache') throw new Error('The warm start read files again');
      times.warm.push(warm);
      await warm.answer.code.stop();
      rmSync(storage, { recursive: true, force: true });
    }
    const both = (list) =>
      `${median(list.map(({ wall }) => wall)).toFixed(0)} ms, CPU ${median(list.map(({ cpu }) => cpu)).toFixed(0)} ms`;
    const ratio = (list, of) => median(list.map((one, i) => one[of] / times.peer[i][of])).toFixed(2);
    figure(
      'candidates ours / peer, references found',
      `${summary.candidates} / ${peerCandidates}, ${summary.references} (${summary.engine})`,
    );
    figure(`cold index, worker start included, median of ${rounds}`, both(times.cold));
    figure(`peer: ripgrep + bare parse in a fresh worker, median of ${rounds}`, both(times.peer));
    figure(
      'cold index / peer, median of pairs',
      `${ratio(times.cold, 'wall')}x, CPU ${ratio(times.cold, 'cpu')}x`,
      'at most 1.5x',
    );
    figure(`warm start, worker start included, median of ${rounds}`, both(times.warm));
    figure('warm start / peer, median of pairs', `${ratio(times.warm, 'wall')}x, CPU ${ratio(times.warm, 'cpu')}x`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
