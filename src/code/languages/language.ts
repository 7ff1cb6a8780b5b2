import type { Inner } from '../embed/inner';
import type { Extractor } from '../extract/extractor';
import type { Evaluator } from '../resolve/evaluate';
import type { Resolver } from '../resolve/resolver';
import type { FileView } from '../resolve/view';
import type { FileRoutes } from '../routes';
import type { Family, FunctionSummary } from '../summary';

/**
 * A language the finder reads: everything that it decides. Adding one is a file like `kotlin.ts` in this folder (its
 * parts beside `extract/` where it is long), which says of each node type of the grammar what it is; the doc comment of
 * `extract/grammar/languageGrammar.ts` tells how. Then its line in
 *
 * - `table.ts` of this folder, and `/grammars.mjs`, which says what package its grammar comes from,
 * - `summary.ts` where it shares SDKs with none there is (`Family`), and `editor/documentSelectors.ts`,
 * - the vendors' files of `sdks/`: rows of call shapes of its family.
 *
 * Files in which it stands inside another one (templates, components) are languages of their own that differ from it by
 * their `host`, a reader under `embed/`: see `vue.ts`, `erb.ts`.
 *
 * Its frameworks stand under `frameworks/`: readers of routes, gRPC services and jobs. What follows names across files,
 * wrappers, guards and code paths reads the records of `summary.ts` alone and is shared by all.
 */
export interface LanguageSupport {
  /** As VS Code names it. */
  readonly id: string;
  readonly family: Family;
  /** Base name of the grammar: `tree-sitter-<grammar>.wasm`. */
  readonly grammar: string;
  /** The grammar of a file of this text where it is another one. */
  readonly grammarFor?: (text: string) => string | undefined;
  /** The text, as long and with the same lines, without what the grammar cannot read. */
  readonly readable?: (text: string) => string;
  /** Files in which the language stands inside another one (markup, templates). */
  readonly host?: Host;
  /** File name endings with their dot, lower case. */
  readonly extensions: readonly string[];
  readonly extractor: Extractor;
  /** Paths (relative, `/`) of tests, mocks and stories: what they evaluate is not production's. */
  readonly testPath: RegExp;
  /** Paths of files that a tool writes, where the file's head need not say so; null: only the head tells. */
  readonly generatedPath: RegExp | null;
  /**
   * What makes a file worth reading besides names of SDKs and their distinctive methods: imports of web frameworks,
   * registrations of handlers. Regular expressions that ripgrep's engine and JavaScript's read alike.
   */
  readonly candidates: readonly string[];
  /** Never read, whatever the ignore files say. Globs as ripgrep's `--glob '!…'`. */
  readonly excluded: readonly string[];
  /** Names of the files that say how imports resolve; `*` stands for anything. */
  readonly configs: readonly string[];
  /**
   * Where only the files themselves tell which one declares a name (C#'s namespaces, Swift's modules): what is written
   * where one of some names, joined by `|`, is declared for other files. A regular expression as in `candidates`.
   */
  readonly declares?: {
    /** Names that can be such a one. */
    readonly names: RegExp;
    readonly written: (names: string) => string;
  };
  /** Which file an import means. Made once for all languages that share the function. */
  readonly resolver: MakeResolver;
  /** Routes, gRPC services and mounts that a file registers. */
  readonly routes: readonly ((view: FileView, evaluator: Evaluator) => FileRoutes)[];
  /** Functions that a schedule or a queue runs, with what names them: `consumer orders`. */
  readonly jobs: (view: FileView, evaluator: Evaluator) => ReadonlyMap<FunctionSummary, string>;
}

export interface Host {
  /** What of the file is of the language. Any text gives some; asked with every edit. */
  readonly read: (text: string) => Inner;
  /** The extractor for what was read: one that knows the conditions that the markup puts on its parts. */
  readonly extractor?: (inner: Inner) => Extractor;
  /** The grammar of this file where it is another than {@link LanguageSupport.grammar}. */
  readonly grammar?: (text: string) => string | null;
}

/** `files`: all source files of the root; `configs`: text of the configuration files by path. */
export type MakeResolver = (files: ReadonlySet<string>, configs: ReadonlyMap<string, string>) => Resolver;
