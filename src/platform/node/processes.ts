import { spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Processes, RunOptions, RunResult } from '../process';

const mostStderr = 16_384;

/** Child processes of this machine: absolute path, argument list, no shell, no terminal, ended when asked to. */
export const nodeProcesses: Processes = {
  run(executable, args, options) {
    if (!isAbsolute(executable)) return Promise.reject(new Error(`${executable} is not an absolute path`));
    return new Promise((resolve, reject) => start(executable, args, options, resolve, reject));
  },
};

function start(
  executable: string,
  args: readonly string[],
  options: RunOptions,
  resolve: (result: RunResult) => void,
  reject: (error: unknown) => void,
): void {
  const { signal } = options;
  if (signal?.aborted) {
    reject(signal.reason);
    return;
  }
  const child = spawn(executable, args, {
    cwd: options.cwd,
    shell: false,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let failure: unknown;
  let truncated = false;
  let received = 0;
  let rest = '';
  let stderr = '';
  const end = (why: unknown): void => {
    failure ??= why;
    child.kill('SIGKILL');
  };
  const abort = (): void => end(signal?.reason);
  const timer = setTimeout(
    () => end(new Error(`${executable} took longer than ${options.timeoutMs} ms`)),
    options.timeoutMs,
  );
  signal?.addEventListener('abort', abort, { once: true });
  const settled = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  };
  const tell = (line: string): void => {
    try {
      options.onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    } catch (error) {
      end(error);
    }
  };
  const decoder = new StringDecoder('utf8');
  child.stdout.on('data', (chunk: Buffer) => {
    received += chunk.byteLength;
    if (truncated || failure !== undefined) return;
    if (received > options.maxBytes) {
      truncated = true;
      child.kill('SIGKILL');
      return;
    }
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) tell(line);
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
    if (failure !== undefined) {
      reject(failure);
      return;
    }
    const last = rest + decoder.end();
    if (last !== '' && !truncated) tell(last);
    resolve({ code, stderr, truncated });
  });
}
