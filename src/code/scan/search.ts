import { languages, sourceExtensions } from '../languages/table';

/** Finds files of a root. Answers paths relative to it, with `/`. Both engines honour .gitignore and leave out the same. */
export interface Search {
  readonly engine: 'ripgrep' | 'javascript';
  /** Source files, and the files that say how imports resolve. */
  list(root: string, exclude: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Files of any kind whose paths match one of these globs. */
  named(
    root: string,
    globs: readonly string[],
    exclude: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /** Source files whose text matches. */
  matching(root: string, pattern: string, exclude: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Both in one walk; binary files and those of more than {@link mostSearchedBytes} are in neither. */
  survey(
    root: string,
    pattern: string,
    exclude: readonly string[],
    signal: AbortSignal,
    /** Told of each source file that matches as soon as it is found, in any order. */
    onMatch: (path: string) => void,
  ): Promise<Survey>;
}

export interface Survey {
  /** As {@link Search.list} gives them. */
  readonly files: readonly string[];
  /** As {@link Search.matching} gives them. */
  readonly matching: readonly string[];
}

export const sourceGlob = `*.{${sourceExtensions.join(',')}}`;
/** Names of the files that say how imports resolve, as globs. */
export const configGlobs: readonly string[] = [...new Set(languages.flatMap(({ configs }) => configs))];

const names = configGlobs.map((glob) => glob.replace(/[.+]/g, '\\$&').replace(/\*/g, '[^/]*'));
const config = new RegExp(`(^|/)(${names.join('|')})$`);
export const isConfigPath = (path: string): boolean => config.test(path);
