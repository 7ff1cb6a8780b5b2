/**
 * A language the finder reads. Adding one is one file like the two beside this: which files, which grammar, and how
 * its test and generated files are told apart. Node types are those of the grammar; TypeScript's is a superset of
 * JavaScript's, so both share the extractor.
 */
export interface LanguageSupport {
  readonly id: string;
  /** Base name of the grammar: `tree-sitter-<grammar>.wasm`. */
  readonly grammar: string;
  /** File name endings with their dot, lower case. */
  readonly extensions: readonly string[];
  /** Extractor that turns its tree into a summary. */
  readonly extractor: 'ecmascript';
}
