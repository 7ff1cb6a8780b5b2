import { referenceSchema, type Reference } from '../model/reference';
import { scanCommand } from './scan';
import { CannotError, exitCodes } from './surroundings';

/** References to one flag under a folder, found now. Rejects with {@link CannotError} when the folder cannot be scanned. */
export async function scanForKey(
  folder: string,
  key: string,
  err: (text: string) => void,
): Promise<readonly Reference[]> {
  const found: string[] = [];
  const streams = { out: (line: string): void => void found.push(line), err };
  const code = await scanCommand(['--jsonl', '--key', key, folder], streams);
  if (code !== exitCodes.done) throw new CannotError(`${folder} could not be scanned.`);
  return found
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => referenceSchema.parse(JSON.parse(line)));
}
