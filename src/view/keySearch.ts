/** What of a key is searched: without what stands around it, in lower case. */
export interface Searched {
  /** As it is written, in any case. */
  readonly written: string;
  readonly prefix: string;
  readonly suffix: string;
}

interface Prepared {
  /** Keys in lower case. */
  readonly lower: readonly string[];
  /** Signs that each key is made of, as {@link signsOf} counts them. */
  readonly signs: Uint32Array;
}

/** By the list of keys: made once a snapshot, since every keystroke searches it. */
const prepared = new WeakMap<readonly string[], Prepared>();

function prepare(keys: readonly string[]): Prepared {
  let made = prepared.get(keys);
  if (!made) {
    const lower = keys.map((key) => key.toLowerCase());
    made = { lower, signs: Uint32Array.from(lower, signsOf) };
    prepared.set(keys, made);
  }
  return made;
}

/**
 * A bit for each letter, one for each pair of digits, one for all else. What has not all bits of what is written cannot
 * hold it: that parts most keys from it without a look at them.
 */
function signsOf(text: string): number {
  let signs = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 97 && code <= 122) signs |= 1 << (code - 97);
    else if (code >= 48 && code <= 57) signs |= 1 << (26 + ((code - 48) >> 1));
    else signs |= 1 << 31;
  }
  return signs >>> 0;
}

/**
 * The first `enough` keys that hold what is written, in the order of the list but for this: those that begin with it go
 * first, then those in which a word does, then others that hold it; where these are fewer than `few`, those that hold its
 * letters in their order.
 */
export function searchKeys(keys: readonly string[], searched: Searched, few: number, enough: number): string[] {
  const { prefix, suffix } = searched;
  const written = searched.written.toLowerCase();
  const { lower, signs } = prepare(keys);
  const wanted = signsOf(written);
  const isAround = prefix !== '' || suffix !== '';
  const textAt = (index: number): string => {
    const text = lower[index] ?? '';
    return isAround ? text.slice(prefix.length, text.length - suffix.length) : text;
  };
  const mayHold = (index: number): boolean => {
    if (((signs[index] ?? 0) & wanted) >>> 0 !== wanted) return false;
    if (!isAround) return true;
    const key = keys[index] ?? '';
    return key.length > prefix.length + suffix.length && key.startsWith(prefix) && key.endsWith(suffix);
  };

  const begin: string[] = [];
  for (let index = 0; index < keys.length && begin.length < enough; index++)
    if (mayHold(index) && textAt(index).startsWith(written)) begin.push(keys[index] ?? '');
  const inWord: string[] = [];
  const within: string[] = [];
  for (let index = 0; index < keys.length && begin.length + inWord.length < enough; index++) {
    if (!mayHold(index)) continue;
    const text = textAt(index);
    const at = text.indexOf(written);
    if (at <= 0) continue;
    if (beginsWord(text, at)) inWord.push(keys[index] ?? '');
    else if (within.length < enough) within.push(keys[index] ?? '');
  }
  const found = [...begin, ...inWord, ...within];
  if (found.length < few)
    for (let index = 0; index < keys.length && found.length < enough; index++)
      if (mayHold(index) && holdsLetters(textAt(index), written)) found.push(keys[index] ?? '');
  return found.slice(0, enough);
}

const inWords = /[\p{L}\p{N}]/u;

function beginsWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at - 1);
  if (code < 128) return !((code >= 97 && code <= 122) || (code >= 48 && code <= 57));
  return !inWords.test(text.charAt(at - 1));
}

/** The letters in their order, others between them, and not side by side. */
function holdsLetters(text: string, written: string): boolean {
  let at = -1;
  for (let i = 0; i < written.length; i++) {
    at = text.indexOf(written.charAt(i), at + 1);
    if (at < 0) return false;
  }
  return !text.includes(written);
}
