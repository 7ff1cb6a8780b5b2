import { hostname } from 'node:os';
import { randomBytes } from 'node:crypto';
import { link, open, readFile, stat, unlink, utimes } from 'node:fs/promises';
import { FileError } from '../files';

/** A holder touches its lock this often, so that a lock not touched for {@link ABANDONED_MS} has no holder. */
const TOUCH_MS = 5_000;
const ABANDONED_MS = 30_000;
const RETRY_MS = 25;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/**
 * Runs `run` while holding `<path>.lock`, created exclusively, holding pid, machine and time. A lock whose process
 * is gone (same machine) or that was not touched for 30 s is taken over; only one may take over at a time
 * (`<path>.lock.take`, also exclusive), so two waiters cannot both remove it and one the other's new lock.
 * Rejects with FileError `locked` when it cannot be had in `waitMs`.
 */
export async function withLockFile<T>(path: string, waitMs: number, run: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), at: new Date().toISOString(), id: Math.random() });
  const until = Date.now() + waitMs;
  while (!(await create(lock, mine))) {
    if ((await isAbandoned(lock)) && (await takeOver(lock))) continue;
    if (Date.now() >= until) throw await lockedError(path, lock);
    await pause(RETRY_MS);
  }
  const touching = setInterval(() => {
    const now = new Date();
    // Losing the lock file itself is found out by the release; a failed touch alone changes nothing.
    void utimes(lock, now, now).catch(() => undefined);
  }, TOUCH_MS);
  touching.unref();
  try {
    return await run();
  } finally {
    clearInterval(touching);
    if ((await content(lock)) === mine) await unlink(lock).catch(() => undefined);
  }
}

/**
 * The lock appears with its holder in it, by a link: one killed between creating and filling it would leave a lock
 * that names nobody, and holds everybody up until it is too old.
 */
async function create(lock: string, text: string): Promise<boolean> {
  const filled = `${lock}.${randomBytes(6).toString('hex')}`;
  try {
    // Most waiting ends here, without a file made for nothing.
    if ((await content(lock)) !== undefined) return false;
    await fill(filled, text);
    try {
      await link(filled, lock);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      // A file system without hard links.
      await fill(lock, text);
    } finally {
      await unlink(filled).catch(() => undefined);
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // Windows answers so while another process is deleting the file.
    if (process.platform === 'win32' && ['EPERM', 'EBUSY'].includes(codeOf(error))) return false;
    throw new FileError('denied', lock, `Cannot create the lock file ${lock}: ${String(error)}`, { cause: error });
  }
}

async function fill(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}

async function content(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

async function isAbandoned(lock: string): Promise<boolean> {
  const age = await stat(lock).then(
    (found) => Date.now() - found.mtimeMs,
    () => undefined,
  );
  if (age === undefined) return false;
  if (age > ABANDONED_MS) return true;
  const holder = holderOf(await content(lock));
  return holder?.host === hostname() && !isAlive(holder.pid);
}

function holderOf(text: string | undefined): { pid: number; host: string } | undefined {
  try {
    const value = JSON.parse(text ?? '') as unknown;
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('host' in value)) return undefined;
    const { pid, host } = value;
    return typeof pid === 'number' && Number.isInteger(pid) && pid > 0 && typeof host === 'string'
      ? { pid, host }
      : undefined;
  } catch {
    // Half-written: its holder is between creating and filling it.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** False while another takes it over, or died of it less than 30 s ago. */
async function takeOver(lock: string): Promise<boolean> {
  const guard = `${lock}.take`;
  if (!(await create(guard, String(process.pid)))) {
    const age = await stat(guard).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_MS) await unlink(guard).catch(() => undefined);
    return age > ABANDONED_MS;
  }
  try {
    // Looked at again under the guard: another may have taken it over and hold it by now.
    if (await isAbandoned(lock)) await unlink(lock).catch(() => undefined);
    return true;
  } finally {
    await unlink(guard).catch(() => undefined);
  }
}

async function lockedError(path: string, lock: string): Promise<FileError> {
  const holder = holderOf(await content(lock));
  const who = holder ? `process ${String(holder.pid)} on ${holder.host}` : 'another process';
  return new FileError(
    'locked',
    path,
    `${path} is being changed by ${who}. Try again, or remove ${lock} if it is gone.`,
  );
}
