const slots = 8192;
const longestShared = 64;
const mostDecoded = 1024;
const utf8 = new TextDecoder();
interface Known {
  readonly text: string;
  readonly bytes: Uint8Array;
}

const texts: (Known | undefined)[] = new Array<Known | undefined>(slots);

/**
 * The text of `length` bytes of UTF-8, cut after a kilobyte. Short texts that come again and again (names, routes,
 * variants) are decoded once and are then one and the same string, which is also quick to look up in a map.
 */
export function sharedText(data: Uint8Array, start: number, length: number): string {
  let hash = 0;
  if (length <= longestShared)
    for (let at = start, end = start + length; at < end; at++) hash = hashed(hash, data[at] ?? 0);
  return textOfHash(data, start, length, hash);
}

/** One byte more of a text's hash, which begins with nought. */
export const hashed = (hash: number, byte: number): number => (Math.imul(hash, 31) + byte) | 0;

/** As {@link sharedText}, for who has gone over its bytes already. */
export function textOfHash(data: Uint8Array, start: number, length: number, hash: number): string {
  if (length > longestShared) return utf8.decode(data.subarray(start, start + Math.min(length, mostDecoded)));
  const slot = (hash ^ (hash >>> 13) ^ length) & (slots - 1);
  const known = texts[slot];
  if (known?.bytes.length === length && areBytes(data, start, known.bytes)) return known.text;
  const bytes = data.slice(start, start + length);
  const text = utf8.decode(bytes);
  texts[slot] = { text, bytes };
  return text;
}

/** Whether these bytes stand at `start`. */
export function areBytes(data: Uint8Array, start: number, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== data[start + at]) return false;
  return true;
}

/** Whether the bytes at `start` are this text, all of it ASCII. */
export function isAsciiText(data: Uint8Array, start: number, text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f || unit !== data[start + at]) return false;
  }
  return true;
}
