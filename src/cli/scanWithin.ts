import * as z from 'zod';
import type { Command } from './commandLine';
import { scanCommand } from './scan';
import { exitCodes, type Surroundings } from './surroundings';

/** `scan`, with a limit on how much it may find: past it the exit code is 1, for CI. */
export async function scanWithin(
  { args, max, json }: Extract<Command, { name: 'scan' }>,
  { out, err }: Pick<Surroundings, 'out' | 'err'>,
): Promise<number> {
  let found = 0;
  const code = await scanCommand(args, {
    out(text) {
      if (json) found = z.array(z.unknown()).parse(JSON.parse(text)).length;
      else found += text.split('\n').filter((line) => line !== '').length;
      out(text);
    },
    err: (text) => err(text),
  });
  if (code !== exitCodes.done || max === null || found <= max) return code;
  err(`${found} references; at most ${max} were asked for.\n`);
  return exitCodes.tooMany;
}
