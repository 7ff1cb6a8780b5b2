// Which package each grammar comes from, as WebAssembly, by the name in `LanguageSupport.grammar`. The build copies them
// to dist/grammars, tests read them where they are installed. Adding a language adds its line here, and its authors to NOTICE.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

const microsoft = '@vscode/tree-sitter-wasm/wasm';
const repomix = '@repomix/tree-sitter-wasms/out';

const folders = {
  typescript: microsoft,
  tsx: microsoft,
  javascript: microsoft,
  python: microsoft,
  go: microsoft,
  java: microsoft,
  'c-sharp': microsoft,
  ruby: microsoft,
  php: microsoft,
  rust: microsoft,
  bash: microsoft,
  kotlin: '@tree-sitter-grammars/tree-sitter-kotlin',
  swift: repomix,
};

/** File name of a grammar, in dist/grammars as in its package. */
export const grammarFile = (name) => `tree-sitter-${name}.wasm`;

/** Names of all grammars the product holds. */
export const grammarNames = Object.keys(folders);

/** Where a grammar's WebAssembly is installed. */
export function installedGrammar(name) {
  const folder = folders[name];
  if (folder === undefined) throw new Error(`grammars.mjs names no package for the grammar ${name}`);
  const [scope, pkg, ...inner] = folder.split('/');
  return join(dirname(require.resolve(`${scope}/${pkg}/package.json`)), ...inner, grammarFile(name));
}

/** Whether the package of a grammar is there: some are developers' tools, which not every installation has. */
export function isGrammarInstalled(name) {
  try {
    return installedGrammar(name) !== '';
  } catch {
    return false;
  }
}

/** The library that runs them, put beside the grammars: a file of its own, since it is loaded anew when a text ended it. */
export const runtimeFiles = ['web-tree-sitter.cjs', 'web-tree-sitter.wasm'];

/** Where a file of the library is installed. */
export const installedRuntime = (name) => join(dirname(require.resolve('web-tree-sitter')), name);
