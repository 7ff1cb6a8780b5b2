// The peer of the finder as a worker of its own, so that both pay for a thread, the grammars and a cold engine:
// ripgrep finding candidates, then a bare web-tree-sitter parse of them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Language, Parser } from 'web-tree-sitter';

const { tree, grammars, ripgrep, pattern, args, grammarOf } = workerData;

function search() {
  try {
    return execFileSync(ripgrep, [...args, '--files-with-matches', '--regexp', pattern, '--', './'], {
      cwd: tree,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
      .split('\n')
      .filter(Boolean);
  } catch (error) {
    if (error.status === 1) return [];
    throw error;
  }
}

const files = search();
await Parser.init({ locateFile: () => join(grammars, 'web-tree-sitter.wasm') });
const parsers = new Map();
for (const file of files) {
  const name = grammarOf[extname(file).toLowerCase()];
  if (!parsers.has(name)) {
    const language = await Language.load(join(grammars, `tree-sitter-${name}.wasm`));
    parsers.set(name, new Parser().setLanguage(language));
  }
  parsers
    .get(name)
    .parse(readFileSync(join(tree, file), 'utf8'))
    ?.delete();
}
parentPort.postMessage(files.length);
