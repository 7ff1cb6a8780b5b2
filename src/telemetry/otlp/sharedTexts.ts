const slots = 8192;
const longestShared = 64;
const mostDecoded = 1024;
const utf8 = new TextDecoder();
const texts: (string | undefined)[] = new Array<string | undefined>(slots);

/**
 * The text of `length` bytes of UTF-8, cut after a kilobyte. Short texts that come again and again (names, routes,
 * variants) are decoded once and are then one and the same string, which is also quick to look up in a map.
 */
export function sharedText(data: Uint8Array, start: number, length: number): string {
  if (length > longestShared) return utf8.decode(data.subarray(start, start + Math.min(length, mostDecoded)));
  const end = start + length;
  let hash = length;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (data[at] ?? 0)) | 0;
  const slot = (hash ^ (hash >>> 13)) & (slots - 1);
  const known = texts[slot];
  if (known?.length === length && isAsciiText(data, start, known)) return known;
  const text = utf8.decode(data.subarray(start, end));
  texts[slot] = text;
  return text;
}

/** Whether the bytes at `start` are this text, all of it ASCII. */
export function isAsciiText(data: Uint8Array, start: number, text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f || unit !== data[start + at]) return false;
  }
  return true;
}
