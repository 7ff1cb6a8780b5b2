import { mostSearchedBytes } from '../bounds';
import type { Tools } from '../tools';
import { decodeSource } from './decode';
import { callersPattern } from './patterns';

/** A search's expression is an argument of another program, which has room for so much on every platform. */
const longestPattern = 12_000;
/** Shorter keys are in every second file, and say nothing. */
const leastKey = 3;
const longestKey = 256;

/**
 * Which of these keys stand in some source file of a root, as words of their own, whatever they mean there: a property's
 * name, a comment, a text put together. Asked before it is said that nothing names a key. Keys that cannot be looked for
 * (shorter than three signs, longer than 256, with control characters) count as written. Rejects when no engine answers.
 */
export async function writtenKeys(
  { searches, files, paths }: Pick<Tools, 'searches' | 'files' | 'paths'>,
  {
    root,
    keys,
    exclude,
  }: { readonly root: string; readonly keys: readonly string[]; readonly exclude: readonly string[] },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const isSought = (key: string): boolean => key.length >= leastKey && key.length <= longestKey && !/\p{Cc}/u.test(key);
  const written = new Set(keys.filter((key) => !isSought(key)));
  for (const chunk of chunks(keys.filter(isSought))) {
    const left = new Set(chunk);
    for (const path of await matching(searches, root, callersPattern(chunk), exclude, signal)) {
      if (left.size === 0) break;
      const data = await files.read(paths.join(root, path), mostSearchedBytes).catch(() => undefined);
      const text = data && decodeSource(data);
      if (text === undefined) continue;
      for (const key of left)
        if (text.includes(key) && new RegExp(callersPattern([key])).test(text)) {
          written.add(key);
          left.delete(key);
        }
    }
  }
  return [...written];
}

async function matching(
  searches: Tools['searches'],
  root: string,
  pattern: string,
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  let failed: unknown = new Error('there is no search');
  for (const search of searches) {
    try {
      return await search.matching(root, pattern, exclude, signal);
    } catch (error) {
      signal.throwIfAborted();
      failed = error;
    }
  }
  throw failed;
}

function* chunks(keys: readonly string[]): Generator<readonly string[]> {
  let chunk: string[] = [];
  let length = 0;
  for (const key of keys) {
    // Every sign may have to be escaped; what parts words and keys is four.
    const own = 2 * key.length + 5;
    if (length + own > longestPattern && chunk.length > 0) {
      yield chunk;
      [chunk, length] = [[], 0];
    }
    chunk.push(key);
    length += own;
  }
  if (chunk.length > 0) yield chunk;
}
