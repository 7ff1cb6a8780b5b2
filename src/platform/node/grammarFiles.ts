import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type * as TreeSitter from 'web-tree-sitter';

/** The file of the library that parses, beside the grammars. */
const library = 'web-tree-sitter.cjs';

/** WebAssembly modules and the library that runs them, by file name. Rejects, naming the file, when it is not there. */
export function grammarFiles(locate: (file: string) => string): {
  read(file: string): Promise<Uint8Array>;
  library(): Promise<typeof TreeSitter>;
} {
  return {
    read: (file) => readFile(locate(file)),
    async library() {
      const path = locate(library);
      const require = createRequire(path);
      // Loaded anew each time: the library has one WebAssembly module, which may have come to an end.
      Reflect.deleteProperty(require.cache, require.resolve(path));
      return require(path) as typeof TreeSitter;
    },
  };
}
