import { createHash, randomBytes } from 'node:crypto';
import type { Hash } from '../hash';

export const nodeHash: Hash = {
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
  random: (bytes) => randomBytes(bytes).toString('hex'),
};
