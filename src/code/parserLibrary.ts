import type * as TreeSitter from 'web-tree-sitter';
import { treeWalkOf, type TreeWalk } from './syntaxTree';

/** Where parsers come from, however the platform keeps them. */
export interface GrammarSource {
  /** Bytes of `web-tree-sitter.wasm` or `tree-sitter-<grammar>.wasm`. */
  read(file: string): Promise<Uint8Array>;
  /**
   * The library as if loaded for the first time: it holds one WebAssembly module for all that it parses and starts no
   * second one.
   */
  library(): Promise<typeof TreeSitter>;
}

/** A text that cannot be parsed. The message says why, as the end of a sentence: it is quoted to the reader. */
export class UnparsableError extends Error {
  override readonly name = 'UnparsableError';
}

/** What the library calls when objects of it are no longer used, some time later. */
const releasing = [
  '_free',
  '_ts_lookahead_iterator_delete',
  '_ts_parser_delete',
  '_ts_query_delete',
  '_ts_tree_cursor_delete_wasm',
  '_ts_tree_delete',
];

/** One start of the library: all parsers and trees made of it live in its WebAssembly module, and end with that. */
export class ParserLibrary {
  #isUsable = true;

  private constructor(
    readonly treeSitter: typeof TreeSitter,
    readonly walk: TreeWalk,
    private readonly module: Record<string, unknown>,
  ) {}

  static async start(source: GrammarSource): Promise<ParserLibrary> {
    const [treeSitter, wasmBinary] = await Promise.all([source.library(), source.read('web-tree-sitter.wasm')]);
    // Emscripten puts the functions of the module it makes onto the very options it is given.
    const module = { wasmBinary };
    await treeSitter.Parser.init(module);
    return new ParserLibrary(treeSitter, treeWalkOf(module), module);
  }

  /** False once something went wrong inside: nobody can vouch for its memory any more. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  retire(): void {
    this.#isUsable = false;
    // Trees and parsers that are given back later would be freed in memory that is no longer sound.
    for (const name of releasing) this.module[name] = () => undefined;
  }
}
