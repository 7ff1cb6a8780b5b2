import { minified } from '../bounds';

/** How far a NUL byte is looked for: ripgrep's first buffer. */
const probed = 65_536;

/** Text of a source file: UTF-8, or UTF-16 with a byte order mark; undefined for binary data. */
export function decodeSource(data: Uint8Array): string | undefined {
  if (data[0] === 0xff && data[1] === 0xfe) return new TextDecoder('utf-16le').decode(data);
  if (data[0] === 0xfe && data[1] === 0xff) return new TextDecoder('utf-16be').decode(data);
  if (data.subarray(0, probed).includes(0)) return undefined;
  return new TextDecoder().decode(data);
}

/** Machine-made text that nobody reads: lines far longer than people write. */
export function isMinified(text: string): boolean {
  if (text.length < minified.units) return false;
  const looked = Math.min(text.length, minified.looked);
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < looked; at = text.indexOf('\n', at + 1)) lines++;
  return looked / lines > minified.lineUnits;
}
