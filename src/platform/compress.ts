/** Inflates gzip; rejects with RangeError past `maxBytes` (a bomb is never held in memory) and Error on bad data. */
export interface Compress {
  gunzip(data: Uint8Array, maxBytes: number): Promise<Uint8Array>;
}
