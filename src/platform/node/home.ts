import { chmod, lstat, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** What decides where the per-user folder is. */
export interface HomeSurroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
}

/**
 * The folder that all windows and the command line of one user share: `SIGHTGLASS_HOME`, else
 * `$XDG_STATE_HOME/sightglass` (default `~/.local/state`; a relative value is ignored, as its specification asks),
 * `~/Library/Application Support/Sightglass`, or `%LOCALAPPDATA%\Sightglass`.
 * Throws RangeError when `SIGHTGLASS_HOME` is not absolute: two processes could mean two folders by it.
 */
export function homeFolder({ platform, env, homedir: home }: HomeSurroundings): string {
  const path = platform === 'win32' ? win32 : posix;
  const own = env.SIGHTGLASS_HOME;
  if (own !== undefined && own !== '') {
    if (!path.isAbsolute(own)) throw new RangeError(`SIGHTGLASS_HOME has to be an absolute path, not "${own}".`);
    return path.normalize(own);
  }
  switch (platform) {
    case 'win32': {
      const local = env.LOCALAPPDATA;
      return path.join(
        local !== undefined && path.isAbsolute(local) ? local : path.join(home, 'AppData', 'Local'),
        'Sightglass',
      );
    }
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', 'Sightglass');
    default: {
      const state = env.XDG_STATE_HOME;
      return path.join(
        state !== undefined && path.isAbsolute(state) ? state : path.join(home, '.local', 'state'),
        'sightglass',
      );
    }
  }
}

/**
 * Makes the folder, for its owner only, and returns its path. Rejects when it is not the user's own folder: a journal
 * and a token that others can write or read are worse than none.
 */
export async function makeHome(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder of its own. Remove it, or set SIGHTGLASS_HOME.`);
  if (process.getuid === undefined) return folder;
  if (found.uid !== process.getuid()) {
    throw new Error(`${folder} belongs to another user. Set SIGHTGLASS_HOME to a folder of your own.`);
  }
  if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700);
  return folder;
}

/** {@link homeFolder} of this process, made. */
export function userHome(): Promise<string> {
  return makeHome(homeFolder({ platform: process.platform, env: process.env, homedir: homedir() }));
}
