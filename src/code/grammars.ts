import type { LanguageSupport } from './languages/language';
import { SourceParser } from './parse';
import { ParserCrashes } from './parserCrashes';
import { ParserLibrary, type GrammarSource } from './parserLibrary';

/**
 * Parsers by grammar. They share one library, which some texts can end: such a text costs itself, all others are parsed
 * by the library's next start.
 */
export class Grammars {
  #starting: Promise<ParserLibrary> | undefined;
  #library: ParserLibrary | undefined;
  /** Those of the library's present start. */
  #parsers = new Map<string, Promise<SourceParser | undefined>>();
  readonly #crashes = new ParserCrashes();

  constructor(
    private readonly source: GrammarSource,
    /** Monotonic milliseconds. */
    private readonly now: () => number,
  ) {}

  /**
   * Hands a parser to `use` while it is usable, and answers what that does: it may not wait for anything. Rejects with
   * {@link UnparsableError} when the grammar was given up, else when it cannot be read or was made for another version
   * of the library.
   */
  async parsing<Result>(
    language: LanguageSupport,
    grammar: string,
    use: (parser: SourceParser) => Result,
  ): Promise<Result> {
    for (;;) {
      this.#crashes.checkGrammar(grammar);
      const parser = await this.#parser(language, grammar);
      // Another text may have ended the library between the promise and us.
      if (parser?.isUsable === true) return use(parser);
    }
  }

  /** Starts the library before there is anything to parse, while somebody waits for files; what fails is told by `parsing`. */
  async warm(): Promise<void> {
    await this.#started().catch(() => undefined);
  }

  #parser(language: LanguageSupport, grammar: string): Promise<SourceParser | undefined> {
    if (this.#library?.isUsable === false) {
      // The new start has parsers of its own.
      this.#starting = undefined;
      this.#library = undefined;
      this.#parsers = new Map();
    }
    const parsers = this.#parsers;
    let parser = parsers.get(grammar);
    if (!parser) {
      parser = this.#load(language, grammar);
      parsers.set(grammar, parser);
      parser.catch(() => parsers.delete(grammar));
    }
    return parser;
  }

  /** undefined when the library ended meanwhile. */
  async #load({ extractor }: LanguageSupport, grammar: string): Promise<SourceParser | undefined> {
    const bytes = this.source.read(`tree-sitter-${grammar}.wasm`);
    bytes.catch(() => undefined);
    const library = await this.#started();
    const language = await library.treeSitter.Language.load(await bytes).catch((error: unknown) => {
      if (library.isUsable) throw error;
      return undefined;
    });
    return language && new SourceParser(grammar, library, language, extractor.shape, this.#crashes, this.now);
  }

  #started(): Promise<ParserLibrary> {
    if (!this.#starting) {
      const starting = ParserLibrary.start(this.source);
      this.#starting = starting;
      starting.then(
        (library) => (this.#library = library),
        () => (this.#starting = undefined),
      );
    }
    return this.#starting;
  }
}
