import * as z from 'zod';
import type { Processes } from '../../platform/process';
import { alwaysExcluded, mostBytes } from './patterns';
import { configGlobs, sourceGlob, type Search } from './search';

const timeoutMs = 120_000;
const mostOutput = 256 * 1024 * 1024;

/** A line of `rg --json`; other fields and kinds are left alone. Paths that are no UTF-8 come as bytes: not ours to read. */
const messageSchema = z.object({
  type: z.string(),
  data: z.object({ path: z.object({ text: z.string().optional() }).optional() }).optional(),
});

/** ripgrep could not be started or gave up; the other engine may answer. */
export class RipgrepError extends Error {
  override readonly name = 'RipgrepError';
}

/**
 * The same files as the JavaScript engine finds: .gitignore of the root and below counts (in a git repository or not),
 * nothing above the root, no global ignore file, no configuration of the user's.
 */
const common = [
  '--no-config',
  '--no-require-git',
  '--no-ignore-parent',
  '--no-ignore-global',
  '--no-ignore-exclude',
  '--no-ignore-dot',
  '--no-messages',
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
    async matching(root, pattern, exclude, signal) {
      const paths: string[] = [];
      const args = [
        '--json',
        '--max-count=1',
        `--max-filesize=${mostBytes}`,
        ...chosen([sourceGlob], exclude),
        '--regexp',
        pattern,
        '--',
        './',
      ];
      await run(root, args, signal, (line) => {
        if (!line.startsWith('{"type":"match"')) return;
        const path = readPath(line);
        if (path !== undefined) paths.push(slashes(path));
      });
      return paths.sort();
    },
  };
}

function readPath(line: string): string | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data?.data?.path?.text;
  } catch {
    return undefined;
  }
}

function slashes(path: string): string {
  const plain = path.replaceAll('\\', '/');
  return plain.startsWith('./') ? plain.slice(2) : plain;
}
