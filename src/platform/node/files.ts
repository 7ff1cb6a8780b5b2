import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileError, type Files, type FileStat } from '../files';
import { withLockFile } from './lockFile';
import { replaceIf } from './replaceIf';
import { watchFile } from './watchFile';

const codes: Readonly<Record<string, FileError['code']>> = {
  ENOENT: 'notFound',
  ENOTDIR: 'notFound',
  EISDIR: 'notAFile',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  EEXIST: 'exists',
};

/** Opening a named pipe would otherwise wait for a writer that may never come. Windows has no such flag (nor pipes). */
export const READ_WITHOUT_WAITING = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

export function fileError(path: string, error: unknown): FileError {
  if (error instanceof FileError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new FileError(
    codes[code] ?? 'other',
    path,
    `${path}: ${error instanceof Error ? error.message : String(error)}`,
    {
      cause: error,
    },
  );
}

async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(path, error);
  }
}

const kindOf = (found: { isFile(): boolean; isDirectory(): boolean }): FileStat['kind'] =>
  found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';

export const statOf = (found: Stats): FileStat => ({
  kind: kindOf(found),
  size: found.size,
  modified: found.mtimeMs,
  mode: found.mode & 0o7777,
});

/** Few calls a file: an index reads thousands. */
function readWithStat(path: string, maxBytes: number): Promise<{ data: Uint8Array; stat: FileStat }> {
  return told(path, async () => {
    const handle = await fs.open(path, READ_WITHOUT_WAITING);
    try {
      const found = await handle.stat();
      if (!found.isFile()) throw new FileError('notAFile', path, `${path} is not a file.`);
      if (found.size > maxBytes) throw tooLarge(path, found.size, maxBytes);
      const stat = statOf(found);
      // One byte more than there should be: where nothing is left over, this was all.
      const buffer = Buffer.allocUnsafeSlow(found.size + 1);
      const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, null);
      if (bytesRead === found.size && bytesRead > 0) return { data: buffer.subarray(0, bytesRead), stat };
      // It grew meanwhile, or is of those that do not tell their size.
      const data = Buffer.concat([buffer.subarray(0, bytesRead), await handle.readFile()]);
      if (data.byteLength > maxBytes) throw tooLarge(path, data.byteLength, maxBytes);
      return { data, stat };
    } finally {
      await handle.close();
    }
  });
}

/** Files of this machine. Symlinks are followed by reads and writes alike. */
export const nodeFiles: Files = {
  stat: (path) =>
    told(path, async () => {
      const found: Stats | undefined = await fs.stat(path).catch((error: unknown) => {
        if (fileError(path, error).code === 'notFound') return undefined;
        throw error;
      });
      return found && statOf(found);
    }),

  read: async (path, maxBytes) => (await readWithStat(path, maxBytes)).data,
  readWithStat,

  list: (path) =>
    told(path, async () =>
      (await fs.readdir(path, { withFileTypes: true })).map((entry) => ({ name: entry.name, kind: kindOf(entry) })),
    ),

  realpath: (path) => told(path, () => fs.realpath(path)),

  makeFolder: (path, mode) =>
    told(path, async () => {
      await fs.mkdir(path, { recursive: true, mode });
      if (process.platform === 'win32') return;
      // One that was there may let others in; of another user it cannot be tightened, and is not used.
      const found = (await fs.stat(path)).mode & 0o777;
      if ((found & ~mode) !== 0) await fs.chmod(path, found & mode);
    }),

  writeAtomic: (path, data, mode, durable = true) => told(path, () => writeAtomic(path, data, mode, durable)),

  replaceIf: (path, expected, data) => told(path, () => replaced(path, expected, data)),

  writeInPlace: (path, data) =>
    told(path, async () => {
      const handle = await fs.open(path, 'r+');
      try {
        let written = 0;
        while (written < data.byteLength)
          written += (await handle.write(data, written, data.byteLength - written, written)).bytesWritten;
        // Cut after writing: a reader in between sees old bytes at the end, never an empty file.
        await handle.truncate(data.byteLength);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }),

  append: (path, data, mode) =>
    told(path, async () => {
      const handle = await fs.open(path, 'a', mode);
      try {
        await handle.writeFile(data);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }),

  remove: (path) => told(path, () => fs.unlink(path)),
  rename: (from, to) => told(from, () => fs.rename(from, to)),
  withLock: (path, waitMs, run) => withLockFile(path, waitMs, run),
  watch: (path, changed) => watchFile(path, changed),
};

const tooLarge = (path: string, size: number, limit: number): FileError =>
  new FileError('tooLarge', path, `${path} has ${String(size)} bytes; at most ${String(limit)} are read.`);

async function writeAtomic(path: string, data: Uint8Array, mode: number, durable: boolean): Promise<void> {
  const target = await fs.realpath(path).catch(() => path);
  const existing = await fs.stat(target).catch(() => undefined);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await fs.open(temporary, 'wx', 0o600);
  try {
    try {
      await handle.writeFile(data);
      // Set on the open file: the mode given to open() is cut by the umask.
      await handle.chmod((existing?.mode ?? mode) & 0o7777);
      if (existing) await handle.chown(existing.uid, existing.gid).catch(() => undefined);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, target);
  } catch (error) {
    await fs.unlink(temporary).catch(() => undefined);
    throw error;
  }
  if (durable) await syncFolder(dirname(target));
}

async function replaced(path: string, expected: Uint8Array, data: Uint8Array): ReturnType<typeof replaceIf> {
  const result = await replaceIf(path, expected, data);
  if (result !== 'changed') await syncFolder(dirname(await fs.realpath(path)));
  return result;
}

/** Makes the rename itself durable where the system can. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, 'r').catch(() => undefined);
  if (!handle) return;
  try {
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}
