import ignore from 'ignore';
import type { Processes } from '../../platform/process';
import { mostSearchedBytes } from '../bounds';
import { alwaysExcluded } from './patterns';
import { languageOf } from '../languages/table';
import { configGlobs, sourceGlob, type Search } from './search';

const timeoutMs = 120_000;
const mostOutput = 256 * 1024 * 1024;

/** ripgrep could not be started or gave up; the other engine may answer. */
export class RipgrepError extends Error {
  override readonly name = 'RipgrepError';
}

/**
 * The same files as the JavaScript engine finds: .gitignore of the root and below counts (in a git repository or not),
 * nothing above the root, no global ignore file, no configuration of the user's.
 */
export const common: readonly string[] = [
  '--no-config',
  '--no-require-git',
  '--no-ignore-parent',
  '--no-ignore-global',
  '--no-ignore-exclude',
  '--no-ignore-dot',
  '--no-messages',
  // Words and their edges as JavaScript's expressions have them. By Unicode's tables ripgrep takes ten times as long.
  '--no-unicode',
];

export function ripgrepSearch(processes: Processes, executable: string): Search {
  // Types, not positive globs: a file that a positive glob names is found even where .gitignore leaves it out.
  const chosen = (globs: readonly string[], exclude: readonly string[]): string[] => [
    ...globs.map((glob) => `--type-add=finder:${glob}`),
    '--type=finder',
    ...[...alwaysExcluded, ...exclude].map((glob) => `--glob=!${glob}`),
  ];
  const run = async (
    root: string,
    args: readonly string[],
    signal: AbortSignal,
    onLine: (line: string) => void,
  ): Promise<void> => {
    const result = await processes.run(executable, [...common, ...args], {
      cwd: root,
      signal,
      timeoutMs,
      maxBytes: mostOutput,
      onLine,
    });
    // 1: nothing matched. 2 with output: some file could not be read, the rest counts.
    if (result.code === null || result.code > 2 || (result.code === 2 && result.stderr !== '')) {
      throw new RipgrepError(
        `ripgrep at ${executable} ended with ${String(result.code)}: ${result.stderr.slice(0, 500)}`,
      );
    }
  };
  return {
    engine: 'ripgrep',
    async list(root, exclude, signal) {
      const paths: string[] = [];
      await run(root, ['--files', ...chosen([sourceGlob, ...configGlobs], exclude)], signal, (line) =>
        paths.push(slashes(line)),
      );
      return paths.sort();
    },
    async named(root, globs, exclude, signal) {
      const paths: string[] = [];
      const wanted = ignore().add([...globs]);
      // A type's globs are of names alone: paths are held against the whole ones.
      const names = globs.map((glob) => glob.slice(glob.lastIndexOf('/') + 1));
      await run(root, ['--files', ...chosen(names, exclude)], signal, (line) => paths.push(slashes(line)));
      return paths.filter((path) => wanted.ignores(path)).sort();
    },
    async matching(root, pattern, exclude, signal) {
      const paths: string[] = [];
      const args = ['--files-with-matches', ...chosen([sourceGlob], exclude), ...searching(pattern)];
      await run(root, args, signal, (line) => paths.push(slashes(line)));
      return paths.sort();
    },
    async survey(root, pattern, exclude, signal, onMatch) {
      const files: string[] = [];
      const matching: string[] = [];
      // Each file that was searched, with a zero byte behind its path: `1` where it matches.
      const args = ['--count', '--include-zero', '--null', ...chosen([sourceGlob, ...configGlobs], exclude)];
      await run(root, [...args, ...searching(pattern)], signal, (line) => {
        const end = line.indexOf('\0');
        if (end < 0) return;
        const path = slashes(line.slice(0, end));
        files.push(path);
        if (line.endsWith('\x000') || !languageOf(path)) return;
        matching.push(path);
        onMatch(path);
      });
      return { files: files.sort(), matching: matching.sort() };
    },
  };
}

/** One match tells all that is asked of a file. */
const searching = (pattern: string): string[] => [
  '--max-count=1',
  `--max-filesize=${mostSearchedBytes}`,
  '--regexp',
  pattern,
  '--',
  './',
];

function slashes(path: string): string {
  const plain = path.replaceAll('\\', '/');
  return plain.startsWith('./') ? plain.slice(2) : plain;
}
