/**
 * Trace and span ids as strings of one UTF-16 unit for every two bytes: half the memory of hex, quick to make and to
 * hash. Only exemplars are ever written out, as hex.
 */

const nibbles = new Int8Array(128).fill(-1);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  nibbles[digit.charCodeAt(0)] = value;
  nibbles[digit.toUpperCase().charCodeAt(0)] = value;
}

const nibble = (text: string, at: number): number => nibbles[text.charCodeAt(at)] ?? -1;

/** Packs hex of exactly `bytes` bytes; undefined when it is none, or all zeros (invalid in OTLP). */
export function packHex(text: string, bytes: 8 | 16): string | undefined {
  if (text.length !== bytes * 2) return undefined;
  let packed = '';
  let any = 0;
  for (let at = 0; at < text.length; at += 4) {
    const unit =
      (nibble(text, at) << 12) | (nibble(text, at + 1) << 8) | (nibble(text, at + 2) << 4) | nibble(text, at + 3);
    // A character that is no digit is -1, which sets the sign whatever it is shifted by.
    if (unit < 0) return undefined;
    any |= unit;
    packed += String.fromCharCode(unit);
  }
  return any === 0 ? undefined : packed;
}

/** As {@link packHex}, of ASCII in bytes; the caller has checked that they are `bytes * 2`. */
export function packHexBytes(data: Uint8Array, at: number, bytes: 8 | 16): string | undefined {
  const a = hexUnit(data, at);
  const b = hexUnit(data, at + 4);
  const c = hexUnit(data, at + 8);
  const d = hexUnit(data, at + 12);
  const half = a | b | c | d;
  if (bytes === 8) return half <= 0 ? undefined : String.fromCharCode(a, b, c, d);
  const e = hexUnit(data, at + 16);
  const f = hexUnit(data, at + 20);
  const g = hexUnit(data, at + 24);
  const h = hexUnit(data, at + 28);
  return (half | e | f | g | h) <= 0 ? undefined : String.fromCharCode(a, b, c, d, e, f, g, h);
}

/** Two bytes from four digits, negative when one of them is none. */
const hexUnit = (data: Uint8Array, at: number): number =>
  (digit(data[at]) << 12) | (digit(data[at + 1]) << 8) | (digit(data[at + 2]) << 4) | digit(data[at + 3]);

const digit = (byte: number | undefined): number => nibbles[byte ?? 0] ?? -1;

/** Packs `bytes` bytes of `data` from `at`; undefined when they are all zero. */
export function packBytes(data: Uint8Array, at: number, bytes: 8 | 16): string | undefined {
  const unit = (index: number): number => ((data[at + index] ?? 0) << 8) | (data[at + index + 1] ?? 0);
  const a = unit(0);
  const b = unit(2);
  const c = unit(4);
  const d = unit(6);
  if (bytes === 8) return (a | b | c | d) === 0 ? undefined : String.fromCharCode(a, b, c, d);
  const e = unit(8);
  const f = unit(10);
  const g = unit(12);
  const h = unit(14);
  return (a | b | c | d | e | f | g | h) === 0 ? undefined : String.fromCharCode(a, b, c, d, e, f, g, h);
}

/** Lower-case hex of a packed id. */
export function unpackHex(packed: string): string {
  let hex = '';
  for (let at = 0; at < packed.length; at++) hex += packed.charCodeAt(at).toString(16).padStart(4, '0');
  return hex;
}
