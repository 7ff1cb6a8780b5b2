import type { Hash } from '../hash';

/**
 * A stand-in for tests and the browser bundle: equal input gives equal output of the right length, nothing more.
 * Not SHA-256, and not for secrets; platforms that have a real one pass theirs.
 */
export class MemoryHash implements Hash {
  #count = 0;

  sha256(data: Uint8Array | string): string {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    return Array.from({ length: 8 }, (_, seed) => fnv1a(bytes, seed)).join('');
  }

  /** Counts up, so that ids in tests are different and predictable. */
  random(bytes: number): string {
    return (++this.#count)
      .toString(16)
      .padStart(bytes * 2, '0')
      .slice(-bytes * 2);
  }
}

/** 32-bit FNV-1a over the bytes, started differently for each seed. */
function fnv1a(bytes: Uint8Array, seed: number): string {
  let hash = 0x811c9dc5 ^ Math.imul(seed + 1, 0x9e3779b1);
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
