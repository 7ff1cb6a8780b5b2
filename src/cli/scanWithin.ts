import type { Command } from './commandLine';
import { scanCommand } from './scan';
import { exitCodes, type Surroundings } from './surroundings';

/** `scan`, with a limit on how much it may find: past it the exit code is 1, for CI. */
export async function scanWithin(
  { args, max }: Extract<Command, { name: 'scan' }>,
  { out, err, version, signal }: Pick<Surroundings, 'out' | 'err' | 'version' | 'signal'>,
): Promise<number> {
  let found = 0;
  const code = await scanCommand(args, {
    out: (text) => out(text),
    err: (text) => err(text),
    found: (count) => (found = count),
    version,
    signal,
  });
  if (code !== exitCodes.done || max === null || found <= max) return code;
  err(`${found} references; at most ${max} were asked for.\n`);
  return exitCodes.tooMany;
}
