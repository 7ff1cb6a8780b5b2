import { delimiter, isAbsolute, join } from 'node:path';
import { GitError } from './gitProcess';
import { usableExecutables } from './usableExecutables';

/** Rejects with {@link GitError} where there is none. */
export async function gitOnPath(): Promise<string> {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  const places = (process.env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const [git] = await usableExecutables(places.map((folder) => join(folder, name)));
  if (git === undefined) throw new GitError('git is not on PATH. Install it, or add its folder.', 'missing');
  return git;
}
