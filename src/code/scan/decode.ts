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
  if (text.length < 20_000) return false;
  const lines = text.slice(0, 200_000).split('\n');
  return text.slice(0, 200_000).length / lines.length > 1_000;
}
