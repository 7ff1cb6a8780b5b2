import { randomBytes } from 'node:crypto';
import { watch } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The folder's events are waited for this long at most; without them nobody can say what was overwritten. */
const EVENTS_MS = 250;

/**
 * Replaces a file by rename if its bytes are still `expected`, and says whether another program got in between that look
 * and the rename, which no rename can prevent:
 * `changed`: it was not as expected, nothing was written; `replaced`; `overwrote`: another program's write went under.
 *
 * On Linux a folder's events come in the order things happened. A file of ours is made just before the look; what
 * happens to the target between that event and our rename's was not seen by the look, since the look found what was
 * expected. Besides, the file that was replaced is looked at once more through the handle it was read by: a program that
 * writes in place writes there. On macOS only that second look is made. Windows renames nothing onto a file that is open:
 * there an overwrite is not found out.
 */
export async function replaceIf(
  path: string,
  expected: Uint8Array,
  data: Uint8Array,
): Promise<'changed' | 'replaced' | 'overwrote'> {
  const target = await fs.realpath(path);
  const folder = dirname(target);
  const ours = `.${basename(target)}.${randomBytes(6).toString('hex')}`;
  const temporary = join(folder, `${ours}.tmp`);
  const fence = join(folder, `${ours}.now`);
  const events = process.platform === 'linux' ? FolderEvents.of(folder) : null;
  let moved = false;
  try {
    await writeWhole(temporary, data, await fs.stat(target));
    await fs.writeFile(fence, '', { flag: 'wx', mode: 0o600 });
    const seen = await fs.open(target, 'r');
    try {
      if (!same(await contentOf(seen), expected)) return 'changed';
      if (process.platform === 'win32') {
        await seen.close();
        await fs.rename(temporary, target);
        moved = true;
        return 'replaced';
      }
      await fs.rename(temporary, target);
      moved = true;
      const between = await events?.between(basename(fence), basename(target), basename(temporary));
      return between === true || !same(await contentOf(seen), expected) ? 'overwrote' : 'replaced';
    } finally {
      await seen.close();
    }
  } finally {
    events?.close();
    const left = moved ? [fence] : [fence, temporary];
    await Promise.all(left.map((file) => fs.unlink(file).catch(() => undefined)));
  }
}

class FolderEvents {
  readonly #names: string[] = [];
  readonly #watcher;
  #look = (): void => undefined;

  private constructor(folder: string) {
    this.#watcher = watch(folder, { persistent: false }, (_event, name) => {
      this.#names.push(name ?? '');
      this.#look();
    });
    this.#watcher.on('error', () => this.#watcher.close());
  }

  /** Null where no more folders can be watched (ENOSPC): only the second look is left then. */
  static of(folder: string): FolderEvents | null {
    try {
      return new FolderEvents(folder);
    } catch {
      return null;
    }
  }

  /**
   * True when something happened to `target` after `fence` appeared and before `moved` was renamed to it. A rename has two
   * events, the old name's and the new one's; nothing of the folder stands between them.
   */
  async between(fence: string, target: string, moved: string): Promise<boolean> {
    // The temporary file's name comes last with its rename, the target's right behind it.
    const all = (): boolean => this.#names[this.#names.lastIndexOf(moved) + 1] === target;
    if (!all())
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, EVENTS_MS);
        this.#look = () => {
          if (!all()) return;
          clearTimeout(timer);
          resolve();
        };
      });
    const from = this.#names.indexOf(fence);
    const to = this.#names.lastIndexOf(moved);
    return from >= 0 && this.#names.slice(from, to).includes(target);
  }

  close(): void {
    this.#watcher.close();
  }
}

async function writeWhole(
  path: string,
  data: Uint8Array,
  like: { readonly mode: number; readonly uid: number; readonly gid: number },
): Promise<void> {
  const handle = await fs.open(path, 'wx', 0o600);
  try {
    await handle.writeFile(data);
    // Set on the open file: the mode given to open() is cut by the umask.
    await handle.chmod(like.mode & 0o7777);
    await handle.chown(like.uid, like.gid).catch(() => undefined);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** From the start, wherever the handle stands. */
async function contentOf(handle: fs.FileHandle): Promise<Uint8Array> {
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(size + 1);
  let filled = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.byteLength - filled, filled);
    filled += bytesRead;
    if (bytesRead === 0 || filled === buffer.byteLength) return buffer.subarray(0, filled);
  }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
