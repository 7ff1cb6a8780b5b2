import type { Log } from '../log';
import { redact } from '../redact';

/** Warnings and errors on stderr: for processes and workers whose stdout is data and that have no log channel of their own. */
export function stderrLog(topic: string): Log {
  const write = (level: string, message: string): void => {
    process.stderr.write(redact(`sightglass ${topic} ${level}: ${message}`) + '\n');
  };
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (message) => write('warning', message),
    error: (message, error) => {
      const cause = error instanceof Error ? `: ${error.stack ?? error.message}` : '';
      write('error', `${message}${cause}`);
    },
    child: (name) => stderrLog(`${topic}.${name}`),
  };
}
