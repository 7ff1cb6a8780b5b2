import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileError, type Files, type FileStat } from '../files';
import { withLockFile } from './lockFile';
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
const READ_WITHOUT_WAITING = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

function fileError(path: string, error: unknown): FileError {
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

/** Files of this machine. Symlinks are followed by reads and writes alike. */
export const nodeFiles: Files = {
  stat: (path) =>
    told(path, async () => {
      const found: Stats | undefined = await fs.stat(path).catch((error: unknown) => {
        if (fileError(path, error).code === 'notFound') return undefined;
        throw error;
      });
      return found && { kind: kindOf(found), size: found.size, modified: found.mtimeMs, mode: found.mode & 0o7777 };
    }),

  read: (path, maxBytes) =>
    told(path, async () => {
      const handle = await fs.open(path, READ_WITHOUT_WAITING);
      try {
        const found = await handle.stat();
        if (!found.isFile()) throw new FileError('notAFile', path, `${path} is not a file.`);
        if (found.size > maxBytes) throw tooLarge(path, found.size, maxBytes);
        const data = await handle.readFile();
        if (data.byteLength > maxBytes) throw tooLarge(path, data.byteLength, maxBytes);
        return data;
      } finally {
        await handle.close();
      }
    }),

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

  writeAtomic: (path, data, mode) => told(path, () => writeAtomic(path, data, mode)),

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

async function writeAtomic(path: string, data: Uint8Array, mode: number): Promise<void> {
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
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, target);
  } catch (error) {
    await fs.unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
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
