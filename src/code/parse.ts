import { Edit, Language, Parser, type Tree } from 'web-tree-sitter';
import type { LanguageSupport } from './languages/language';
import { readTree, treeWalkOf, type SyntaxNode, type TreeWalk, type Untouched } from './syntaxTree';

/** Bytes of the WebAssembly modules, however the platform keeps them. */
export interface GrammarSource {
  /** `web-tree-sitter.wasm` or `tree-sitter-<grammar>.wasm`. */
  read(file: string): Promise<Uint8Array>;
}

/** Text to trees in one language. */
export class SourceParser {
  constructor(
    private readonly parser: Parser,
    private readonly walk: TreeWalk,
  ) {}

  /**
   * Parses anew, or from the old tree when the old text is given: then only what changed is read. The tree belongs to
   * the caller, who must `delete()` it.
   */
  parse(text: string, before?: { readonly tree: Tree; readonly text: string }): Tree {
    if (before) before.tree.edit(editBetween(before.text, text));
    const tree = this.parser.parse(text, before?.tree);
    if (!tree) throw new Error('The parser gave no tree');
    return tree;
  }

  /** The nodes of a tree of this text; they outlive the tree. */
  read(tree: Tree, text: string, untouched?: Untouched): SyntaxNode {
    return readTree(this.walk, tree, text, untouched);
  }
}

/** Parsers by grammar. */
export class Grammars {
  readonly #source: GrammarSource;
  readonly #parsers = new Map<string, Promise<SourceParser>>();
  #started: Promise<TreeWalk> | undefined;

  constructor(source: GrammarSource) {
    this.#source = source;
  }

  /** Rejects when the grammar cannot be read or was made for another version of the library. */
  parser(language: LanguageSupport): Promise<SourceParser> {
    let parser = this.#parsers.get(language.grammar);
    if (!parser) {
      parser = this.#load(language.grammar);
      this.#parsers.set(language.grammar, parser);
      parser.catch(() => this.#parsers.delete(language.grammar));
    }
    return parser;
  }

  async #load(grammar: string): Promise<SourceParser> {
    const bytes = this.#source.read(`tree-sitter-${grammar}.wasm`);
    bytes.catch(() => undefined);
    this.#started ??= this.#start();
    const walk = await this.#started;
    return new SourceParser(new Parser().setLanguage(await Language.load(await bytes)), walk);
  }

  async #start(): Promise<TreeWalk> {
    // Emscripten puts the functions of the module it makes onto the very options it is given.
    const module = { wasmBinary: await this.#source.read('web-tree-sitter.wasm') };
    await Parser.init(module);
    return treeWalkOf(module);
  }
}

/** The one replacement that turns `from` into `to`, found from both ends. */
function editBetween(from: string, to: string): Edit {
  const { start, end: same } = sameEnds(from, to);
  const oldEndIndex = from.length - same;
  const newEndIndex = to.length - same;
  return new Edit({
    startIndex: start,
    oldEndIndex,
    newEndIndex,
    startPosition: pointAt(from, start),
    oldEndPosition: pointAt(from, oldEndIndex),
    newEndPosition: pointAt(to, newEndIndex),
  });
}

/** How many units two texts share at their start and, beyond that, at their end. */
export function sameEnds(from: string, to: string): { readonly start: number; readonly end: number } {
  const shortest = Math.min(from.length, to.length);
  const start = sameCount(shortest, (at, length) => from.slice(at, at + length) === to.slice(at, at + length));
  const end = sameCount(shortest - start, (at, length) => {
    const far = at + length;
    return from.slice(from.length - far, from.length - at) === to.slice(to.length - far, to.length - at);
  });
  return { start, end };
}

/** How many units are the same, told of stretches: long ones first, then ever shorter ones where they differ. */
function sameCount(most: number, same: (at: number, length: number) => boolean): number {
  let count = 0;
  for (let stretch = 4_096; stretch > 0; stretch >>= 2) {
    while (count + stretch <= most && same(count, stretch)) count += stretch;
  }
  return count;
}

function pointAt(text: string, index: number): { row: number; column: number } {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: index - lineStart };
}
