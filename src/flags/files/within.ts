import type { Files, Paths } from '../../platform/files';

/** True when a path, every link in it followed, is inside one of the folders. False when it cannot be told. */
export async function isWithin(
  path: string,
  folders: readonly string[],
  { files, paths }: { readonly files: Files; readonly paths: Paths },
): Promise<boolean> {
  const real = async (at: string): Promise<string | null> => files.realpath(at).catch(() => null);
  const target = await real(path);
  if (target === null) return false;
  for (const folder of folders) {
    const root = await real(folder);
    if (root !== null && paths.isInside(root, target)) return true;
  }
  return false;
}
