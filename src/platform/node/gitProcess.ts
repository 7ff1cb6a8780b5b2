import type { RunResult } from '../process';
import { runChild } from './childProcess';

const timeoutMs = 60_000;

/** git is not there, or could not tell; the message says what to do. */
export class GitError extends Error {
  override readonly name = 'GitError';
  constructor(
    message: string,
    /** `missing`: there is no git; `noRepository`: the folder is in none. */
    readonly reason: 'missing' | 'noRepository' | 'failed' = 'failed',
  ) {
    super(message);
  }
}

/**
 * What of git would run programs that a repository or its configuration names, or write. The rest of it is in
 * {@link gitEnvironment}: filters, and transports, which a configuration can name in ways that no option overrules.
 */
export const tame: readonly string[] = [
  '--no-optional-locks',
  '--no-pager',
  '--literal-pathspecs',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.quotePath=false',
];

/**
 * All transports are off, so that a clone that lacks objects fetches none by itself: an older git does not know that it
 * should not, and `protocol.<name>.allow` of a repository goes before `protocol.allow`. Names of configured filters
 * (`filter.<driver>`) are set to nothing: reading a working tree would run them.
 */
export function gitEnvironment(filters: readonly string[] = []): NodeJS.ProcessEnv {
  const keys = filters.flatMap((name) => [
    { key: `${name}.clean`, value: '' },
    { key: `${name}.process`, value: '' },
    { key: `${name}.required`, value: 'false' },
  ]);
  // What came by the environment, as a directory that is trusted, is before ours.
  const given = process.env.GIT_CONFIG_COUNT ?? '';
  const first = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  return {
    ...process.env,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    ...(keys.length > 0 && {
      GIT_CONFIG_COUNT: String(first + keys.length),
      ...Object.fromEntries(
        keys.flatMap(({ key, value }, at) => [
          [`GIT_CONFIG_KEY_${String(first + at)}`, key],
          [`GIT_CONFIG_VALUE_${String(first + at)}`, value],
        ]),
      ),
    }),
  };
}

export interface GitRun {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  readonly maxBytes: number;
  /** Given pieces of stdout as they come, at most `maxBytes` of them. */
  readonly onData: (data: Buffer) => void;
}

/** One call of git, tamed, without a shell or an input, ended after a minute. Rejects when it cannot be started. */
export async function runGit(executable: string, args: readonly string[], run: GitRun): Promise<RunResult> {
  const { cwd, signal, environment: env, maxBytes, onData } = run;
  const end = await runChild(executable, [...tame, ...args], {
    ...{ cwd, signal, env, maxBytes, onData, timeoutMs },
    late: () => new GitError(`git ${args[0] ?? ''} took longer than a minute.`),
  });
  return { ...end, stderr: end.stderr.trim() };
}
