import { sourceExtensions } from '../languages/table';

/** Finds files of a root. Answers paths relative to it, with `/`. Both engines honour .gitignore and leave out the same. */
export interface Search {
  readonly engine: 'ripgrep' | 'javascript';
  /** Source files, and the files that say how imports resolve. */
  list(root: string, exclude: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Source files whose text matches. */
  matching(root: string, pattern: string, exclude: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
}

export const sourceGlob = `*.{${sourceExtensions.join(',')}}`;
/** package.json names workspace packages; tsconfig and jsconfig map paths. */
export const configGlobs: readonly string[] = ['package.json', 'tsconfig*.json', 'jsconfig.json'];

const config = /(^|\/)(package\.json|jsconfig\.json|tsconfig[^/]*\.json)$/;
export const isConfigPath = (path: string): boolean => config.test(path);
