import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Compress } from '../compress';

const inflate = promisify(gunzip);

/** zlib stops at `maxBytes` itself, with a RangeError (ERR_BUFFER_TOO_LARGE). */
export const nodeCompress: Compress = {
  gunzip: (data, maxBytes) => inflate(data, { maxOutputLength: maxBytes, chunkSize: 64 * 1024 }),
};
