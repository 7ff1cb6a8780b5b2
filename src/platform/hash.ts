export interface Hash {
  /** Lower-case hex. */
  sha256(data: Uint8Array | string): string;
  /** Random lower-case hex of `bytes` bytes. */
  random(bytes: number): string;
}
