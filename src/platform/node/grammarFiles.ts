import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** WebAssembly modules of one folder, by file name. Rejects, naming the file, when it is not there. */
export function grammarFiles(folder: string): { read(file: string): Promise<Uint8Array> } {
  return { read: (file) => readFile(join(folder, basename(file))) };
}
