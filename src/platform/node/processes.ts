import { isAbsolute } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Processes } from '../process';
import { runChild } from './childProcess';

/** Child processes of this machine: absolute path, argument list, no shell, no terminal, ended when asked to. */
export const nodeProcesses: Processes = {
  async run(executable, args, options) {
    if (!isAbsolute(executable)) throw new Error(`${executable} is not an absolute path`);
    const { cwd, signal, timeoutMs, maxBytes } = options;
    const tell = (line: string): void => options.onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    const result = await runChild(executable, args, {
      ...{ cwd, signal, timeoutMs, maxBytes },
      late: () => new Error(`${executable} took longer than ${timeoutMs} ms`),
      onData: (data) => {
        const lines = (rest + decoder.write(data)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) tell(line);
      },
    });
    const last = rest + decoder.end();
    if (last !== '' && !result.truncated) tell(last);
    return result;
  },
};
