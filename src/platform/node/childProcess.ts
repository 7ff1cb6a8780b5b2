import { spawn } from 'node:child_process';
import type { RunResult } from '../process';

const mostStderr = 16_384;

export interface ChildRun {
  readonly cwd?: string | undefined;
  /** In place of this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** What it is ended with when that has passed. */
  readonly late: () => Error;
  /** Output past this is cut and the process ended. */
  readonly maxBytes: number;
  /** Given pieces of stdout as they come, at most `maxBytes` of them; what it throws ends the process. */
  readonly onData: (data: Buffer) => void;
}

/** One child process: no shell, no input, no terminal, ended when asked to. Rejects when it cannot be started. */
export function runChild(executable: string, args: readonly string[], run: ChildRun): Promise<RunResult> {
  const { signal } = run;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(executable, args, {
      cwd: run.cwd,
      env: run.env,
      shell: false,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [received, stderr, truncated] = [0, '', false];
    let failure: { readonly why: unknown } | undefined;
    const end = (why: unknown): void => {
      failure ??= { why };
      child.kill('SIGKILL');
    };
    const abort = (): void => end(signal?.reason);
    const timer = setTimeout(() => end(run.late()), run.timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    const settled = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    child.stdout.on('data', (data: Buffer) => {
      if (truncated || failure) return;
      received += data.byteLength;
      if (received > run.maxBytes) {
        truncated = true;
        child.kill('SIGKILL');
        return;
      }
      try {
        run.onData(data);
      } catch (error) {
        end(error);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(0, mostStderr);
    });
    child.once('error', (error) => {
      settled();
      reject(error);
    });
    child.once('close', (code) => {
      settled();
      if (failure) reject(failure.why instanceof Error ? failure.why : new Error(`${executable} was stopped.`));
      else resolve({ code, stderr, truncated });
    });
  });
}
