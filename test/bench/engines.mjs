// Candidates as ripgrep, the engine in JavaScript and `git grep` find them, over the trees of `--corpora` (or `--dir`):
// three engines that know nothing of each other. Says how many each finds and what they do not agree on.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { build } from 'esbuild';

const mostNamed = 5;

export async function run({ root, dir, corpora, figure }) {
  const trees =
    corpora === undefined
      ? [resolve(dir ?? join(root, 'src'))]
      : readdirSync(corpora, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map(({ name }) => resolve(corpora, name));
  const { engines, isSource, pattern } = await bundled(root);
  for (const tree of trees) {
    const { signal } = new AbortController();
    const found = {};
    let files = new Set();
    for (const engine of engines(rgPath)) {
      const survey = await engine.survey(tree, pattern, [], signal, () => undefined);
      found[engine.engine] = new Set(survey.matching);
      files = new Set([...files, ...survey.files]);
    }
    // It knows nothing of hidden files, of other languages, of what is never read, nor that some files only tell how
    // imports resolve.
    found['git grep'] = new Set(gitGrep(tree, pattern).filter((path) => files.has(path) && isSource(path)));
    const all = new Set(Object.values(found).flatMap((paths) => [...paths]));
    const differing = [...all].filter((path) => Object.values(found).some((paths) => !paths.has(path)));
    figure(
      `${basename(tree)}: ${Object.keys(found).join(' / ')}`,
      `${Object.values(found)
        .map(({ size }) => size)
        .join(' / ')} candidates of ${files.size} files, ${differing.length} not found by all`,
      '0',
    );
    for (const path of differing.slice(0, mostNamed)) {
      const by = Object.entries(found).filter(([, paths]) => paths.has(path));
      figure(`  ${path}`, `only ${by.map(([engine]) => engine).join(', ')}`);
    }
  }
}

function gitGrep(tree, pattern) {
  try {
    const args = ['grep', '--no-index', '-lzP', '-e', pattern, '--', '.'];
    return execFileSync('git', args, { cwd: tree, encoding: 'utf8', maxBuffer: 1 << 28 })
      .split('\0')
      .filter(Boolean);
  } catch (error) {
    if (error.status === 1) return [];
    throw error;
  }
}

/** The engines out of the product's sources, which its bundles do not give out. */
async function bundled(root) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    mainFields: ['module', 'main'],
    platform: 'node',
    alias: { 'web-tree-sitter': join(root, 'node_modules/web-tree-sitter/web-tree-sitter.cjs') },
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});`,
    },
    logLevel: 'error',
    stdin: {
      resolveDir: root,
      contents: `
        import { languageOf } from './src/code/languages/table';
        import { candidatePattern } from './src/code/scan/patterns';
        import { ripgrepSearch } from './src/code/scan/ripgrep';
        import { javascriptSearch } from './src/code/scan/walk';
        import { nodeFiles } from './src/platform/node/files';
        import { nodePaths } from './src/platform/node/paths';
        import { nodeProcesses } from './src/platform/node/processes';
        export const pattern = candidatePattern;
        export const isSource = (path) => languageOf(path) !== undefined;
        export const engines = (rg) => [ripgrepSearch(nodeProcesses, rg), javascriptSearch(nodeFiles, nodePaths)];`,
    },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
