import { createInterface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Prompt } from './terminalConsent';

/** Asks on a terminal. Questions go to `output` (stderr), because stdout is data. */
export function readlinePrompt(input: ReadStream, output: WriteStream): Prompt {
  return {
    async line(question, signal) {
      const asking = createInterface({ input, output, terminal: true });
      try {
        const closed = new Promise<null>((resolve) => asking.once('close', () => resolve(null)));
        return await Promise.race([asking.question(question, { signal }), closed]);
      } catch (error) {
        if (signal.aborted) return null;
        throw error;
      } finally {
        asking.close();
      }
    },
  };
}
