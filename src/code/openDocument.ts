import type { Tree } from 'web-tree-sitter';
import { summarize } from './extract/summarize';
import type { SourceParser } from './parse';
import type { FileSummary } from './summary';

/** Text longer than this is read anew only in part: nobody edits such files by hand. */
const longest = 8 * 1024 * 1024;

/** A document as the editor shows it. Holds its tree so that the next edit costs only what changed. */
export class OpenDocument {
  #text: string;
  #tree: Tree;
  #summary: FileSummary;

  constructor(
    readonly path: string,
    private readonly parser: SourceParser,
    text: string,
    public version: string,
  ) {
    this.#text = text.slice(0, longest);
    this.#tree = parser.parse(this.#text);
    this.#summary = summarize(path, this.#text, () => parser.read(this.#tree, this.#text));
  }

  get summary(): FileSummary {
    return this.#summary;
  }

  edit(whole: string, version: string): FileSummary {
    this.version = version;
    const text = whole.slice(0, longest);
    if (text === this.#text) return this.#summary;
    const before = { tree: this.#tree, text: this.#text };
    const tree = this.parser.parse(text, before);
    this.#tree = tree;
    this.#summary = summarize(this.path, text, (untouched) => this.parser.read(tree, text, untouched), {
      summary: this.#summary,
      text: this.#text,
    });
    this.#text = text;
    before.tree.delete();
    return this.#summary;
  }

  dispose(): void {
    this.#tree.delete();
  }
}
