import { realpathSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { disposable, type Disposable } from '../disposable';

/** Events of one save in place arrive in a burst; they are told as one. */
const COALESCE_MS = 40;
/** File systems that send no events (network shares, some bind mounts) are looked at this often. */
const LOOK_MS = 2_000;

/**
 * Tells when the file at `path` changed, appeared, went or was replaced. Watches the folders of the path and of what
 * it links to (a rename replaces the inode, so the file itself cannot be watched) and looks at the file besides.
 */
export function watchFile(path: string, changed: () => void): Disposable {
  let watchers: { readonly folder: string; readonly watcher: FSWatcher }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let seen = fingerprint(path);
  let disposed = false;

  const tellNow = (): void => {
    clearTimeout(timer);
    timer = undefined;
    seen = fingerprint(path);
    arm();
    if (!disposed) changed();
  };
  const tell = (): void => {
    if (disposed) return;
    if (cameWhole(path, seen)) tellNow();
    else timer ??= setTimeout(tellNow, COALESCE_MS);
  };
  const look = (): void => {
    if (fingerprint(path) !== seen) tell();
  };
  const arm = (): void => {
    const wanted = foldersOf(path);
    if (watchers.length === wanted.size && watchers.every(({ folder }) => wanted.has(folder))) return;
    for (const { watcher } of watchers) watcher.close();
    watchers = [];
    for (const [folder, names] of wanted) {
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          // Kubernetes swaps a `..data` link beside the file; a name may also be missing.
          if (name === null || names.has(name) || name.startsWith('..')) tell();
        });
        watcher.on('error', () => watcher.close());
        watchers.push({ folder, watcher });
      } catch {
        // No folder to watch (yet): looking at the file finds it when it comes.
      }
    }
  };
  arm();
  const looking = setInterval(look, LOOK_MS);
  looking.unref();
  return disposable(() => {
    disposed = true;
    clearInterval(looking);
    clearTimeout(timer);
    for (const { watcher } of watchers) watcher.close();
    watchers = [];
  });
}

function foldersOf(path: string): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  const add = (file: string): void => {
    const names = folders.get(dirname(file)) ?? new Set<string>();
    folders.set(dirname(file), names.add(basename(file)));
  };
  add(path);
  try {
    add(realpathSync(path));
  } catch {
    // Not there yet.
  }
  return folders;
}

/**
 * Another file than the one seen, that was given its name after its last byte: a rename put it there, and there is nothing
 * to wait for. A file that is being written has both times alike.
 */
function cameWhole(path: string, seen: string): boolean {
  try {
    const { ctimeMs, mtimeMs, ino } = statSync(path);
    return ctimeMs > mtimeMs && !seen.endsWith(`:${String(ino)}`);
  } catch {
    return false;
  }
}

function fingerprint(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${String(mtimeMs)}:${String(size)}:${String(ino)}`;
  } catch {
    return 'absent';
  }
}
