// Text changed to facts ready, in the worker, on a 3,000-line file; the peer is a full bare parse of the same text.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';
import { generateFile, seeded } from './generatedTree.mjs';
import { median, quantile, startWorker } from './workerRpc.mjs';

export async function run({ root, figure }) {
  const tree = mkdtempSync(join(tmpdir(), 'sightglass-edit-'));
  try {
    mkdirSync(join(tree, 'src'));
    let text = generateFile(3000);
    writeFileSync(join(tree, 'src/long.ts'), text);
    const code = startWorker(root, 'code', { grammars: join(root, 'dist/grammars'), ripgrep: [], storage: null });
    await code.call('index', { root: tree, knownKeys: [], exclude: [] });

    await Parser.init({ locateFile: () => join(root, 'dist/grammars/web-tree-sitter.wasm') });
    const parser = new Parser();
    parser.setLanguage(await Language.load(join(root, 'dist/grammars/tree-sitter-typescript.wasm')));

    const random = seeded(3);
    const ours = [];
    const cpu = [];
    const peer = [];
    let found = 0;
    let held = null;
    for (let version = 0; version < 400; version++) {
      // A person types: one character somewhere inside a line.
      const at = text.indexOf('\n', Math.floor(random() * (text.length - 200)));
      text = `${text.slice(0, at)}${'abc ;'[version % 5]}${text.slice(at)}`;
      const used = process.cpuUsage();
      const begin = performance.now();
      const edited = { root: tree, path: 'src/long.ts', text, version: String(version), held };
      const { facts, serial } = await code.call('edit', edited);
      held = serial;
      if (version >= 40) {
        ours.push(performance.now() - begin);
        const { user, system } = process.cpuUsage(used);
        cpu.push((user + system) / 1000);
      }
      found = facts.references.length;
      if (version % 10 === 0) {
        const parsing = performance.now();
        parser.parse(text)?.delete();
        peer.push(performance.now() - parsing);
      }
    }
    await code.stop();
    figure('references in the file', String(found));
    figure(
      'edit to facts, p50 / p99 of 360 edits',
      `${median(ours).toFixed(1)} / ${quantile(ours, 0.99).toFixed(1)} ms`,
      'p99 16 ms',
    );
    figure(
      'the same in CPU of the process, both threads, p50 / p99',
      `${median(cpu).toFixed(1)} / ${quantile(cpu, 0.99).toFixed(1)} ms`,
    );
    figure(
      'edit to facts p50 / peer: one full bare parse',
      `${(median(ours) / median(peer)).toFixed(2)}x of ${median(peer).toFixed(1)} ms`,
    );
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
