import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Files, FileStat } from '../files';
import { fileError, nodeFiles, READ_WITHOUT_WAITING, statOf } from './files';

/**
 * Files of this machine for a worker thread that reads what ripgrep has just read: it is in the system's memory, and
 * asking the thread pool four times a file takes longer than the reading.
 */
export const recentFiles: Files = {
  ...nodeFiles,
  readWithStat: async (path, maxBytes) => readNow(path, maxBytes) ?? nodeFiles.readWithStat(path, maxBytes),
};

/** undefined for anything but an ordinary file that could be read whole at once. */
function readNow(path: string, maxBytes: number): { data: Uint8Array; stat: FileStat } | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, READ_WITHOUT_WAITING);
  } catch (error) {
    throw fileError(path, error);
  }
  try {
    const stat = statOf(fstatSync(descriptor));
    if (stat.kind !== 'file' || stat.size > maxBytes) return undefined;
    // One byte more than there should be: where nothing is left over, this was all.
    const buffer = Buffer.allocUnsafeSlow(stat.size + 1);
    const length = readSync(descriptor, buffer, 0, buffer.byteLength, null);
    return length === stat.size && length > 0 ? { data: buffer.subarray(0, length), stat } : undefined;
  } catch (error) {
    throw fileError(path, error);
  } finally {
    closeSync(descriptor);
  }
}
