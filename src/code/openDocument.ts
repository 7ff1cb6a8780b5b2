import type { Tree } from 'web-tree-sitter';
import { mostDocumentUnits } from './bounds';
import { summarize } from './extract/summarize';
import { codeIn, grammarOf } from './languages/codeIn';
import type { LanguageSupport } from './languages/language';
import type { SourceParser } from './parse';
import { UnparsableError } from './parserLibrary';
import { emptySummary } from './readSource';
import { isMinified } from './scan/decode';
import type { FileSummary } from './summary';

/** A text that could not be parsed is not parsed again with each keystroke, but when this part of it is left. */
const shortenedTo = 0.9;

interface Parsed {
  readonly tree: Tree;
  /** What of the document is of the language. */
  readonly text: string;
  readonly summary: FileSummary;
}

/** A document as the editor shows it. Holds its tree so that the next edit costs only what changed. */
export class OpenDocument {
  #whole: string;
  readonly #grammar: string;
  #parsed: Parsed | undefined;
  #failed: { readonly length: number; readonly why: string } | undefined;
  #summary: FileSummary;

  constructor(
    readonly path: string,
    private readonly language: LanguageSupport,
    private readonly parser: SourceParser,
    text: string,
    public version: string,
  ) {
    this.#whole = text;
    this.#grammar = grammarOf(language, text);
    this.#summary = this.#read();
  }

  /** Whether such a text is read by the same parser, which still works. */
  canBecome(text: string): boolean {
    return this.#isGivenUp(text) || (this.parser.isUsable && grammarOf(this.language, text) === this.#grammar);
  }

  get summary(): FileSummary {
    return this.#summary;
  }

  edit(whole: string, version: string): FileSummary {
    this.version = version;
    if (whole === this.#whole) return this.#summary;
    this.#whole = whole;
    this.#summary = this.#read();
    return this.#summary;
  }

  /**
   * What a text near to this one says, read as an edit of it is; the document stays as it is. Null where it cannot be
   * read so.
   */
  asIf(whole: string): FileSummary | null {
    const before = this.#parsed;
    if (!before || !this.canBecome(whole)) return null;
    const tree = before.tree.copy();
    let read: Parsed | undefined;
    try {
      read = this.#parse(whole, { ...before, tree });
      return read.summary;
    } catch (error) {
      if (!(error instanceof UnparsableError)) throw error;
      return null;
    } finally {
      tree.delete();
      read?.tree.delete();
    }
  }

  /** Looks at the tree as it is; undefined where the text could not be parsed. Nothing of it may be kept. */
  look<Seen>(
    see: (of: { readonly tree: Tree; readonly text: string; readonly grammar: string }) => Seen,
  ): Seen | undefined {
    const parsed = this.#parsed;
    if (!parsed || !this.parser.isUsable) return undefined;
    const { tree, text } = parsed;
    try {
      return this.parser.look(text, () => see({ tree, text, grammar: this.#grammar }));
    } catch (error) {
      if (!(error instanceof UnparsableError)) throw error;
      return undefined;
    }
  }

  #isGivenUp({ length }: string): boolean {
    return this.#failed !== undefined && length > this.#failed.length * shortenedTo;
  }

  #read(): FileSummary {
    const before = this.#parsed;
    this.#parsed = undefined;
    try {
      if (isMinified(this.#whole)) return emptySummary(this.path, 'minified');
      if (this.#failed && this.#isGivenUp(this.#whole)) return emptySummary(this.path, this.#failed.why);
      this.#parsed = this.#parse(this.#whole, before);
      this.#failed = undefined;
      return this.#parsed.summary;
    } catch (error) {
      if (!(error instanceof UnparsableError)) throw error;
      this.#failed = { length: this.#whole.length, why: error.message };
      return emptySummary(this.path, error.message);
    } finally {
      before?.tree.delete();
    }
  }

  #parse(whole: string, before: Parsed | undefined): Parsed {
    const { parser } = this;
    const { source: text, extractor } = codeIn(this.language, whole.slice(0, mostDocumentUnits));
    const tree = parser.parse(text, before);
    try {
      const changed = before && parser.changedRange(before.tree, tree, text);
      const read = summarize(
        extractor,
        this.path,
        text,
        (goesOn) => parser.read(tree, text, goesOn),
        parser.deadline(),
        before && changed !== undefined ? { summary: before.summary, text: before.text, changed } : undefined,
      );
      const isCut = whole.length > mostDocumentUnits;
      return { tree, text, summary: isCut ? { ...read, truncated: 'longer than 8 MB, and read up to there' } : read };
    } catch (error) {
      tree.delete();
      throw error;
    }
  }

  dispose(): void {
    this.#parsed?.tree.delete();
    this.#parsed = undefined;
  }
}
