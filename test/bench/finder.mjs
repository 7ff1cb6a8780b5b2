// Index time against its named peer: ripgrep finding the same candidates plus a bare web-tree-sitter parse of them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { Language, Parser } from 'web-tree-sitter';
import { generateTree } from './generatedTree.mjs';
import { median, startWorker } from './workerRpc.mjs';

/** What the finder looks for first; a candidate is a file that an SDK or a flag read could stand in. */
const candidatePattern =
  '@openfeature/|launchdarkly|@launchdarkly/|unleash|ofrep/v1/evaluate|getBooleanValue|getStringValue|getNumberValue|getObjectValue|FlagValue|useFlag|isEnabled|Variation|FLAGS\\.';

async function barePeer(root, tree) {
  const begin = performance.now();
  let files;
  try {
    files = execFileSync(rgPath, ['-l', '-e', candidatePattern, '-g', '*.{ts,tsx,js,jsx,mjs,cjs}', '.'], {
      cwd: tree,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
  } catch (error) {
    if (error.status !== 1) throw error;
    files = '';
  }
  const searched = performance.now();
  const parser = new Parser();
  const names = files.split('\n').filter(Boolean);
  for (const file of names) {
    const extension = extname(file);
    parser.setLanguage(
      languages[
        extension === '.tsx' || extension === '.jsx' ? 'tsx' : extension === '.ts' ? 'typescript' : 'javascript'
      ],
    );
    parser.parse(readFileSync(join(tree, file), 'utf8'))?.delete();
  }
  parser.delete();
  return { search: searched - begin, parse: performance.now() - searched, candidates: names.length };
}

let languages;

export async function run({ root, dir, figure }) {
  const scratch = mkdtempSync(join(tmpdir(), 'sightglass-bench-'));
  try {
    const tree = dir ?? scratch;
    if (!dir) {
      const { evaluations } = generateTree(scratch, 3000);
      figure('generated tree: TypeScript files / evaluations', `3000 / ${evaluations}`);
    }
    await Parser.init({ locateFile: () => join(root, 'dist/grammars/web-tree-sitter.wasm') });
    languages = Object.fromEntries(
      await Promise.all(
        ['typescript', 'tsx', 'javascript'].map(async (name) => [
          name,
          await Language.load(join(root, `dist/grammars/tree-sitter-${name}.wasm`)),
        ]),
      ),
    );

    const rounds = { ours: [], peer: [], warm: [] };
    let summary;
    let peer;
    for (let round = 0; round < 5; round++) {
      const storage = mkdtempSync(join(tmpdir(), 'sightglass-index-'));
      const data = { grammars: join(root, 'dist/grammars'), ripgrep: [rgPath], storage };
      const request = { root: tree, knownKeys: [], exclude: [] };

      const cold = startWorker(root, 'code', data);
      await cold.call('forget', { root: tree });
      let begin = performance.now();
      summary = await cold.call('index', request);
      rounds.ours.push(performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, 1500)); // the index is persisted in the background
      await cold.stop();

      peer = await barePeer(root, tree);
      rounds.peer.push(peer.search + peer.parse);

      const warm = startWorker(root, 'code', data);
      await warm.call('forget', { root: join(tree, 'nothing') });
      begin = performance.now();
      await warm.call('index', request);
      rounds.warm.push(performance.now() - begin);
      await warm.stop();
      rmSync(storage, { recursive: true, force: true });
    }
    const ratios = rounds.ours.map((ours, index) => ours / rounds.peer[index]);
    figure(
      'candidates ours / peer, references found',
      `${summary.candidates} / ${peer.candidates}, ${summary.references} (${summary.engine})`,
    );
    figure('cold index, median of 5', `${median(rounds.ours).toFixed(0)} ms`);
    figure('peer: ripgrep + bare parse of its candidates, median of 5', `${median(rounds.peer).toFixed(0)} ms`);
    figure('cold index / peer, median of pairs', `${median(ratios).toFixed(2)}x`, 'at most 1.5x');
    figure('warm start, median of 5', `${median(rounds.warm).toFixed(0)} ms`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
