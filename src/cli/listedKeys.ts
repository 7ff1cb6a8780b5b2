import { readFile } from 'node:fs/promises';
import type { ListedKeys } from '../workers/knownFlags';
import { CannotError } from './surroundings';

/**
 * The keys that a file of the user's lists (`--keys`): one a line, or a JSON array of texts. Rejects with
 * {@link CannotError} when it cannot be read.
 */
export async function listedKeys(file: string): Promise<string[]> {
  try {
    const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
    if (!text.trimStart().startsWith('['))
      return text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
    const listed: unknown = JSON.parse(text);
    if (Array.isArray(listed) && listed.every((key) => typeof key === 'string')) return listed;
    throw new Error('it holds something else than texts');
  } catch (error) {
    throw new CannotError(
      `The keys of ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}. List one a line, or as a JSON array of texts.`,
    );
  }
}

/** The same for an option that may not be given. */
export async function keysListedIn(file: string | null): Promise<ListedKeys | null> {
  return file === null ? null : { file, keys: await listedKeys(file) };
}
